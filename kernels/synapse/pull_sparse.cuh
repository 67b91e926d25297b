// Delivery over static sparse projections by target, for steps in which many sources spike; what it does and needs stands in pull_sparse.cu.
// A phase (tbn/phase.cuh); scratch: TBN_STARTS words.
#include "synapse/sparse.cuh"

// What a synapse of a column brings in a step with these spikes: its weight, or nothing.
TBN_DEVICE i32 tbn_arriving(const tbn_sparse_projection& p, const u32* bits, tbn_synapse synapse, u32 instance)
{
    const u32 source = tbn_partner(p, synapse) * TBN_BATCH + instance;
    return bits[source / 32] >> (source % 32) & 1 ? tbn_weight(synapse) : 0;
}

TBN_DEVICE tbn_synapse tbn_synapse_at(const tbn_sparse_projection& p, u64 k) { return p.synapse_bytes == 4 ? ((const u32*)p.synapses)[k] : ((const u64*)p.synapses)[k]; }

// A piece of a column in which all delays are equal: one sum. It fits 32 bits, as the host makes pieces of at most 65,536 synapses.
TBN_DEVICE void tbn_pull_one_delay(const tbn_sparse_projection& p, u64 step, u32 element, u64 begin, u64 end)
{
    const u32* bits = tbn_bit_row(p.source, step);
    i32 sum = 0;
    for (u64 k = begin + tbn_lane(); k < end; k += TBN_WARP)
        sum += tbn_arriving(p, bits, tbn_synapse_at(p, k), element % TBN_BATCH);
    sum = (i32)tbn_warp_sum((u32)sum);
    if (tbn_lane() == TBN_WARP - 1 && sum != 0)
        tbn_deliver_after(p, step, tbn_delay(p, tbn_synapse_at(p, begin)), element, sum);
}

// A piece with several delays: each 32 synapses make a sum for each delay among them, told apart by the running sum at the last lane of each.
TBN_DEVICE void tbn_pull_delays(const tbn_sparse_projection& p, u64 step, u32 element, u64 begin, u64 end)
{
    const u32* bits = tbn_bit_row(p.source, step);
    for (u64 first = begin; first < end; first += TBN_WARP)
    {
        const u64 k = first + tbn_lane();
        const tbn_synapse synapse = tbn_synapse_at(p, k < end ? k : end - 1);
        const u32 running = tbn_warp_sum(k < end ? (u32)tbn_arriving(p, bits, synapse, element % TBN_BATCH) : 0);
        const u32 delay = tbn_delay(p, synapse);
        const bool last = __shfl_down_sync(TBN_ALL_LANES, delay, 1) != delay || tbn_lane() == TBN_WARP - 1;
        const u32 lasts_before = tbn_ballot(last) & ((1u << tbn_lane()) - 1);
        const u32 before = __shfl_sync(TBN_ALL_LANES, running, lasts_before != 0 ? 31 - __clz((i32)lasts_before) : 0);
        const i32 sum = (i32)(running - (lasts_before != 0 ? before : 0));
        if (last && sum != 0)
            tbn_deliver_after(p, step, delay, element, sum);
    }
}

TBN_DEVICE void tbn_pull_piece(const tbn_sparse_projection& p, u64 step, u32 element, u32 chunk)
{
    const u32 target = element / TBN_BATCH;
    const u64 column_end = p.starts[target + 1], begin = p.starts[target] + (u64)chunk * p.chunk_length;
    const u64 end = begin + p.chunk_length < column_end ? begin + p.chunk_length : column_end;
    if (begin >= end)
        return;
    // A column is sorted by delay.
    if (tbn_delay(p, tbn_synapse_at(p, begin)) == tbn_delay(p, tbn_synapse_at(p, end - 1)))
        tbn_pull_one_delay(p, step, element, begin, end);
    else
        tbn_pull_delays(p, step, element, begin, end);
}

TBN_DEVICE void tbn_pull_sparse_phase(const tbn_sparse_arguments& args, u64 step, tbn_place at, u32* starts)
{
    const u32 parts = (u32)args.projection_count;
    const u32 items = tbn_number_items(starts, parts, [&](u32 k)
    {
        const tbn_sparse_projection& p = args.projections[k];
        return tbn_is_pulled(p, tbn_list_count(p.source, step)) ? p.ring.elements * p.chunks : 0;
    });
    for (u32 item = tbn_warp_of(at); item < items; item += tbn_warps_of(at))
    {
        const u32 part = tbn_part_of(starts, parts, item);
        const tbn_sparse_projection& p = args.projections[part];
        const u32 local = item - starts[part];
        tbn_pull_piece(p, step, local / p.chunks, local % p.chunks);
    }
}
