// tbn_arrive_dense - arrival of delayed spikes over plastic full matrices of float weights (winner-take-all).
// Grid     : any; the warps of the grid share the items (projection, group of TBN_GROUP spikes, chunk of 32 targets)
// Reads    : spike lists of step - delay, weights (one per lane and load, eight loads under way)
// Writes   : input slot of this step, by integer atomics, one per target and group
// Order    : none; each weight is rounded to fixed point on its own
// Syncs    : prefix sums over the projections, once per block
// Tunables : TBN_BLOCK 64, 128, 256
// Constants: TBN_BATCH, TBN_WIDE, TBN_GROUP, TBN_TARGETS (of an item)
// Reference: ReferenceWinnerTakeAll.Arrive
#include "tbn/step.cuh"
#include "plasticity/arrive_dense.cuh"

TBN_KERNEL(tbn_arrive_dense, TBN_BOUNDS, tbn_dense_arguments)
{
    __shared__ u32 starts[TBN_STARTS];
    tbn_arrive_dense_phase(args, tbn_step(args.time), tbn_here(), starts);
}
