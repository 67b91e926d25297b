// tbn_propagate_dense - delivers the spikes of this step over full matrices of 16-bit weights.
// Grid     : any; the warps of the grid share the items (projection, group of TBN_GROUP spikes, chunk of 64 targets)
// Reads    : spike lists of this step, rows (two weights per lane and load, eight loads under way)
// Writes   : input slots of later steps, by integer atomics, one per target and group
// Order    : none; integer sums do not depend on it
// Syncs    : prefix sums over the projections, once per block
// Tunables : TBN_BLOCK 64, 128, 256
// Constants: TBN_BATCH, TBN_WIDE, TBN_GROUP, TBN_TARGETS (of an item)
// Reference: ReferenceStatic.Propagate
#include "tbn/step.cuh"
#include "synapse/propagate_dense.cuh"

TBN_KERNEL(tbn_propagate_dense, TBN_BOUNDS, tbn_dense_arguments)
{
    __shared__ u32 starts[TBN_STARTS];
    tbn_propagate_dense_phase(args, tbn_step(args.time), tbn_here(), starts);
}
