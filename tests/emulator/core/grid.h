// A running grid: blocks, warps, threads and who runs next. One grid runs at a time, so this is one global object.
#pragma once

#include <string>
#include <vector>

#include "../kernel/api.h"
#include "fibers.h"
#include "settings.h"

namespace emulator
{

struct Module;
struct ShadowCell;
struct Block;

enum class State : unsigned char
{
    fresh,
    ready,
    running,
    in_warp,
    at_barrier,
    at_grid_barrier,
    asleep,
    done
};

struct Thread
{
    EmuThread view;
    unsigned number; // in its block
    State state;
    Fiber* fiber;
    Block* block;
    // What it waits for; of use to the group that it joins and to the text of a dead-lock.
    int operation, line, source;
    unsigned mask;
    unsigned long long value, result;
};

struct Group
{
    int operation;
    unsigned mask, arrived;
};

struct Warp
{
    unsigned members, exited;
    int groups;
    Group group[32];
};

struct Block
{
    EmuIndex index;
    unsigned number;
    unsigned threads_count, alive, next_fresh, waiting, grid_waiting;
    int barrier_kind, barrier_line, barrier_sum, barrier_result;
    bool returned_early; // a thread has ended; a later barrier is then divergent
    std::vector<Thread> threads;
    std::vector<Warp> warps;
    std::vector<unsigned> order;  // of first runs, when the schedule is random
    std::vector<Thread*> ring;    // ready threads
    unsigned ring_head, ring_count;
    std::vector<Thread*> sleepers, barrier_waiters, grid_waiters;
    std::vector<char> saved_shared, saved_dynamic;
    // Check mode
    unsigned barrier_epoch, run;
    std::vector<unsigned> clocks; // per warp: 32 x 32 vector clocks
    std::vector<ShadowCell> shared_shadow, dynamic_shadow;

    void push_ready(Thread* thread);
    Thread* pop_ready();
};

struct GridLaunch
{
    Module* module = nullptr;
    const EmuKernel* kernel = nullptr;
    EmuIndex grid{1, 1, 1}, block{1, 1, 1};
    unsigned dynamic_bytes = 0;
    bool cooperative = false;
    void** arguments = nullptr;
    unsigned long long seed = 0;
};

struct Grid
{
    GridLaunch launch;
    void (*call)(void**) = nullptr;
    void** arguments = nullptr;
    const EmuThread** current_view = nullptr;
    Thread* current = nullptr;
    Block* block = nullptr; // the one that runs
    bool random = false, check = false, running = false;
    Random rng;
    int error = 0, finding = 0; // finding: an error that did not stop the launch
    void* launcher = nullptr; // saved stack pointer of the launching thread
    unsigned resident = 0, grid_arrived = 0, grid_alive = 0;
    unsigned long long sleeps = 0; // since the last barrier or end of a thread
    int grid_line = 0;
};

extern Grid grid;

// Runs a grid to its end; 0 or a CUresult.
int run_grid(const GridLaunch& launch);

// Scheduler: who goes on when the running thread does not.
void wait_here(Thread* me);
void make_ready(Thread* thread);
void yield_here();

// Ends the launch from within: records a finding, then leaves the fiber for the launcher.
[[noreturn]] void abort_launch(int error, const char* kind, const std::string& text, const std::string& key);
[[noreturn]] void leave_fiber(int error);

// Warp primitives and barriers
unsigned long long warp_primitive(int operation, unsigned mask, unsigned long long value, int source, int line);
void warp_exit(Thread* me);
int block_barrier(int kind, int value, int line);
void grid_barrier(int line);
void release_grid_barrier();
void sleep_here();
std::string describe_waiters(unsigned blocks);
Block& resident_block(unsigned number);
char* dynamic_shared_start();

extern const EmuApi kernel_api;

} // namespace emulator
