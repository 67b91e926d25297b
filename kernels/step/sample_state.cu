// tbn_sample_state - copies recorded state variables at the end of a step.
// Grid     : any; one thread per element of each recording where there are as many blocks as block_owner, which names the recording of each, has entries
// Reads    : state
// Writes   : the row of this step, in the steps that the recording samples
// Order    : none
// Syncs    : none
// Tunables : TBN_BLOCK
// Reference: ReferenceRecording.Record
#include "tbn/step.cuh"
#include "step/sample_state.cuh"

TBN_KERNEL(tbn_sample_state, TBN_BLOCK, tbn_sample_arguments)
{
    tbn_sample_state_phase(args, tbn_step(args.time), tbn_here(), nullptr);
}
