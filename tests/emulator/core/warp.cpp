// Warp primitives and barriers. Lanes are independent between primitives, as on real devices since compute capability 7.
#include "grid.h"
#include "report.h"
#include "shadow.h"

#include <algorithm>

namespace emulator
{

namespace
{

const char* const operation_names[] = {"__syncwarp", "ballot", "shuffle", "__match_any_sync", "__match_all_sync", "__reduce_add_sync", "__reduce_min_sync",
    "__reduce_max_sync", "__reduce_min_sync", "__reduce_max_sync", "__reduce_and_sync", "__reduce_or_sync", "__reduce_xor_sync"};

unsigned combine(int operation, unsigned a, unsigned b)
{
    switch (operation)
    {
    case EMU_ADD: return a + b;
    case EMU_MIN_SIGNED: return (unsigned)std::min((int)a, (int)b);
    case EMU_MAX_SIGNED: return (unsigned)std::max((int)a, (int)b);
    case EMU_MIN_UNSIGNED: return std::min(a, b);
    case EMU_MAX_UNSIGNED: return std::max(a, b);
    case EMU_AND: return a & b;
    case EMU_OR: return a | b;
    default: return a ^ b;
    }
}

std::string hexadecimal(unsigned value)
{
    char text[16];
    snprintf(text, sizeof text, "0x%08x", value);
    return text;
}

void exchange(Thread* lanes, unsigned need)
{
    for (unsigned rest = need; rest; rest &= rest - 1)
    {
        Thread& lane = lanes[__builtin_ctz(rest)];
        if (!(need >> lane.source & 1))
            abort_launch(719, "bad shuffle", "lane " + std::to_string(__builtin_ctz(rest)) + " reads lane " + std::to_string(lane.source)
                + ", which takes no part, at line " + std::to_string(lane.line), "bad shuffle " + std::to_string(lane.line));
        lane.result = lanes[lane.source].value;
    }
}

void match(Thread* lanes, unsigned need, bool all)
{
    unsigned everyone = need;
    for (unsigned rest = need; rest; rest &= rest - 1)
    {
        Thread& lane = lanes[__builtin_ctz(rest)];
        unsigned same = 0;
        for (unsigned other = need; other; other &= other - 1)
            if (lanes[__builtin_ctz(other)].value == lane.value)
                same |= other & -other;
        lane.result = same;
        if (same != need)
            everyone = 0;
    }
    if (all)
        for (unsigned rest = need; rest; rest &= rest - 1)
            lanes[__builtin_ctz(rest)].result = everyone;
}

// Vector clocks of the lanes: what a lane did before the primitive is ordered before what the others do after it.
void join_clocks(Block& block, unsigned first, unsigned need)
{
    unsigned* clocks = block.clocks.data() + (size_t)first * 32;
    unsigned joined[32] = {};
    for (unsigned rest = need; rest; rest &= rest - 1)
        for (int i = 0; i < 32; i++)
            joined[i] = std::max(joined[i], clocks[__builtin_ctz(rest) * 32 + i]);
    for (unsigned rest = need; rest; rest &= rest - 1)
    {
        int lane = __builtin_ctz(rest);
        std::copy(joined, joined + 32, clocks + lane * 32);
        clocks[lane * 32 + lane]++;
    }
}

void complete(Block& block, unsigned first, int operation, unsigned need)
{
    Thread* lanes = block.threads.data() + first;
    if (operation == EMU_EXCHANGE)
        exchange(lanes, need);
    else if (operation == EMU_MATCH_ANY || operation == EMU_MATCH_ALL)
        match(lanes, need, operation == EMU_MATCH_ALL);
    else if (operation != EMU_SYNC)
    {
        unsigned total = 0;
        bool begun = false;
        for (unsigned rest = need; rest; rest &= rest - 1)
        {
            unsigned value = (unsigned)lanes[__builtin_ctz(rest)].value;
            if (operation == EMU_BALLOT)
                total |= value ? rest & -rest : 0;
            else
                total = begun ? combine(operation, total, value) : value;
            begun = true;
        }
        for (unsigned rest = need; rest; rest &= rest - 1)
            lanes[__builtin_ctz(rest)].result = total;
    }
    if (grid.check)
        join_clocks(block, first, need);
}

void wake(Block& block, unsigned first, unsigned lanes)
{
    for (; lanes; lanes &= lanes - 1)
        make_ready(&block.threads[first + __builtin_ctz(lanes)]);
}

} // namespace

unsigned long long warp_primitive(int operation, unsigned mask, unsigned long long value, int source, int line)
{
    Thread* me = grid.current;
    Block& block = *me->block;
    Warp& warp = block.warps[me->number >> 5];
    unsigned bit = 1u << (me->number & 31), first = me->number & ~31u;
    if (!(mask & bit))
        abort_launch(719, "bad mask", std::string(operation_names[operation]) + " at line " + std::to_string(line) + ": lane " + std::to_string(me->number & 31)
            + " is not in its own mask " + hexadecimal(mask), "bad mask " + std::to_string(line));
    me->operation = operation;
    me->mask = mask;
    me->value = value;
    me->source = source;
    me->line = line;
    int g = 0;
    while (g < warp.groups && (warp.group[g].operation != operation || warp.group[g].mask != mask))
        g++;
    if (g == warp.groups)
        warp.group[warp.groups++] = {operation, mask, 0};
    Group& group = warp.group[g];
    group.arrived |= bit;
    unsigned need = mask & warp.members & ~warp.exited;
    if ((group.arrived & need) != need)
    {
        me->state = State::in_warp;
        wait_here(me);
        return me->result;
    }
    warp.group[g] = warp.group[--warp.groups];
    complete(block, first, operation, need);
    wake(block, first, need & ~bit);
    if (grid.random)
        yield_here();
    return me->result;
}

// A lane has ended: groups that waited only for it are complete.
void warp_exit(Thread* me)
{
    Block& block = *me->block;
    Warp& warp = block.warps[me->number >> 5];
    unsigned first = me->number & ~31u;
    for (int g = 0; g < warp.groups;)
    {
        Group group = warp.group[g];
        unsigned need = group.mask & warp.members & ~warp.exited;
        if ((group.arrived & need) != need)
        {
            g++;
            continue;
        }
        warp.group[g] = warp.group[--warp.groups];
        complete(block, first, group.operation, need);
        wake(block, first, need);
    }
}

int block_barrier(int kind, int value, int line)
{
    Thread* me = grid.current;
    Block& block = *me->block;
    if (block.returned_early)
        abort_launch(719, "divergent barrier", "a thread returned before the barrier of line " + std::to_string(line), "returned before " + std::to_string(line));
    if (block.waiting && (block.barrier_line != line || block.barrier_kind != kind))
        abort_launch(719, "divergent barrier", "threads of one block wait at different barriers, lines " + std::to_string(block.barrier_line) + " and " + std::to_string(line),
            "different barriers " + std::to_string(std::min(line, block.barrier_line)) + " " + std::to_string(std::max(line, block.barrier_line)));
    if (!block.waiting)
    {
        block.barrier_line = line;
        block.barrier_kind = kind;
        block.barrier_sum = 0;
    }
    block.barrier_sum += value;
    me->line = line;
    if (++block.waiting < block.alive)
    {
        me->state = State::at_barrier;
        block.barrier_waiters.push_back(me);
        wait_here(me);
        return block.barrier_result;
    }
    int sum = block.barrier_sum;
    block.barrier_result = kind == EMU_BARRIER_AND ? sum == (int)block.threads_count : kind == EMU_BARRIER_OR ? sum != 0 : sum;
    block.waiting = 0;
    block.barrier_epoch++;
    grid.sleeps = 0;
    for (Thread* thread : block.barrier_waiters)
        make_ready(thread);
    block.barrier_waiters.clear();
    int result = block.barrier_result;
    if (grid.random)
        yield_here();
    return result;
}

void grid_barrier(int line)
{
    Thread* me = grid.current;
    if (!grid.launch.cooperative)
        abort_launch(719, "grid barrier", "a grid barrier in a launch that is not cooperative, line " + std::to_string(line), "not cooperative " + std::to_string(line));
    if (grid.grid_arrived && grid.grid_line != line)
        abort_launch(719, "divergent barrier", "threads wait at different grid barriers, lines " + std::to_string(grid.grid_line) + " and " + std::to_string(line),
            "different grid barriers");
    if (grid.grid_alive < grid.resident * me->block->threads_count)
        abort_launch(719, "divergent barrier", "a thread returned before the grid barrier of line " + std::to_string(line), "returned before grid " + std::to_string(line));
    grid.grid_line = me->line = line;
    grid.grid_arrived++;
    me->state = State::at_grid_barrier;
    me->block->grid_waiters.push_back(me);
    wait_here(me);
}

void release_grid_barrier()
{
    grid.grid_arrived = 0;
    grid.sleeps = 0;
    for (unsigned b = 0; b < grid.resident; b++)
    {
        Block& block = resident_block(b);
        for (Thread* thread : block.grid_waiters)
            make_ready(thread);
        block.grid_waiters.clear();
        block.barrier_epoch++;
    }
    if (grid.check)
        new_epoch();
}

// Up to six of those that wait, for the text of a dead-lock.
std::string describe_waiters(unsigned count)
{
    std::string text;
    int told = 0;
    for (unsigned b = 0; b < count; b++)
    {
        Block& block = resident_block(b);
        for (unsigned t = 0; t < block.next_fresh && told < 6; t++)
        {
            const Thread& thread = block.threads[grid.random ? block.order[t] : t];
            std::string what = thread.state == State::at_barrier ? "__syncthreads" : thread.state == State::at_grid_barrier ? "the grid barrier"
                : thread.state == State::in_warp ? operation_names[thread.operation] + std::string(" mask ") + hexadecimal(thread.mask) : "";
            if (what.empty())
                continue;
            text += (told++ ? "; block " : ": block ") + std::to_string(block.number) + " thread " + std::to_string(thread.number) + " waits in " + what + ", line " + std::to_string(thread.line);
        }
    }
    return text;
}

} // namespace emulator
