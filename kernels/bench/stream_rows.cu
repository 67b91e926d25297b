// tbn_bench_stream_rows - reads chosen rows of a large matrix in chunks, shared out as in tbn_propagate_sparse, and adds up what it reads: bytes a second without delivery.
// Grid     : any; the warps of the grid share the items (row, chunk)
// Reads    : chosen, rows
// Writes   : sums, one per thread, where it is not 0
// Syncs    : none
// Tunables : TBN_BLOCK; chunk length
#include "tbn/phase.cuh"

struct tbn_bench_rows_arguments
{
    const u32* rows;
    const u32* chosen;
    u32* sums;
    u32 row_length;
    u32 count;          // rows chosen
    u32 chunks;         // of a row
    u32 chunk_length;
};

TBN_KERNEL(tbn_bench_stream_rows, TBN_BLOCK, tbn_bench_rows_arguments)
{
    const u32 items = args.count * args.chunks;
    u32 sum = 0;
    for (u32 item = tbn_warp_of(tbn_here()); item < items; item += tbn_warps_of(tbn_here()))
    {
        const u32* row = args.rows + (u64)args.chosen[item / args.chunks] * args.row_length;
        const u32 begin = item % args.chunks * args.chunk_length, end = tbn_min_u32(begin + args.chunk_length, args.row_length);
        for (u32 k = begin + tbn_lane(); k < end; k += TBN_WARP)
            sum += row[k];
    }
    if (sum != 0)
        args.sums[blockIdx.x * TBN_BLOCK + threadIdx.x] = sum;
}
