// tbn_select_winners - winner-take-all: the spike of each instance of each competing population.
// Grid     : one thread per (population, instance)
// Reads    : winners (bits of the largest y, then ~element; 0 for nobody)
// Writes   : spike bits of this step, spike totals; clears winners
// Order    : none; two instances may share a word of bits, so bits are set by an integer atomic
// Syncs    : none
// Constants: TBN_BLOCK, TBN_BATCH
// Reference: ReferencePopulation.KeepWinners
#include "tbn/arguments.cuh"

TBN_KERNEL(tbn_select_winners, TBN_BLOCK, tbn_select_arguments)
{
    const u64 step = tbn_step(args.time);
    const u64 thread = (u64)blockIdx.x * TBN_BLOCK + threadIdx.x;
    if (thread >= args.population_count * TBN_BATCH)
        return;
    const tbn_population& p = args.populations[thread / TBN_BATCH];
    const u64 key = p.winners[thread % TBN_BATCH];
    if (key == 0)
        return;
    p.winners[thread % TBN_BATCH] = 0;
    const u32 element = ~(u32)key;
    atomicOr(tbn_bit_row(p.spikes, step) + element / 32, 1u << element % 32);
    p.spike_totals[element]++;
}
