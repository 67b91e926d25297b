// Bits of a step to ascending lists; what it does and needs stands in compact_spikes.cu. A phase (tbn/phase.cuh).

TBN_DEVICE void tbn_compact_block(const tbn_compact_arguments& args, u64 step, u32 block)
{
    const tbn_population& p = args.populations[args.block_owner[block]];
    const u32* bits = tbn_bit_row(p.spikes, step);
    const u32 words = (p.elements + 31) / 32, first = args.block_first[block], mine = first + threadIdx.x;

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

TBN_DEVICE void tbn_compact_spikes_phase(const tbn_compact_arguments& args, u64 step, tbn_place at, u32*)
{
    for (u32 block = at.block; block < args.blocks; block += at.blocks)
        tbn_compact_block(args, step, block);
}
