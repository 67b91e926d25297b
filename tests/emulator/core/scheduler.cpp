// Who runs next. A fiber runs thread after thread until one of them has to wait; only waiting threads keep a stack.
// Fibers switch to each other directly; the launcher's stack is needed only when a block has nothing left to run.
#include "faults.h"
#include "grid.h"
#include "module.h"
#include "report.h"
#include "shadow.h"

#include <cstring>

namespace emulator
{

Grid grid;

void Block::push_ready(Thread* thread)
{
    ring[(ring_head + ring_count++) & (ring.size() - 1)] = thread;
}

Thread* Block::pop_ready()
{
    unsigned mask = (unsigned)ring.size() - 1;
    Thread* thread = ring[ring_head & mask];
    ring_head++;
    ring_count--;
    return thread;
}

void make_ready(Thread* thread)
{
    thread->state = State::ready;
    thread->block->push_ready(thread);
}

static Thread* first_run(Block& block)
{
    unsigned number = block.next_fresh++;
    if (grid.random)
        number = block.order[number];
    Thread* thread = &block.threads[number];
    const EmuIndex& size = grid.launch.block;
    thread->number = number;
    thread->block = &block;
    thread->state = State::fresh;
    thread->fiber = nullptr;
    thread->view.block = block.index;
    thread->view.lane = number & 31;
    if (size.y == 1 && size.z == 1)
        thread->view.thread = {number, 0, 0};
    else
        thread->view.thread = {number % size.x, number / size.x % size.y, number / size.x / size.y};
    return thread;
}

// The next thread of the running block, or null if none can run. FIFO prefers threads that have run before: few stacks.
static Thread* pick()
{
    Block& block = *grid.block;
    unsigned fresh = block.threads_count - block.next_fresh;
    if (!grid.random)
        return block.ring_count ? block.pop_ready() : fresh ? first_run(block) : nullptr;
    if (block.ring_count + fresh == 0)
        return nullptr;
    unsigned choice = grid.rng.below(block.ring_count + fresh);
    if (choice >= block.ring_count)
        return first_run(block);
    unsigned mask = (unsigned)block.ring.size() - 1;
    std::swap(block.ring[block.ring_head & mask], block.ring[(block.ring_head + choice) & mask]);
    return block.pop_ready();
}

static inline void set_current(Thread* thread)
{
    grid.current = thread;
    *grid.current_view = &thread->view;
}

static void end_thread(Thread* me)
{
    Block& block = *me->block;
    me->state = State::done;
    block.alive--;
    grid.sleeps = 0;
    grid.grid_alive--;
    block.returned_early = true;
    Warp& warp = block.warps[me->number >> 5];
    warp.exited |= 1u << (me->number & 31);
    if (warp.groups)
        warp_exit(me);
    if (block.waiting)
        abort_launch(719, "divergent barrier", "a thread returned while others wait at the barrier of line " + std::to_string(block.barrier_line),
            "returned while waiting " + std::to_string(block.barrier_line));
    if (grid.grid_arrived)
        abort_launch(719, "divergent barrier", "a thread returned while others wait at the grid barrier of line " + std::to_string(grid.grid_line),
            "returned while grid waits " + std::to_string(grid.grid_line));
}

static void fiber_main()
{
    for (;;)
    {
        Thread* me = grid.current;
        Fiber* fiber = me->fiber;
        me->state = State::running;
        grid.call(grid.arguments);
        end_thread(me);
        Thread* next = pick();
        if (next && next->state == State::fresh)
        {
            next->fiber = fiber;
            set_current(next);
            continue;
        }
        put_fiber(fiber);
        if (next)
        {
            set_current(next);
            next->state = State::running;
        }
        emu_switch(&fiber->saved, next ? next->fiber->saved : grid.launcher);
    }
}

static void* enter(Thread* next)
{
    set_current(next);
    if (next->state == State::fresh)
        next->fiber = take_fiber(fiber_main);
    else
        next->state = State::running;
    return next->fiber->saved;
}

// The caller has put itself on some list, or is ready.
void wait_here(Thread* me)
{
    Thread* next = pick();
    if (next == me)
    {
        me->state = State::running;
        return;
    }
    emu_switch(&me->fiber->saved, next ? enter(next) : grid.launcher);
}

void yield_here()
{
    Thread* me = grid.current;
    make_ready(me);
    wait_here(me);
}

void sleep_here()
{
    Thread* me = grid.current;
    me->state = State::asleep;
    me->block->sleepers.push_back(me);
    wait_here(me);
}

void leave_fiber(int error)
{
    if (!grid.error)
        grid.error = error;
    void* dropped;
    emu_switch(&dropped, grid.launcher);
    __builtin_unreachable();
}

void abort_launch(int error, const char* kind, const std::string& text, const std::string& key)
{
    // Nobody unwinds the fiber, so the caller's strings are leaked; findings are few.
    if (first_time(key))
        report(kind, grid.launch.kernel->name, text);
    leave_fiber(error);
}

// Runs the block until nothing in it can go on.
void run_block(Block& block)
{
    grid.block = &block;
    if (Thread* next = pick())
        emu_switch(&grid.launcher, enter(next));
}

} // namespace emulator
