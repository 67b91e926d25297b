// Winner-take-all Hebbian learning, in two launches, because every winner needs its threshold as it was.
// Constants: TBN_BATCH
// Reference: ReferenceWinnerTakeAll.Learn, docs/numerics.md
#include "tbn/step.cuh"
#include "plasticity/learn_winners.cuh"

// tbn_learn_winner_weights - strengthens the weights from sources whose spikes arrived, then scales the winner's weights to their sum.
// Grid     : any; one block per winner at a time
// Reads    : winners of this step, spike bits of step - delay, x, theta
// Writes   : the winners' columns of weights
// Order    : sum by the fixed tree over sources modulo 32
// Syncs    : the block, uniformly
// Tunables : TBN_BLOCK 128, 256, 512
TBN_KERNEL(tbn_learn_winner_weights, TBN_BLOCK, tbn_winner_arguments)
{
    __shared__ u32 tile[TBN_TILE + 1];
    tbn_learn_winner_weights_phase(args, tbn_step(args.time), tbn_here(), tile);
}

// tbn_learn_winner_thresholds - thresholds, wins and largest inputs of all units; now and then the reset of units that never win.
// Grid     : any; threads share the target elements
// Reads    : spike bits of this step, x
// Writes   : theta, wins, largest
// Order    : none between elements
// Syncs    : none
// Tunables : TBN_BLOCK
TBN_KERNEL(tbn_learn_winner_thresholds, TBN_BLOCK, tbn_winner_arguments)
{
    tbn_learn_winner_thresholds_phase(args, tbn_step(args.time), tbn_here(), nullptr);
}
