// tbn_catch_up - all weights of a projection that takes up postsynaptic spikes late (lazy_stdp.cu) take up everything before the step. No part of a step: the host launches it before
//                it reads weights, and after it wrote traces.
// Grid     : any; the warps of the grid share the runs and instances
// Reads    : postsynaptic spikes, trace history
// Writes   : weights, states of all runs
// Order    : none; one warp has a run
// Syncs    : within a warp around the traces that it makes
// Tunables : TBN_BLOCK 128, 256, 512
// Constants: those of lazy_stdp.cu
// Reference: ReferencePairStdp
#include "tbn/step.cuh"
#include "plasticity/lazy_stdp.cuh"

TBN_KERNEL(tbn_catch_up, TBN_BOUNDS, tbn_stdp_arguments)
{
    __shared__ u32 scratch[TBN_BLOCK / TBN_WARP * TBN_VISIT_STEPS];
    tbn_catch_up_phase(args, tbn_step(args.time), tbn_here(), scratch);
}
