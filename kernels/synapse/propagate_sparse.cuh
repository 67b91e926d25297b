// Delivery over static sparse projections; what it does and needs stands in propagate_sparse.cu. A phase (tbn/phase.cuh); scratch: TBN_BLOCK words.
#include "synapse/sparse.cuh"

TBN_DEVICE void tbn_deliver_row(const tbn_sparse_projection& p, u64 step, u32 spike, u32 chunk)
{
    const u32 source = spike / TBN_BATCH, instance = spike % TBN_BATCH;
    const u64 row_end = p.starts[source + 1], begin = p.starts[source] + (u64)chunk * p.chunk_length;
    const u64 end = begin + p.chunk_length < row_end ? begin + p.chunk_length : row_end;
    const tbn_synapse* synapses = (const tbn_synapse*)p.synapses;
    for (u64 k = begin + tbn_lane(); k < end; k += TBN_WARP)
    {
        const tbn_synapse synapse = synapses[k];
        tbn_deliver_after(p, step, tbn_delay(p, synapse), (u64)tbn_partner(p, synapse) * TBN_BATCH + instance, tbn_weight(synapse));
    }
}

TBN_DEVICE void tbn_propagate_sparse_phase(const tbn_sparse_arguments& args, u64 step, tbn_place at, u32* starts)
{
    const u32 parts = (u32)args.projection_count, k = threadIdx.x;
    u32 mine = 0, items;
    if (k < parts && !tbn_is_pulled(args.projections[k], step))
        mine = tbn_list_count(args.projections[k].source, step) * args.projections[k].chunks;
    starts[k] = tbn_block_sum(mine, &items);
    tbn_block_sync();
    for (u32 item = tbn_warp_of(at); item < items; item += tbn_warps_of(at))
    {
        const u32 part = tbn_part_of(starts, parts, item);
        const tbn_sparse_projection& p = args.projections[part];
        const u32 local = item - starts[part];
        tbn_deliver_row(p, step, tbn_list(p.source, step)[local / p.chunks], local % p.chunks);
    }
}
