// Winner-take-all Hebbian learning, in two launches, because every winner needs its threshold as it was.
// Constants: TBN_BATCH
// Reference: ReferenceWinnerTakeAll.Learn, docs/numerics.md
#include "tbn/arguments.cuh"
#include "tbn/math.cuh"

#define TBN_TILE 2048u  // sources whose weights lie in shared memory at a time, a multiple of 32

// The partial sums p[i mod 32] as the lanes of a warp, folded by halves: the one tree that every backend uses.
TBN_DEVICE f32 tbn_tree_sum(f32 partial)
{
#pragma unroll
    for (u32 h = 16; h > 0; h /= 2)
        partial = partial + __shfl_down_sync(TBN_ALL_LANES, partial, h);
    return partial;
}

// tbn_learn_winner_weights - strengthens the weights from sources whose spikes arrived, then scales the winner's weights to their sum.
// Grid     : any; one block per winner at a time
// Reads    : winners of this step, spike bits of step - delay, x, theta
// Writes   : the winners' columns of weights
// Order    : sum by the fixed tree over sources modulo 32
// Syncs    : the block, uniformly
// Tunables : TBN_BLOCK 128, 256, 512
TBN_KERNEL(tbn_learn_winner_weights, TBN_BLOCK, tbn_winner_arguments)
{
    __shared__ f32 tile[TBN_TILE];
    __shared__ f32 scale;
    const tbn_winner_projection& p = args.projection;
    const u64 step = tbn_step(args.time);
    const u32 winners = tbn_list_count(p.target, step);
    const u32* arrived = tbn_bit_row(p.source, step - p.delay);
    for (u32 n = blockIdx.x; n < winners; n += gridDim.x)
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
                tile[i] = w;
            }
            tbn_block_sync();
            if (tbn_warp() == 0)
                for (u32 i = tbn_lane(); i < count; i += TBN_WARP)
                    partial = partial + tile[i];
            tbn_block_sync();
        }
        if (tbn_warp() == 0)
        {
            const f32 sum = tbn_tree_sum(partial);
            if (tbn_lane() == 0)
                scale = __fdiv_rn(p.weight_sum, sum);
        }
        tbn_block_sync();
        const f32 factor = scale;
        for (u32 i = threadIdx.x; i < p.sources; i += TBN_BLOCK)
            column[i * stride] = column[i * stride] * factor;
        tbn_block_sync();
    }
}

// tbn_learn_winner_thresholds - thresholds, wins and largest inputs of all units; now and then the reset of units that never win.
// Grid     : one thread per target element
// Reads    : spike bits of this step, x
// Writes   : theta, wins, largest
// Order    : none between elements
// Syncs    : none
// Tunables : TBN_BLOCK
TBN_KERNEL(tbn_learn_winner_thresholds, TBN_BLOCK, tbn_winner_arguments)
{
    const tbn_winner_projection& p = args.projection;
    const u64 step = tbn_step(args.time);
    const u32 e = blockIdx.x * TBN_BLOCK + threadIdx.x;
    if (e >= p.target.elements)
        return;
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
