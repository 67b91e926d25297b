// Copies recorded state; what it does and needs stands in sample_state.cu. A phase (tbn/phase.cuh).

TBN_DEVICE void tbn_sample_state_phase(const tbn_sample_arguments& args, u64 step, tbn_place at, u32*)
{
    for (u32 block = at.block; block < args.blocks; block += at.blocks)
    {
        const tbn_sampling& s = args.samplings[args.block_owner[block]];
        const u32 element = (block - s.first_block) * TBN_BLOCK + threadIdx.x;
        if (element < s.elements && step % s.every == 0)
            s.samples[step / s.every % s.rows * s.elements + element] = s.state[element];
    }
}
