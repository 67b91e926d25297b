// tbn_sample_state - copies recorded state variables at the end of a step.
// Grid     : one thread per element of each recording; block_owner names the recording of each block
// Reads    : state
// Writes   : the row of this step, in the steps that the recording samples
// Order    : none
// Syncs    : none
// Tunables : TBN_BLOCK
// Reference: ReferenceRecording.Record
#include "tbn/arguments.cuh"

TBN_KERNEL(tbn_sample_state, TBN_BLOCK, tbn_sample_arguments)
{
    const tbn_sampling& s = args.samplings[args.block_owner[blockIdx.x]];
    const u64 step = tbn_step(args.time);
    const u32 element = (blockIdx.x - s.first_block) * TBN_BLOCK + threadIdx.x;
    if (element < s.elements && step % s.every == 0)
        s.samples[step / s.every % s.rows * s.elements + element] = s.state[element];
}
