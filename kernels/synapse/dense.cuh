// What the kernels of dense projections share: items (projection, group of spikes, chunk of TBN_TARGETS targets) for the warps of the grid. A lane adds up a target's
// weights over the group of TBN_GROUP spikes before it touches the ring.
// Part of a phase (tbn/phase.cuh).

// Weights that a lane asks for before it uses the first.
#define TBN_FLIGHT 8u

// A lane holds one spike of the group.
static_assert(TBN_GROUP <= TBN_WARP, "a group of spikes has more than a warp has lanes");

typedef tbn_sum_of<TBN_WIDE>::type tbn_sum;

TBN_DEVICE tbn_sum* tbn_slot(const tbn_dense_projection& p, u64 step) { return (tbn_sum*)p.ring.sums + (u64)(((u32)step + p.ahead) & p.ring.mask) * p.ring.elements; }

// Calls deliver(projection, the spike that this lane holds, number of spikes, chunk of targets) for each item of this warp, with all its lanes. The spikes are those of `delay`
// steps ago. starts: shared, TBN_STARTS long.
template <class Deliver> TBN_DEVICE void tbn_dense_items(const tbn_dense_arguments& args, u64 step, tbn_place at, u32* starts, Deliver deliver)
{
    const u32 parts = (u32)args.projection_count;
    const u32 items = tbn_number_items(starts, parts, [&](u32 k)
    {
        const tbn_dense_projection& p = args.projections[k];
        return (tbn_list_count(p.source, step - p.delay) + TBN_GROUP - 1) / TBN_GROUP * p.chunks;
    });
    for (u32 item = tbn_warp_of(at); item < items; item += tbn_warps_of(at))
    {
        const u32 part = tbn_part_of(starts, parts, item);
        const tbn_dense_projection& p = args.projections[part];
        const u32 local = item - starts[part], chunks = p.chunks, first = local / chunks * TBN_GROUP;
        // Not guarded by the number of spikes, and not by a branch, so that both loads are under way together: what a lane holds beyond the spikes, nobody asks for.
        const u32 spike = tbn_list(p.source, step - p.delay)[tbn_min_u32(first + tbn_lane(), p.source.elements - 1)];
        deliver(p, spike, tbn_min_u32(tbn_list_count(p.source, step - p.delay) - first, TBN_GROUP), local % chunks);
    }
}

// Calls add(spike, load(spike)) for each of the group's `count` spikes, at least one; lane s holds spike s. With a batch of 1, where add only sums, it also gets zeros: without a
// condition before it, nothing keeps the compiler from asking for all weights first. All lanes must take part.
template <class Weight, class Load, class Add> TBN_DEVICE void tbn_each_spike(u32 held, u32 count, Load load, Add add)
{
    u32 first = 0;
    do
    {
        u32 spikes[TBN_FLIGHT];
        Weight weights[TBN_FLIGHT];
#pragma unroll
        for (u32 k = 0; k < TBN_FLIGHT; k++)
        {
            spikes[k] = __shfl_sync(TBN_ALL_LANES, held, (int)(first + k));
            weights[k] = first + k < count ? load(spikes[k]) : (Weight)0;
        }
#pragma unroll
        for (u32 k = 0; k < TBN_FLIGHT; k++)
            if (TBN_BATCH == 1 || first + k < count)
                add(spikes[k], weights[k]);
        first += TBN_FLIGHT;
    } while (first < count);
}
