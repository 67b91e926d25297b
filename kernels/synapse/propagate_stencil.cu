// tbn_propagate_stencil - delivers the spikes of this step over stencils of 16-bit weights.
// Grid     : any; whole stencils: the blocks share the items (projection, group of 16 spikes, chunk of TBN_BLOCK targets), local ones: the warps share (projection, spike, chunk of offsets)
// Reads    : spike lists of this step, the stencil
// Writes   : input slots of later steps, by integer atomics; whole stencils one per target and group
// Order    : none; integer sums do not depend on it
// Syncs    : prefix sums over the projections, once per block
// Tunables : TBN_BLOCK 64, 128, 256; chunk length of local stencils 32 to 1024
// Constants: TBN_BATCH, TBN_WIDE, TBN_GROUP, TBN_LOCAL
// Reference: ReferenceStatic.Propagate
#include "tbn/step.cuh"
#include "synapse/propagate_stencil.cuh"

TBN_KERNEL(tbn_propagate_stencil, TBN_BLOCK, tbn_stencil_arguments)
{
    __shared__ u32 starts[TBN_STARTS];
    tbn_propagate_stencil_phase(args, tbn_step(args.time), tbn_here(), starts);
}
