// tbn_propagate_sparse - delivers the spikes of this step over static sparse projections, but for those that pull_sparse.cu takes in this step.
// Grid     : any; the warps of the grid share the items (projection, spike, chunk of its row)
// Reads    : spike lists of this step, rows
// Writes   : input slots of later steps, by integer atomics
// Order    : none; integer sums do not depend on it
// Syncs    : prefix sums over the projections, once per block
// Tunables : TBN_BLOCK 128, 256, 512; chunk length 32 to 1024
// Constants: TBN_BATCH, TBN_WIDE
// Reference: ReferenceStatic.Propagate
#include "tbn/step.cuh"
#include "synapse/propagate_sparse.cuh"

TBN_KERNEL(tbn_propagate_sparse, TBN_BOUNDS, tbn_sparse_arguments)
{
    __shared__ u32 starts[TBN_STARTS];
    tbn_propagate_sparse_phase(args, tbn_step(args.time), tbn_here(), starts);
}
