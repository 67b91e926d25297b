// tbn_compact_spikes - turns the bits of this step into ascending lists of elements, one list per population; for those that compete, whose spikes the update does not know.
// Grid     : any; block_owner has an entry per TBN_BLOCK words of a population: its number, and block_first the first word
// Reads    : spike bits of this step, those before the block's own too (that is cheaper than a launch of its own for the counts)
// Writes   : list and count of this step
// Order    : ascending
// Syncs    : all threads of the block, no early return
// Tunables : TBN_BLOCK 128, 256, 512
// Reference: CpuPopulation.AppendSpikes
#include "tbn/step.cuh"
#include "spikes/compact_spikes.cuh"

TBN_KERNEL(tbn_compact_spikes, TBN_BLOCK, tbn_compact_arguments)
{
    tbn_compact_spikes_phase(args, tbn_step(args.time), tbn_here(), nullptr);
}
