// What the arrivals of plastic projections share: items (delay, spike of step - delay, chunk of its run) for the warps of the grid.
// Part of a phase (tbn/phase.cuh).

// Calls arrive(spike, number of its delay, first synapse, end of the synapses) for each item of this warp. All threads of the block must take part. starts: shared, TBN_STARTS long.
template <class Projection, class Arrive> TBN_DEVICE void tbn_arrivals(const Projection& p, u64 step, tbn_place at, u32* starts, Arrive arrive)
{
    for (u32 first = 0; first < p.delays; first += TBN_BLOCK)
    {
        const u32 parts = tbn_min_u32(p.delays - first, TBN_BLOCK);
        const u32 items = tbn_number_items(starts, parts, [&](u32 k) { return tbn_list_count(p.source, step - (p.min_delay + first + k)) * p.run_chunks; });
        for (u32 item = tbn_warp_of(at); item < items; item += tbn_warps_of(at))
        {
            const u32 part = tbn_part_of(starts, parts, item), local = item - starts[part], delay = first + part;
            const u32 spike = tbn_list(p.source, step - (p.min_delay + delay))[local / p.run_chunks];
            const u64* run = p.run_starts + (u64)(spike / TBN_BATCH) * p.delays + delay;
            const u64 begin = run[0] + (u64)(local % p.run_chunks) * p.chunk_length, run_end = run[1];
            arrive(spike, delay, begin, begin + p.chunk_length < run_end ? begin + p.chunk_length : run_end);
        }
        tbn_block_sync();
    }
}
