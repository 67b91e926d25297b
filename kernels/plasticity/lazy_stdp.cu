// Pair-based plasticity without an index by target: the weights of pair_stdp.cu, touched later. A postsynaptic spike is a bit, kept for 32 x (TBN_WORDS - 1) steps at least; when a spike
// arrives over a run (the synapses of a source with one delay), its weights take up the bits since the arrival before, from the first to the last, and then the arrival. Runs that
// wait longer are visited in turn, as many in each step.
// Constants: TBN_WORDS, and those of pair_stdp.cu
// Reference: ReferencePairStdp; PairStdpSynapses of the CPU backend does the same with a log of spikes
#include "tbn/step.cuh"
#include "plasticity/lazy_stdp.cuh"

// tbn_arrive_lazy - arrival of delayed spikes, and the visits of the step.
// Grid     : any; the warps of the grid share the items (delay, spike of step - delay, chunk of its run), then the items (run to visit, chunk of it)
// Reads    : spike lists and bits of the last steps, states of runs, postsynaptic spikes and traces
// Writes   : weights of the synapses reached or visited, input slot of this step by integer atomics
// Order    : none; a synapse is reached or visited at most once in a step
// Syncs    : prefix sums over delays, TBN_BLOCK at a time, uniformly; within a warp around the traces that it makes
// Tunables : TBN_BLOCK 128, 256, 512; chunk length (the longer, the fewer warps make the same traces)
TBN_KERNEL(tbn_arrive_lazy, TBN_BOUNDS, tbn_stdp_arguments)
{
    __shared__ u32 scratch[TBN_STARTS + TBN_BLOCK / TBN_WARP * TBN_VISIT_STEPS];
    tbn_arrive_lazy_phase(args, tbn_step(args.time), tbn_here(), scratch);
}

// tbn_learn_lazy - what the runs have seen, the spikes that they will take up, and the traces of the step.
// Grid     : any; threads share the runs and the elements
// Reads    : spike lists and bits of the last steps, trace history of earlier steps
// Writes   : states of the runs reached or visited, postsynaptic spikes, traces, trace history of this step (which no delay reaches yet)
// Order    : none
// Syncs    : none
// Tunables : TBN_BLOCK 128, 256, 512
TBN_KERNEL(tbn_learn_lazy, TBN_BLOCK, tbn_stdp_arguments)
{
    tbn_learn_lazy_phase(args, tbn_step(args.time), tbn_here(), nullptr);
}
