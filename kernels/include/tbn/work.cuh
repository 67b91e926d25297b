// Sharing work among all warps of a grid. Work comes in parts (a projection, a delay); part k has so many equal items. Every block works out the same prefix sums in shared
// memory and takes its items by number, so nothing is handed out at run time and no order depends on chance.
#pragma once
#include "tbn/platform.cuh"

// Inclusive sum over the lanes of a warp.
TBN_DEVICE u32 tbn_warp_sum(u32 value)
{
#pragma unroll
    for (u32 d = 1; d < TBN_WARP; d *= 2)
    {
        const u32 below = __shfl_up_sync(TBN_ALL_LANES, value, d);
        if (tbn_lane() >= d)
            value += below;
    }
    return value;
}

// Exclusive sum over the TBN_BLOCK threads of a block; every thread gets the total too. All threads must take part.
TBN_DEVICE u32 tbn_block_sum(u32 value, u32* total)
{
    __shared__ u32 sums[TBN_BLOCK / TBN_WARP];
    const u32 inclusive = tbn_warp_sum(value);
    if (tbn_lane() == TBN_WARP - 1)
        sums[tbn_warp()] = inclusive;
    tbn_block_sync();
    u32 before = 0, all = 0;
#pragma unroll
    for (u32 w = 0; w < TBN_BLOCK / TBN_WARP; w++)
    {
        before += w < tbn_warp() ? sums[w] : 0;
        all += sums[w];
    }
    tbn_block_sync();
    *total = all;
    return before + inclusive - value;
}

// Words of shared memory that numbering the items of up to TBN_BLOCK parts takes.
#define TBN_STARTS (TBN_BLOCK + 1)

// Numbers the items of all parts, part by part: starts[k] is the first number of part k, of which there are at most TBN_BLOCK. Gives the number of all items.
// count(k): items of part k. All threads of the block must take part. One warp does it, with four loads in flight: were all to do it, none would be done sooner.
template <class Count> TBN_DEVICE u32 tbn_number_items(u32* starts, u32 parts, Count count)
{
    if (tbn_warp() == 0)
    {
        u32 before = 0;
        for (u32 first = 0; first < parts; first += 4 * TBN_WARP)
        {
            u32 mine[4];
#pragma unroll
            for (u32 j = 0; j < 4; j++)
                mine[j] = first + j * TBN_WARP + tbn_lane() < parts ? count(first + j * TBN_WARP + tbn_lane()) : 0;
#pragma unroll
            for (u32 j = 0; j < 4; j++)
            {
                const u32 k = first + j * TBN_WARP + tbn_lane(), inclusive = tbn_warp_sum(mine[j]);
                if (k < parts)
                    starts[k] = before + inclusive - mine[j];
                before += __shfl_sync(TBN_ALL_LANES, inclusive, (int)TBN_WARP - 1);
            }
        }
        if (tbn_lane() == 0)
            starts[parts] = before;
    }
    tbn_block_sync();
    return starts[parts];
}

// The part that an item is of. All lanes of the warp ask for the same item.
TBN_DEVICE u32 tbn_part_of(const u32* starts, u32 parts, u32 item)
{
    u32 low = 0, high = parts;
    while (high - low > TBN_WARP)
    {
        const u32 middle = (low + high) / 2;
        if (starts[middle] <= item)
            low = middle;
        else
            high = middle;
    }
    const u32 k = low + tbn_lane();
    return low + (u32)__popc(tbn_ballot(k < high && starts[k] <= item)) - 1;
}
