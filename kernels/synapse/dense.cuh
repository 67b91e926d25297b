// What the kernels of dense projections share: items (projection, group of spikes, chunk of targets) for the blocks of the grid. A thread adds up a target's
// weights over the group of TBN_GROUP spikes before it touches the ring.
// Part of a phase (tbn/phase.cuh).

typedef tbn_sum_of<TBN_WIDE>::type tbn_sum;

TBN_DEVICE tbn_sum* tbn_slot(const tbn_dense_projection& p, u64 step) { return (tbn_sum*)p.ring.sums + (u64)(((u32)step + p.ahead) & p.ring.mask) * p.ring.elements; }

// Calls deliver(projection, spikes, their number, chunk of targets) for each item of this block. The spikes are those of `delay` steps ago. starts: shared, TBN_BLOCK long.
template <class Deliver> TBN_DEVICE void tbn_dense_items(const tbn_dense_arguments& args, u64 step, tbn_place at, u32* starts, Deliver deliver)
{
    const u32 parts = (u32)args.projection_count, k = threadIdx.x;
    u32 mine = 0, items;
    if (k < parts)
        mine = (tbn_list_count(args.projections[k].source, step - args.projections[k].delay) + TBN_GROUP - 1) / TBN_GROUP * args.projections[k].chunks;
    starts[k] = tbn_block_sum(mine, &items);
    tbn_block_sync();
    for (u32 item = at.block; item < items; item += at.blocks)
    {
        const u32 part = tbn_part_of(starts, parts, item);
        const tbn_dense_projection& p = args.projections[part];
        const u32 first = (item - starts[part]) / p.chunks * TBN_GROUP, chunk = (item - starts[part]) % p.chunks;
        const u32 count = tbn_list_count(p.source, step - p.delay);
        deliver(p, tbn_list(p.source, step - p.delay) + first, tbn_min_u32(count - first, TBN_GROUP), chunk);
    }
}
