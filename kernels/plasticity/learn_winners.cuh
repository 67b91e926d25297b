// Winner-take-all Hebbian learning; what it does and needs stands in learn_winners.cu. Two phases (tbn/phase.cuh); scratch of the weights: TBN_TILE + 1 words.

#define TBN_TILE 2048u  // sources whose weights lie in shared memory at a time, as bits; a multiple of 32

// The partial sums p[i mod 32] as the lanes of a warp, folded by halves: the one tree that every backend uses.
TBN_DEVICE f32 tbn_tree_sum(f32 partial)
{
#pragma unroll
    for (u32 h = 16; h > 0; h /= 2)
        partial = partial + __shfl_down_sync(TBN_ALL_LANES, partial, h);
    return partial;
}

TBN_DEVICE void tbn_learn_winner_weights_phase(const tbn_winner_arguments& args, u64 step, tbn_place at, u32* tile)
{
    const tbn_winner_projection& p = args.projection;
    const u32 winners = tbn_list_count(p.target, step);
    const u32* arrived = tbn_bit_row(p.source, step - p.delay);
    for (u32 n = at.block; n < winners; n += at.blocks)
    {
        const u32 winner = tbn_list(p.target, step)[n], instance = winner % TBN_BATCH;
        const f32 gain = p.learning_rate * (p.x[winner] - p.theta[winner]);
        f32* column = p.weights + winner;
        const u64 stride = (u64)p.targets * TBN_BATCH;
        f32 partial = 0.0f;
        for (u32 first = 0; first < p.sources; first += TBN_TILE)
        {
            const u32 count = tbn_min_u32(p.sources - first, TBN_TILE);
            for (u32 i = threadIdx.x; i < count; i += TBN_BLOCK)
            {
                const u32 source = (first + i) * TBN_BATCH + instance;
                f32 w = column[(first + i) * stride];
                if (arrived[source / 32] >> (source % 32) & 1)
                    column[(first + i) * stride] = w = w + gain;
                tile[i] = tbn_bits(w);
            }
            tbn_block_sync();
            if (tbn_warp() == 0)
                for (u32 i = tbn_lane(); i < count; i += TBN_WARP)
                    partial = partial + tbn_float(tile[i]);
            tbn_block_sync();
        }
        if (tbn_warp() == 0)
        {
            const f32 sum = tbn_tree_sum(partial);
            if (tbn_lane() == 0)
                tile[TBN_TILE] = tbn_bits(__fdiv_rn(p.weight_sum, sum));
        }
        tbn_block_sync();
        const f32 factor = tbn_float(tile[TBN_TILE]);
        for (u32 i = threadIdx.x; i < p.sources; i += TBN_BLOCK)
            column[i * stride] = column[i * stride] * factor;
        tbn_block_sync();
    }
}

TBN_DEVICE void tbn_learn_winner_thresholds_phase(const tbn_winner_arguments& args, u64 step, tbn_place at, u32*)
{
    const tbn_winner_projection& p = args.projection;
    for (u32 e = tbn_thread_of(at); e < p.target.elements; e += tbn_threads_of(at))
    {
        const f32 x = p.x[e];
        f32 largest = p.largest[e];
        if (x > largest)
            p.largest[e] = largest = x;
        u32 wins = p.wins[e];
        if (tbn_bit_row(p.target, step)[e / 32] >> (e % 32) & 1)
        {
            const f32 theta = p.theta[e];
            p.theta[e] = tbn_fma(p.threshold_gain, x - theta, theta);
            p.wins[e] = ++wins;
        }
        if (p.reset_every != 0 && (step + 1) % p.reset_every == 0 && (i32)wins < (i32)p.reset_below)
            p.theta[e] = p.reset_fraction * largest;
    }
}
