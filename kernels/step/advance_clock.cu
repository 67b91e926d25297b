// tbn_advance_clock - the last node of a graph: moves the clock on by the steps that the graph holds.
// Grid     : one thread
// Reads    : clock
// Writes   : clock
#include "tbn/arguments.cuh"

TBN_KERNEL(tbn_advance_clock, 32, tbn_advance_arguments)
{
    if (threadIdx.x == 0)
        *args.clock += args.steps;
}
