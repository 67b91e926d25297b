// Pair-based spike-timing-dependent plasticity (Morrison, Diesmann and Gerstner 2008) with per-synapse delays; traces as docs/numerics.md has them.
// Constants: TBN_BATCH, TBN_WIDE, TBN_MULTIPLICATIVE, TBN_POWER_LAW
// Reference: ReferencePairStdp
#include "tbn/step.cuh"
#include "plasticity/pair_stdp.cuh"

// tbn_arrive_stdp - arrival of delayed spikes.
// Grid     : any; the warps of the grid share the items (delay, spike of step - delay, chunk of its run)
// Reads    : spike lists of the last steps, postsynaptic traces
// Writes   : weights of the synapses reached, input slot of this step by integer atomics
// Order    : none; a synapse is reached at most once in a step
// Syncs    : prefix sums over delays, TBN_BLOCK at a time, uniformly
// Tunables : TBN_BLOCK 128, 256, 512; chunk length
TBN_KERNEL(tbn_arrive_stdp, TBN_BOUNDS, tbn_stdp_arguments)
{
    __shared__ u32 starts[TBN_STARTS];
    tbn_arrive_stdp_phase(args, tbn_step(args.time), tbn_here(), starts);
}

// tbn_learn_stdp - potentiation, and the traces of the step.
// Grid     : any; threads share the elements, warps share the items (postsynaptic spike, chunk of its column)
// Reads    : spike list and bits of this step, trace history of earlier steps
// Writes   : weights of the columns, traces, trace history of this step (which no delay reaches yet)
// Order    : none; a synapse has one target
// Syncs    : none
// Tunables : TBN_BLOCK 128, 256, 512; chunk length
TBN_KERNEL(tbn_learn_stdp, TBN_BOUNDS, tbn_stdp_arguments)
{
    tbn_learn_stdp_phase(args, tbn_step(args.time), tbn_here(), nullptr);
}
