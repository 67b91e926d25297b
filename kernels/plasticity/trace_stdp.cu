// Rules by traces whose history is written a step ahead: eligibility with reward (Izhikevich 2006, 2007) and triplets (Pfister and Gerstner 2006), with per-synapse delays.
// Constants: TBN_BATCH, TBN_WIDE, TBN_ELIGIBILITY (true: an eligibility moves, weights follow now and then; false: triplets move the weights)
// Reference: ReferenceTraceRule; traces as docs/numerics.md has them
#include "tbn/step.cuh"
#include "plasticity/trace_stdp.cuh"

// tbn_arrive_traces - arrival of delayed spikes.
// Grid     : any; the warps of the grid share the items (delay, spike of step - delay, chunk of its run)
// Reads    : spike lists of the last steps, postsynaptic traces, slow presynaptic traces of the last steps
// Writes   : eligibility or weights of the synapses reached, input slot of this step by integer atomics
// Order    : none; a synapse is reached at most once in a step
// Syncs    : prefix sums over delays, TBN_BLOCK at a time, uniformly
// Tunables : TBN_BLOCK 128, 256, 512; chunk length
TBN_KERNEL(tbn_arrive_traces, TBN_BLOCK, tbn_trace_arguments)
{
    __shared__ u32 starts[TBN_STARTS];
    tbn_arrive_traces_phase(args, tbn_step(args.time), tbn_here(), starts);
}

// tbn_learn_traces - postsynaptic spikes, the traces of the next step, and the reward.
// Grid     : any; threads share the elements, warps share the items (postsynaptic spike, chunk of its column)
// Reads    : spike list and bits of this step, traces of this step and before
// Writes   : eligibility or weights of the columns, traces of the next step (which no delay reaches yet; the slow postsynaptic ones take turns between two slots), reward
// Order    : none; a synapse has one target
// Syncs    : none
// Tunables : TBN_BLOCK 128, 256, 512; chunk length
TBN_KERNEL(tbn_learn_traces, TBN_BLOCK, tbn_trace_arguments)
{
    tbn_learn_traces_phase(args, tbn_step(args.time), tbn_here(), nullptr);
}

// tbn_consolidate - every interval: eligibility, times the gain that the reward sets, becomes weight.
// Grid     : any; threads share the synapses
// Reads    : eligibility, reward
// Writes   : weights, eligibility
// Order    : none
// Syncs    : none
// Tunables : TBN_BLOCK 128, 256, 512
TBN_KERNEL(tbn_consolidate, TBN_BLOCK, tbn_trace_arguments)
{
    tbn_consolidate_phase(args, tbn_step(args.time), tbn_here(), nullptr);
}
