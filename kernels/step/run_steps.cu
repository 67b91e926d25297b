// tbn_run_steps - many steps of a network in one launch: walks the phases of a step in their order, with a barrier before each phase that reads or overwrites what
//                 an earlier one wrote, and moves the clock on at the end.
// Grid     : several blocks: cooperative, at most as many as run at once. TBN_ONE_BLOCK: one block, an ordinary launch
// Reads    : clock, the arguments of the phases, and what the phases read
// Writes   : clock, barrier, and what the phases write
// Order    : docs/step-order.md; the host says which phases (step/phases.cuh, made for the network) and where the barriers are (StepBarriers.cs)
// Syncs    : a barrier of all blocks where phases depend on each other; a barrier of the block where they do not, as they share scratch; those of the phases
// Tunables : TBN_BLOCK, the same for all phases
// Constants: TBN_ONE_BLOCK, TBN_SCRATCH (words of shared memory that the most demanding phase needs), TBN_SIZE_PHASES, TBN_SHARED_TABLES (the launch adds shared memory for
//            them), those of the phases
// Reference: the same as of the phases; tests: CudaSteppingTests, CudaParityTests
#include "tbn/grid_barrier.cuh"
#include "tbn/step.cuh"
#include "tbn/tables.cuh"
#include "neuron/models.cuh"
#include "step/phases.cuh"

struct tbn_run_arguments
{
    u64* clock;
    tbn_grid_barrier* barrier;  // not used by one block
    tbn_tables tables;          // not used unless TBN_SHARED_TABLES
    u64 steps;
};

// The arguments of all phases; the time in them is not used.
struct tbn_phase_table
{
#define TBN_MEMBER(number, arguments) arguments of_##number;
    TBN_PHASE_ARGUMENTS(TBN_MEMBER)
};

TBN_SAME_SIZE(tbn_phase_table, TBN_SIZE_PHASES);

extern "C"
{
    __constant__ tbn_phase_table tbn_phases;
}

#if TBN_ONE_BLOCK
#define TBN_PLACE {0u, 1u}
#define TBN_BEGIN
#define TBN_BARRIER(number) tbn_block_sync();
#else
#define TBN_PLACE tbn_here()
#define TBN_BEGIN u64 passed = tbn_grid_begin(args.barrier, gridDim.x);
#define TBN_BARRIER(number) tbn_grid_sync(args.barrier, gridDim.x, passed);
#endif
// Before phase `number` of a step, where it depends on none since the last barrier.
#define TBN_NO_BARRIER(number) tbn_block_sync();
#if TBN_SHARED_TABLES
#define TBN_ARGUMENTS(number) tbn_with_tables(tbn_phases.of_##number)
#else
#define TBN_ARGUMENTS(number) tbn_phases.of_##number
#endif
#define TBN_RUN(number, phase) phase(TBN_ARGUMENTS(number), step, tbn_turned(at, number), scratch);

// Each phase counts the blocks from another one, so that phases without a barrier between them do not all leave their little work to the first blocks.
TBN_DEVICE tbn_place tbn_turned(tbn_place at, u32 number)
{
    const u32 block = at.block + number * at.blocks / TBN_PHASE_COUNT;
    return {block < at.blocks ? block : block - at.blocks, at.blocks};
}

TBN_KERNEL(tbn_run_steps, TBN_BOUNDS, tbn_run_arguments)
{
    __shared__ u32 scratch[TBN_SCRATCH];
#if TBN_SHARED_TABLES
    tbn_take_tables(args.tables);
#endif
    const tbn_place at = TBN_PLACE;
    TBN_BEGIN
    const u64 first = *args.clock, end = first + args.steps;
    for (u64 step = first; step < end; step++)
    {
        TBN_PHASES(TBN_RUN, TBN_BARRIER, TBN_NO_BARRIER)
    }
    // Every block has read the clock before it moves.
    TBN_BARRIER(-1)
    if (at.block == 0 && threadIdx.x == 0)
        *args.clock = end;
}
