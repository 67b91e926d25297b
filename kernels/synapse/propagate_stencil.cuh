// Delivery over stencils: weights by offset on a lattice, one for all sources; what it does and needs stands in propagate_stencil.cu. A phase (tbn/phase.cuh); scratch: TBN_STARTS words.

typedef tbn_sum_of<TBN_WIDE>::type tbn_stencil_sum;

TBN_DEVICE tbn_stencil_sum* tbn_stencil_slot(const tbn_stencil_projection& p, u64 step) { return (tbn_stencil_sum*)p.ring.sums + (u64)(((u32)step + p.ahead) & p.ring.mask) * p.ring.elements; }

TBN_DEVICE tbn_stencil_sum tbn_stencil_weight(i32 weight, u32 shift) { return (tbn_stencil_sum)((u64)(i64)weight << shift); }

// A group of spikes onto a chunk of targets, one per thread. A source sees the sheet as a window of the stencil; origins say where its windows begin.
TBN_DEVICE void tbn_deliver_windows(const tbn_stencil_projection& p, u64 step, const u32* spikes, u32 count, u32 chunk)
{
    const u32 target = chunk * TBN_BLOCK + threadIdx.x;
    if (target >= p.rows * p.columns)
        return;
    const i16* weights = p.weights + (target / p.columns * p.stride + target % p.columns);
    tbn_stencil_sum* slot = tbn_stencil_slot(p, step) + (u64)target * TBN_BATCH;
    i32 sum = 0;
    for (u32 s = 0; s < count; s++)
    {
        const i32 weight = weights[p.origins[spikes[s] / TBN_BATCH]];
        if (TBN_BATCH == 1)
            sum += weight;
        else
            tbn_deliver(slot + spikes[s] % TBN_BATCH, tbn_stencil_weight(weight, p.shift));
    }
    if (TBN_BATCH == 1)
        tbn_deliver(slot, tbn_stencil_weight(sum, p.shift));
}

// A spike over a chunk of the listed offsets, one per lane.
TBN_DEVICE void tbn_deliver_offsets(const tbn_stencil_projection& p, u64 step, u32 spike, u32 chunk)
{
    const u32 source = spike / TBN_BATCH, instance = spike % TBN_BATCH;
    const u32 source_row = source / p.columns, source_column = source % p.columns;
    const u32 end = tbn_min_u32((chunk + 1) * p.chunk_length, p.count);
    tbn_stencil_sum* slot = tbn_stencil_slot(p, step) + instance;
    for (u32 k = chunk * p.chunk_length + tbn_lane(); k < end; k += TBN_WARP)
    {
        u32 row = source_row + (u32)(i32)p.offsets[2 * k], column = source_column + (u32)(i32)p.offsets[2 * k + 1];
        if (p.periodic)
        {
            row -= row >= p.rows ? p.rows : 0;
            column -= column >= p.columns ? p.columns : 0;
        }
        if (row < p.rows && column < p.columns)
            tbn_deliver(slot + (u64)(row * p.columns + column) * TBN_BATCH, tbn_stencil_weight(p.weights[k], p.shift));
    }
}

TBN_DEVICE void tbn_propagate_stencil_phase(const tbn_stencil_arguments& args, u64 step, tbn_place at, u32* starts)
{
    const u32 parts = (u32)args.projection_count;
    const u32 items = tbn_number_items(starts, parts, [&](u32 k)
    {
        const u32 count = tbn_list_count(args.projections[k].source, step);
        return (TBN_LOCAL ? count : (count + TBN_GROUP - 1) / TBN_GROUP) * args.projections[k].chunks;
    });
    const u32 per_block = TBN_LOCAL ? TBN_BLOCK / TBN_WARP : 1;
    for (u32 item = at.block * per_block + (TBN_LOCAL ? tbn_warp() : 0); item < items; item += at.blocks * per_block)
    {
        const u32 part = tbn_part_of(starts, parts, item);
        const tbn_stencil_projection& p = args.projections[part];
        const u32 local = item - starts[part];
        const u32* spikes = tbn_list(p.source, step);
        if (TBN_LOCAL)
        {
            tbn_deliver_offsets(p, step, spikes[local / p.chunks], local % p.chunks);
            continue;
        }
        const u32 first = local / p.chunks * TBN_GROUP;
        tbn_deliver_windows(p, step, spikes + first, tbn_min_u32(tbn_list_count(p.source, step) - first, TBN_GROUP), local % p.chunks);
    }
}
