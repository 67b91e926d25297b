// tbn_pull_sparse - delivers the spikes of this step over static sparse projections of which enough sources spike: every synapse is read by its target and its source's
//                   spike bit looked up. The projections that propagate_sparse.cu leaves out in the step.
// Grid     : any; the warps of the grid share the items (projection, element of the target, chunk of its column)
// Reads    : number of spikes and spike bits of this step, columns: 4 bytes a synapse, or 8 where source and delay take more than 16 bits, and 8 bytes a target;
//            all of it beside the rows
// Writes   : input slots of later steps, by integer atomics: one per chunk where its synapses have one delay, else one per delay among 32 synapses; none where sums are 0
// Order    : none; integer sums do not depend on it
// Syncs    : prefix sums over the projections, once per block
// Tunables : TBN_BLOCK 128, 256, 512; chunk length 32 to 1024, at most 65,536; from how many spikes on (CudaTuning.PullFromActivity)
// Constants: TBN_BATCH, TBN_WIDE
// Reference: ReferenceStatic.Propagate
#include "tbn/step.cuh"
#include "synapse/pull_sparse.cuh"

TBN_KERNEL(tbn_pull_sparse, TBN_BOUNDS, tbn_sparse_arguments)
{
    __shared__ u32 starts[TBN_STARTS];
    tbn_pull_sparse_phase(args, tbn_step(args.time), tbn_here(), starts);
}
