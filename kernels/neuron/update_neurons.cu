// tbn_update_neurons - one step of every neuron of the populations that share this specialisation.
// Grid     : any; one thread per element where there are as many blocks as block_owner, which names the population of each, has entries
// Reads    : input slot of this step, currents, state, alive bits
// Writes   : state, spike bits and list of this step, spike totals; clears the input slot it read and the count of the next step's list. Competing populations: candidates for
//            the winner instead of spikes
// Order    : none between elements; lists do not ascend
// Syncs    : a ballot per warp, by all its lanes, and an atomic for those of its spikes
// Tunables : TBN_BLOCK 64, 128, 256, 512
// Constants: TBN_MODEL, TBN_BATCH, TBN_LESIONABLE, TBN_INPUT_..., TBN_WIDE_..., the model's parameters
// Reference: ReferencePopulation.Update; tests: CudaParityTests
#include "tbn/step.cuh"
#include "neuron/models.cuh"
#include "neuron/update_neurons.cuh"

TBN_KERNEL(tbn_update_neurons, TBN_BLOCK, tbn_update_arguments)
{
    tbn_update_neurons_phase(args, tbn_step(args.time), tbn_here(), nullptr);
}
