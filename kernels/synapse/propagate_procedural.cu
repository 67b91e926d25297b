// tbn_propagate_procedural - delivers the spikes of this step over rows that are made for it.
// Grid     : any; the warps share the items (projection, spike, chunk of its row), or (projection, spike) where targets follow from skips
// Reads    : spike lists of this step, row lengths, tables of words
// Writes   : input slots of later steps, by integer atomics
// Order    : none; integer sums do not depend on it
// Syncs    : prefix sums over the projections, once per block; sums over a warp
// Tunables : TBN_BLOCK 128, 256, 512; chunk length, a multiple of 128
// Constants: TBN_BATCH, TBN_WIDE, TBN_RULE 0 every target, 1 skips, 2 chosen; TBN_DRAWN_WEIGHTS, TBN_DRAWN_DELAYS
// Reference: ReferenceStatic.Propagate
#include "tbn/step.cuh"
#include "synapse/propagate_procedural.cuh"

TBN_KERNEL(tbn_propagate_procedural, TBN_BOUNDS, tbn_procedural_arguments)
{
    __shared__ u32 starts[TBN_STARTS];
    tbn_propagate_procedural_phase(args, tbn_step(args.time), tbn_here(), starts);
}
