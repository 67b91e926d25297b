// Runs the blocks of a grid: one after another, or all at once where the launch is cooperative.
#include "grid.h"
#include "faults.h"
#include "module.h"
#include "report.h"
#include "shadow.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <sys/mman.h>

namespace emulator
{

void run_block(Block& block);

namespace
{

constexpr unsigned dynamic_limit = 227 << 10;
// Sleeps without a thread ending or a barrier opening after which the kernel counts as hung.
constexpr unsigned long long sleeps_until_live_lock = 5000000;

std::vector<std::unique_ptr<Block>> pool;
std::vector<unsigned> block_order;
unsigned block_runs;

// The end of the buffer touches a page that cannot be accessed.
char* dynamic_end()
{
    static char* end = nullptr;
    if (!end)
    {
        size_t bytes = (dynamic_limit + 4095) / 4096 * 4096;
        auto base = (char*)mmap(nullptr, bytes + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (base == MAP_FAILED || mprotect(base + bytes, 4096, PROT_NONE) != 0)
            abort();
        end = base + bytes;
    }
    return end;
}

char* dynamic_start()
{
    return dynamic_end() - (grid.launch.dynamic_bytes + 15) / 16 * 16;
}

void poison_shared()
{
    for (const Range& range : grid.launch.module->shared)
        memset(range.address, 0xff, range.size);
    if (grid.launch.dynamic_bytes)
        memset(dynamic_start(), 0xff, (size_t)(dynamic_end() - dynamic_start()));
}

void shuffle(std::vector<unsigned>& order, unsigned count)
{
    order.resize(count);
    for (unsigned i = 0; i < count; i++)
        order[i] = i;
    for (unsigned i = count; i > 1; i--)
        std::swap(order[i - 1], order[grid.rng.below(i)]);
}

void begin_block(Block& block, unsigned number)
{
    const EmuIndex& size = grid.launch.block;
    const EmuIndex& count = grid.launch.grid;
    unsigned threads = size.x * size.y * size.z, warps = (threads + 31) / 32;
    block.number = number;
    block.index = {number % count.x, number / count.x % count.y, number / count.x / count.y};
    block.threads_count = block.alive = threads;
    block.next_fresh = block.waiting = block.grid_waiting = 0;
    block.returned_early = false;
    block.ring_head = block.ring_count = 0;
    if (block.threads.size() < threads)
        block.threads.resize(threads);
    unsigned ring = 32;
    while (ring < threads)
        ring *= 2;
    block.ring.resize(ring);
    block.warps.resize(warps);
    for (unsigned w = 0; w < warps; w++)
    {
        unsigned lanes = std::min(32u, threads - w * 32);
        block.warps[w].members = lanes == 32 ? 0xffffffffu : (1u << lanes) - 1;
        block.warps[w].exited = 0;
        block.warps[w].groups = 0;
    }
    block.sleepers.clear();
    block.barrier_waiters.clear();
    block.grid_waiters.clear();
    if (grid.random)
        shuffle(block.order, threads);
    if (!grid.check)
        return;
    block.barrier_epoch = 0;
    block.run = ++block_runs;
    block.clocks.assign((size_t)warps * 32 * 32, 0);
    for (size_t w = 0; w < warps; w++)
        for (size_t lane = 0; lane < 32; lane++)
            block.clocks[(w * 32 + lane) * 32 + lane] = 1;
    block.shared_shadow.resize((grid.launch.module->shared_bytes + 3) / 4 + 1);
    block.dynamic_shadow.resize(grid.launch.dynamic_bytes / 4 + 1);
}

// Shared memory lives at one address for all blocks; its contents change with the block that runs.
void exchange_shared(Block& block, bool save)
{
    const Module& module = *grid.launch.module;
    size_t dynamic = (size_t)(dynamic_end() - dynamic_start());
    block.saved_shared.resize(module.shared_bytes);
    block.saved_dynamic.resize(dynamic);
    size_t at = 0;
    for (const Range& range : module.shared)
    {
        if (save)
            memcpy(block.saved_shared.data() + at, range.address, range.size);
        else
            memcpy(range.address, block.saved_shared.data() + at, range.size);
        at += range.size;
    }
    if (save)
        memcpy(block.saved_dynamic.data(), dynamic_start(), dynamic);
    else
        memcpy(dynamic_start(), block.saved_dynamic.data(), dynamic);
}

void finish_with(int error, const char* kind, const std::string& text)
{
    if (first_time(grid.launch.kernel->name + text))
        report(kind, grid.launch.kernel->name, text);
    grid.error = error;
}

bool wake_sleepers(unsigned count)
{
    bool any = false;
    for (unsigned b = 0; b < count; b++)
    {
        Block& block = *pool[b];
        for (Thread* thread : block.sleepers)
            make_ready(thread);
        grid.sleeps += block.sleepers.size();
        any |= !block.sleepers.empty();
        block.sleepers.clear();
    }
    return any;
}

// The first `count` blocks of the pool are resident together and run until all have ended.
void run_resident(unsigned count)
{
    Block* loaded = count == 1 ? pool[0].get() : nullptr;
    unsigned at = 0;
    while (!grid.error)
    {
        Block* next = nullptr;
        unsigned start = grid.random ? grid.rng.below(count) : at;
        for (unsigned i = 0; i < count && !next; i++)
        {
            at = (start + i) % count;
            Block& block = *pool[at];
            if (block.ring_count || block.next_fresh < block.threads_count)
                next = &block;
        }
        if (next)
        {
            if (next != loaded)
            {
                if (loaded)
                    exchange_shared(*loaded, true);
                exchange_shared(*next, false);
                loaded = next;
            }
            run_block(*next);
        }
        else if (grid.grid_alive == 0)
            return;
        else if (grid.grid_arrived == grid.grid_alive)
            release_grid_barrier();
        else if (!wake_sleepers(count))
            finish_with(719, "dead-lock", describe_waiters(count));
        else if (grid.sleeps > sleeps_until_live_lock)
            finish_with(719, "live-lock", "threads sleep and wake but nothing changes" + describe_waiters(count));
    }
}

void begin_grid(const GridLaunch& launch)
{
    const EmuModule& info = *launch.module->info;
    grid.launch = launch;
    grid.call = launch.kernel->call;
    grid.arguments = launch.arguments;
    grid.current_view = info.current;
    grid.error = grid.finding = 0;
    grid.sleeps = 0;
    grid.grid_arrived = 0;
    grid.random = launch.seed != 0;
    grid.check = info.checked != 0;
    if (grid.random)
        grid.rng.reseed(launch.seed);
    info.dimensions->block = launch.block;
    info.dimensions->grid = launch.grid;
    *info.api = &kernel_api;
    *info.preempt = grid.random && !grid.check;
    *info.dynamic_shared = dynamic_start();
    if (grid.check)
        new_epoch();
}

} // namespace

Block& resident_block(unsigned number)
{
    return *pool[number];
}

char* dynamic_shared_start()
{
    return dynamic_start();
}

int run_grid(const GridLaunch& launch)
{
    prepare_for_faults();
    begin_grid(launch);
    unsigned blocks = launch.grid.x * launch.grid.y * launch.grid.z, threads = launch.block.x * launch.block.y * launch.block.z;
    unsigned resident = launch.cooperative ? blocks : 1;
    while (pool.size() < resident)
        pool.push_back(std::make_unique<Block>());
    if (grid.random)
        shuffle(block_order, blocks);
    grid.running = true;
    for (unsigned first = 0; first < blocks && !grid.error; first += resident)
    {
        grid.resident = resident;
        grid.grid_alive = resident * threads;
        for (unsigned i = 0; i < resident; i++)
        {
            begin_block(*pool[i], grid.random ? block_order[first + i] : first + i);
            if (resident == 1 || i == 0)
                poison_shared();
            if (resident > 1)
                exchange_shared(*pool[i], true);
        }
        run_resident(resident);
    }
    grid.running = false;
    if (grid.error)
        forget_all_fibers();
    return grid.error ? grid.error : settings.fatal ? grid.finding : 0;
}

} // namespace emulator
