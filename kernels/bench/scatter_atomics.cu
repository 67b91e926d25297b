// tbn_bench_scatter_atomics - integer additions to places all over an array, as delivery makes them: how many a second.
// Grid     : any; every thread adds 1 `each` times, at places that a hash of (thread, turn, salt) names
// Reads    : nothing
// Writes   : sums, by integer atomics; their total grows by threads x each
// Order    : none; integer sums do not depend on it
// Syncs    : none
// Tunables : TBN_BLOCK
// Constants: TBN_WIDE: 64-bit sums
#include "tbn/fixed_point.cuh"

struct tbn_bench_atomics_arguments
{
    void* sums;
    u64 length;
    u32 each;
    u32 salt;
};

// Finaliser of MurmurHash3: cheap, and neighbours end far apart.
TBN_DEVICE u32 tbn_bench_hash(u32 x)
{
    x = (x ^ x >> 16) * 0x85EBCA6Bu;
    x = (x ^ x >> 13) * 0xC2B2AE35u;
    return x ^ x >> 16;
}

TBN_KERNEL(tbn_bench_scatter_atomics, TBN_BLOCK, tbn_bench_atomics_arguments)
{
    typedef tbn_sum_of<TBN_WIDE>::type Sum;
    const u32 first = (blockIdx.x * TBN_BLOCK + threadIdx.x) * args.each;
    for (u32 k = 0; k < args.each; k++)
        tbn_deliver((Sum*)args.sums + (tbn_bench_hash(first + k + args.salt) * args.length >> 32), (Sum)1);
}
