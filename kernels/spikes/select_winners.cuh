// The spike of each instance of each competing population; what it does and needs stands in select_winners.cu. A phase (tbn/phase.cuh).

TBN_DEVICE void tbn_select_winners_phase(const tbn_select_arguments& args, u64 step, tbn_place at, u32*)
{
    for (u64 k = tbn_thread_of(at); k < args.population_count * TBN_BATCH; k += tbn_threads_of(at))
    {
        const tbn_population& p = args.populations[k / TBN_BATCH];
        const u64 key = p.winners[k % TBN_BATCH];
        if (key == 0)
            continue;
        p.winners[k % TBN_BATCH] = 0;
        const u32 element = ~(u32)key;
        atomicOr(tbn_bit_row(p.spikes, step) + element / 32, 1u << element % 32);
        p.spike_totals[element]++;
    }
}
