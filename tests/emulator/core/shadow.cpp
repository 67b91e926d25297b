// Check mode: races, addresses outside of every allocation, shared memory read before it was written.
// Two accesses conflict unless the same thread made both, both are atomic, a barrier of their block or a primitive of
// their warp lies between them. Different blocks always conflict within a launch; a grid barrier starts a new epoch.
#include "shadow.h"
#include "fibers.h"
#include "grid.h"
#include "memory.h"
#include "module.h"
#include "report.h"

#include <algorithm>

namespace emulator
{

namespace
{

unsigned epoch;

enum class Space
{
    global,
    shared
};

std::string where(const void* pc)
{
    return source_of(*grid.launch.module, (const char*)pc - 1);
}

std::string key_of(const char* kind, const void* pc)
{
    return std::string(kind) + " " + grid.launch.kernel->name + " " + std::to_string((const char*)pc - grid.launch.module->image.address);
}

std::string me_text()
{
    const Thread& me = *grid.current;
    return "block " + std::to_string(me.block->number) + " thread " + std::to_string(me.number);
}

bool ordered(const AccessRecord& old, const Thread& me)
{
    const Block& block = *me.block;
    if (old.block != block.number)
        return false;
    if (old.thread == me.number || old.barrier != (unsigned short)block.barrier_epoch)
        return true;
    if (old.thread >> 5 != me.number >> 5)
        return false;
    return block.clocks[(size_t)me.number * 32 + (old.thread & 31)] >= old.clock;
}

bool conflicts(const AccessRecord& old, const Thread& me, unsigned bytes, bool atomic)
{
    return (old.bytes & bytes) && !(old.atomic && atomic) && !ordered(old, me);
}

void report_race(const AccessRecord& old, bool old_writes, bool writes, Space space, const void* pc)
{
    grid.finding = 719;
    if (!first_time(key_of("race", pc)))
        return;
    report("race", grid.launch.kernel->name, where(pc) + ": " + (writes ? "write" : "read") + " of " + (space == Space::shared ? "shared" : "global") + " memory by " + me_text()
        + " is not ordered after the " + (old_writes ? "write" : "read") + " by block " + std::to_string(old.block) + " thread " + std::to_string(old.thread));
}

void check_cell(ShadowCell& cell, unsigned stamp, unsigned bytes, int kind, Space space, const void* pc)
{
    const Thread& me = *grid.current;
    const bool writes = kind & EMU_WRITE, atomic = kind & (EMU_ATOMIC | EMU_VOLATILE);
    if (cell.stamp != stamp)
        cell = {stamp, 0, {}, {}, {}};
    if (conflicts(cell.write, me, bytes, atomic))
        report_race(cell.write, true, writes, space, pc);
    else if (writes && conflicts(cell.first_read, me, bytes, atomic))
        report_race(cell.first_read, false, writes, space, pc);
    else if (writes && conflicts(cell.last_read, me, bytes, atomic))
        report_race(cell.last_read, false, writes, space, pc);
    if (space == Space::shared && (!writes || (kind & EMU_ATOMIC)) && (cell.written & bytes) != bytes)
    {
        grid.finding = 719;
        if (first_time(key_of("uninitialised shared read", pc)))
            report("uninitialised shared read", grid.launch.kernel->name, where(pc) + ": " + me_text() + " reads shared memory that nothing has written");
    }
    AccessRecord record{me.block->number, me.block->clocks[(size_t)me.number * 32 + (me.number & 31)], (unsigned short)me.number,
        (unsigned short)me.block->barrier_epoch, (unsigned char)bytes, atomic};
    if (writes)
    {
        cell.write = record;
        cell.written |= (unsigned char)bytes;
        return;
    }
    if (!cell.first_read.bytes || ordered(cell.first_read, me))
        cell.first_read = record;
    cell.last_read = record;
}

void check_cells(ShadowCell* cells, size_t offset, size_t size, unsigned stamp, int kind, Space space, const void* pc)
{
    for (size_t at = offset; at < offset + size;)
    {
        size_t end = std::min((at / 4 + 1) * 4, offset + size);
        unsigned bytes = ((1u << (end - at)) - 1) << at % 4;
        check_cell(cells[at / 4], stamp, bytes, kind, space, pc);
        at = end;
    }
}

[[noreturn]] void out_of_bounds(const char* address, size_t size, int kind, const std::string& what, const void* pc, int error = 700)
{
    const char* name = error == 716 ? "misaligned address" : "out of bounds";
    char text[96];
    snprintf(text, sizeof text, ": %s of %zu bytes at %p by ", kind & EMU_WRITE ? "write" : "read", size, (const void*)address);
    abort_launch(error, name, where(pc) + text + me_text() + what, key_of(name, pc));
}

bool check_shared(const char* address, size_t size, int kind, const void* pc)
{
    Block& block = *grid.block;
    size_t before = 0;
    for (const Range& range : grid.launch.module->shared)
    {
        if (address >= range.address && address < range.address + range.size)
        {
            if (address + size > range.address + range.size)
                out_of_bounds(address, size, kind, ": past the end of shared memory", pc);
            check_cells(block.shared_shadow.data(), before + (size_t)(address - range.address), size, block.run, kind, Space::shared, pc);
            return true;
        }
        before += (range.size + 3) / 4 * 4;
    }
    const char* dynamic = dynamic_shared_start();
    if (address < dynamic || address >= dynamic + (grid.launch.dynamic_bytes + 15) / 16 * 16 + 4096)
        return false;
    if (address + size > dynamic + grid.launch.dynamic_bytes)
        out_of_bounds(address, size, kind, ": the launch has " + std::to_string(grid.launch.dynamic_bytes) + " bytes of dynamic shared memory", pc);
    check_cells(block.dynamic_shadow.data(), (size_t)(address - dynamic), size, block.run, kind, Space::shared, pc);
    return true;
}

bool check_module(const char* address, size_t size, int kind, const void* pc)
{
    Module& module = *grid.launch.module;
    if (address < module.image.address || address >= module.image.address + module.image.size)
        return false;
    const Range& data = module.writable;
    if (address < data.address || address + size > data.address + data.size)
        return !(kind & EMU_WRITE);
    if (module.shadow.empty())
        module.shadow.resize(data.size / 4 + 2);
    check_cells(module.shadow.data(), (size_t)(address - data.address), size, epoch, kind, Space::global, pc);
    return true;
}

} // namespace

void new_epoch()
{
    epoch++;
}

void check_access(const void* pointer, unsigned long size, int kind, const void* pc)
{
    auto address = (const char*)pointer;
    if (!grid.running || on_fiber_stack(address))
        return;
    if (grid.random && grid.rng.below(24) == 0)
        yield_here();
    if (!(kind & EMU_UNALIGNED) && (size_t)address % size != 0)
        out_of_bounds(address, size, kind, "", pc, 716);
    if (Allocation* allocation = find_allocation(address))
    {
        if (address < allocation->address || address + size > allocation->address + allocation->size)
            out_of_bounds(address, size, kind, ": outside of an allocation of " + std::to_string(allocation->size) + " bytes, at its byte "
                + std::to_string(address - allocation->address), pc);
        check_cells(shadow_of(allocation), (size_t)(address - allocation->address), size, epoch, kind, Space::global, pc);
        return;
    }
    if (check_shared(address, size, kind, pc) || check_module(address, size, kind, pc))
        return;
    out_of_bounds(address, size, kind, was_allocated(address) ? ": the memory was freed, or never allocated" : (size_t)address < 65536 ? ": a null pointer" : ": not device memory", pc);
}

} // namespace emulator
