// tbn_bench_empty - does nothing: what a launch and a node of a graph cost.
// Grid     : any
// Reads    : nothing
// Writes   : nothing
// Syncs    : none
#include "tbn/platform.cuh"

struct tbn_bench_empty_arguments { u64 unused; };

TBN_KERNEL(tbn_bench_empty, TBN_BLOCK, tbn_bench_empty_arguments)
{
    (void)args;
}
