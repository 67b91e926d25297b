// Delivery over static sparse projections; what it does and needs stands in propagate_sparse.cu. A phase (tbn/phase.cuh); scratch: TBN_STARTS words.
#include "synapse/sparse.cuh"

// Synapses of a row that a lane has in flight at a time: a load takes longer than all else.
#define TBN_ROW_FLIGHT (TBN_BATCH == 1 ? 4 : 2)

template <class Word> TBN_DEVICE void tbn_deliver_piece(const tbn_sparse_projection& p, u64 step, u32 instance, u64 begin, u64 end)
{
    const Word* synapses = (const Word*)p.synapses;
    for (u64 first = begin + tbn_lane(); first < end; first += TBN_ROW_FLIGHT * TBN_WARP)
    {
        Word taken[TBN_ROW_FLIGHT];
#pragma unroll
        for (u32 j = 0; j < TBN_ROW_FLIGHT; j++)
            taken[j] = first + j * TBN_WARP < end ? synapses[first + j * TBN_WARP] : 0;
#pragma unroll
        for (u32 j = 0; j < TBN_ROW_FLIGHT; j++)
            if (first + j * TBN_WARP < end)
                tbn_deliver_after(p, step, tbn_delay(p, taken[j]), (u64)tbn_partner(p, taken[j]) * TBN_BATCH + instance, tbn_weight(taken[j]));
    }
}

TBN_DEVICE void tbn_deliver_row(const tbn_sparse_projection& p, u64 step, u32 spike, u32 chunk)
{
    const u32 source = spike / TBN_BATCH;
    const u64 row = p.starts[source], row_end = p.starts[source + 1], begin = row + (u64)chunk * p.chunk_length;
    const u64 end = begin + p.chunk_length < row_end ? begin + p.chunk_length : row_end;
    if (p.synapse_bytes == 4)
        tbn_deliver_piece<u32>(p, step, spike % TBN_BATCH, begin, end);
    else
        tbn_deliver_piece<u64>(p, step, spike % TBN_BATCH, begin, end);
}

TBN_DEVICE void tbn_propagate_sparse_phase(const tbn_sparse_arguments& args, u64 step, tbn_place at, u32* starts)
{
    const u32 parts = (u32)args.projection_count;
    const u32 items = tbn_number_items(starts, parts, [&](u32 k)
    {
        const tbn_sparse_projection& p = args.projections[k];
        const u32 spikes = tbn_list_count(p.source, step);
        return tbn_is_pulled(p, spikes) ? 0 : spikes * p.chunks;
    });
    for (u32 item = tbn_warp_of(at); item < items; item += tbn_warps_of(at))
    {
        const u32 part = tbn_part_of(starts, parts, item);
        const tbn_sparse_projection p = args.projections[part]; // a copy: what is delivered could lie where the table does, for all that the compiler knows
        const u32 local = item - starts[part];
        tbn_deliver_row(p, step, tbn_list(p.source, step)[local / p.chunks], local % p.chunks);
    }
}
