// tbn_compact_spikes - turns the bits of this step into ascending lists of elements, one list per population.
// Grid     : one block per TBN_BLOCK words of a population; block_owner names the population, block_first the first word
// Reads    : spike bits of this step, those before the block's own too (that is cheaper than a launch of its own for the counts)
// Writes   : list and count of this step
// Order    : ascending, on every backend
// Syncs    : all threads of the block, no early return
// Tunables : TBN_BLOCK 128, 256, 512
// Reference: CpuPopulation.AppendSpikes
#include "tbn/arguments.cuh"
#include "tbn/work.cuh"

TBN_KERNEL(tbn_compact_spikes, TBN_BLOCK, tbn_compact_arguments)
{
    const tbn_population& p = args.populations[args.block_owner[blockIdx.x]];
    const u64 step = tbn_step(args.time);
    const u32* bits = tbn_bit_row(p.spikes, step);
    const u32 words = (p.elements + 31) / 32, first = args.block_first[blockIdx.x], mine = first + threadIdx.x;

    u32 spikes_before = 0;
    for (u32 w = threadIdx.x; w < first; w += TBN_BLOCK)
        spikes_before += __popc(bits[w]);
    u32 base;
    tbn_block_sum(spikes_before, &base);

    u32 word = mine < words ? bits[mine] : 0, total;
    u32 at = base + tbn_block_sum(__popc(word), &total);
    u32* list = p.spikes.ids + (u64)((u32)step & p.spikes.list_mask) * p.elements;
    for (; word != 0; word &= word - 1)
        list[at++] = mine * 32 + (u32)__ffs((i32)word) - 1;
    if (first + TBN_BLOCK >= words && threadIdx.x == 0)
        p.spikes.counts[(u32)step & p.spikes.list_mask] = base + total;
}
