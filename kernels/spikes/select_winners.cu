// tbn_select_winners - winner-take-all: the spike of each instance of each competing population.
// Grid     : any; threads share (population, instance)
// Reads    : winners (bits of the largest y, then ~element; 0 for nobody)
// Writes   : spike bits of this step, spike totals; clears winners
// Order    : none; two instances may share a word of bits, so bits are set by an integer atomic
// Syncs    : none
// Constants: TBN_BLOCK, TBN_BATCH
// Reference: ReferencePopulation.KeepWinners
#include "tbn/step.cuh"
#include "spikes/select_winners.cuh"

TBN_KERNEL(tbn_select_winners, TBN_BLOCK, tbn_select_arguments)
{
    tbn_select_winners_phase(args, tbn_step(args.time), tbn_here(), nullptr);
}
