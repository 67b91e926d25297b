// Delivery over static sparse projections; what it does and needs stands in propagate_sparse.cu. A phase (tbn/phase.cuh); scratch: TBN_BLOCK words.

#if TBN_SYNAPSE_BYTES == 4
typedef u32 tbn_synapse;
#else
typedef u64 tbn_synapse;
#endif

TBN_DEVICE void tbn_deliver_row(const tbn_sparse_projection& p, u64 step, u32 spike, u32 chunk)
{
    typedef tbn_sum_of<TBN_WIDE>::type Sum;
    const u32 source = spike / TBN_BATCH, instance = spike % TBN_BATCH;
    const u64 row_end = p.row_starts[source + 1], begin = p.row_starts[source] + (u64)chunk * p.chunk_length;
    const u64 end = begin + p.chunk_length < row_end ? begin + p.chunk_length : row_end;
    const tbn_synapse* synapses = (const tbn_synapse*)p.synapses;
    const u32 target_mask = (1u << p.target_bits) - 1;
    for (u64 k = begin + tbn_lane(); k < end; k += TBN_WARP)
    {
        const tbn_synapse synapse = synapses[k];
        const u32 target = (u32)(synapse >> 16) & target_mask, delay = (u32)(synapse >> 16 >> p.target_bits) + p.min_delay;
        const Sum weight = (Sum)((u64)(i64)(i16)(u16)synapse << p.shift);
        tbn_deliver((Sum*)p.ring.sums + (u64)(((u32)step + delay) & p.ring.mask) * p.ring.elements + (u64)target * TBN_BATCH + instance, weight);
    }
}

TBN_DEVICE void tbn_propagate_sparse_phase(const tbn_sparse_arguments& args, u64 step, tbn_place at, u32* starts)
{
    const u32 parts = (u32)args.projection_count, k = threadIdx.x;
    u32 items;
    starts[k] = tbn_block_sum(k < parts ? tbn_list_count(args.projections[k].source, step) * args.projections[k].chunks : 0, &items);
    tbn_block_sync();
    for (u32 item = tbn_warp_of(at); item < items; item += tbn_warps_of(at))
    {
        const u32 part = tbn_part_of(starts, parts, item);
        const tbn_sparse_projection& p = args.projections[part];
        const u32 local = item - starts[part];
        tbn_deliver_row(p, step, tbn_list(p.source, step)[local / p.chunks], local % p.chunks);
    }
}
