// The agreement between the emulator and the kernel libraries it compiles. Both sides include this file; it uses no other header.
#ifndef TBN_EMULATOR_API_H
#define TBN_EMULATOR_API_H

#define EMU_VERSION 1
#ifndef EMU_CHECK
#define EMU_CHECK 0
#endif

struct EmuIndex
{
    unsigned x, y, z;
};

// What one CUDA thread sees of itself. The emulator points EmuModule::current at the running thread's copy.
struct EmuThread
{
    EmuIndex thread, block;
    unsigned lane;
};

struct EmuDimensions
{
    EmuIndex block, grid;
};

enum EmuBarrier
{
    EMU_BARRIER,
    EMU_BARRIER_COUNT,
    EMU_BARRIER_AND,
    EMU_BARRIER_OR
};

enum EmuWarpOperation
{
    EMU_SYNC,
    EMU_BALLOT,
    EMU_EXCHANGE,
    EMU_MATCH_ANY,
    EMU_MATCH_ALL,
    EMU_ADD,
    EMU_MIN_SIGNED,
    EMU_MAX_SIGNED,
    EMU_MIN_UNSIGNED,
    EMU_MAX_UNSIGNED,
    EMU_AND,
    EMU_OR,
    EMU_XOR
};

enum EmuAccess
{
    EMU_READ = 0,
    EMU_WRITE = 1,
    // Flags
    EMU_ATOMIC = 2,    // reads and writes in one
    EMU_VOLATILE = 4,  // conflicts with plain accesses only, like an atomic
    EMU_UNALIGNED = 8  // any address will do
};

enum EmuFailure
{
    EMU_ASSERT,
    EMU_TRAP
};

struct EmuApi
{
    int (*barrier)(int kind, int value, int line);
    unsigned long long (*warp)(int operation, unsigned mask, unsigned long long value, int source, int line);
    void (*grid_barrier)(int line);
    void (*sleep)();
    void (*yield)();
    void (*new_epoch)();
    void (*access)(const void* address, unsigned long size, int kind, const void* pc);
    void (*fail)(int what, const char* text, const char* file, int line);
};

struct EmuKernel
{
    const char* name;
    void (*call)(void** arguments);
    int count;
    int max_threads; // of __launch_bounds__; 0 where there is none
    const unsigned* sizes;
    const unsigned* offsets;
};

// Every kernel library exports one: `extern "C" EmuModule emu_module`.
struct EmuModule
{
    int count;
    const EmuKernel* kernels;
    const EmuApi** api;
    const EmuThread** current;
    EmuDimensions* dimensions;
    void** dynamic_shared;
    int* preempt; // not 0: atomics are points where another thread may go on
    int version = EMU_VERSION;
    int checked = EMU_CHECK;
};

#endif
