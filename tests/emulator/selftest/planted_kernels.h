// Kernels with one mistake each, and correct ones. Every kernel gets (out, scratch, n); scratch is zero at the start.
#pragma once

static const char* const planted_source = R"cuda(
typedef unsigned int u32;
struct Args { u32* out; u32* scratch; int n; };
#define KERNEL(name) extern "C" __global__ void name(const Args args)

KERNEL(out_of_bounds_far) { args.out[threadIdx.x + (threadIdx.x == 31 ? 100000 : 0)] = threadIdx.x; }
KERNEL(out_of_bounds_slack) { args.out[threadIdx.x] = threadIdx.x; if (threadIdx.x == 0) args.out[100] = 7; }
KERNEL(null_pointer) { u32* p = args.n == 0 ? args.out : (u32*)0; p[threadIdx.x] = 1; }

KERNEL(grid_barrier_without_residency)
{
    if (threadIdx.x == 0)
    {
        atomicAdd(args.scratch, 1u);
        while (atomicAdd(args.scratch, 0u) < gridDim.x)
            __nanosleep(20);
    }
    __syncthreads();
    args.out[blockIdx.x * blockDim.x + threadIdx.x] = 1;
}

KERNEL(bad_shuffle_source)
{
    u32 v = threadIdx.x;
    if (threadIdx.x < 8)
        v = __shfl_sync(0xffu, v, 12);
    args.out[threadIdx.x] = v;
}

KERNEL(primitive_in_divergent_code)
{
    u32 v = threadIdx.x;
    if (threadIdx.x & 1)
        v = __shfl_xor_sync(0xffffffffu, v, 1);
    __syncthreads();
    args.out[threadIdx.x] = v;
}

KERNEL(two_different_barriers)
{
    if (threadIdx.x < 32)
        __syncthreads();
    else
        __syncthreads();
    args.out[threadIdx.x] = threadIdx.x;
}

KERNEL(return_before_barrier)
{
    if (threadIdx.x == 5)
        return;
    __syncthreads();
    args.out[threadIdx.x] = threadIdx.x;
}

KERNEL(missing_barrier_before_read)
{
    __shared__ u32 s[64];
    s[threadIdx.x] = threadIdx.x + 1;
    args.out[threadIdx.x] = s[threadIdx.x ? threadIdx.x - 1 : 0];
}

KERNEL(missing_barrier_before_write)
{
    __shared__ u32 s[64];
    u32 v = threadIdx.x;
    for (int step = 0; step < 4; step++)
    {
        s[threadIdx.x] = v;
        __syncthreads();
        v += s[63 - threadIdx.x];
    }
    args.out[threadIdx.x] = v;
}

KERNEL(missing_syncwarp)
{
    __shared__ u32 s[32];
    volatile u32* p = s;
    p[threadIdx.x] = threadIdx.x + 1;
    args.out[threadIdx.x] = p[threadIdx.x ? threadIdx.x - 1 : 0];
}

KERNEL(accumulation_without_atomics)
{
    for (int i = 0; i < 4; i++)
        args.out[0] = args.out[0] + 1;
}

KERNEL(atomic_and_plain_read)
{
    atomicAdd(args.scratch, 1u);
    u32 seen = *args.scratch;
    args.out[threadIdx.x] = seen > 0;
}

KERNEL(hand_over_between_blocks)
{
    if (blockIdx.x == 0)
        args.scratch[threadIdx.x] = 1;
    else
        args.out[threadIdx.x] = args.scratch[threadIdx.x] < 2;
}

KERNEL(uninitialised_shared)
{
    __shared__ u32 s[64];
    if (threadIdx.x < 32)
        s[threadIdx.x] = 1;
    __syncthreads();
    args.out[threadIdx.x] = s[threadIdx.x];
}

KERNEL(dynamic_shared_overflow)
{
    extern __shared__ u32 dynamic[];
    dynamic[threadIdx.x] = threadIdx.x; // the launch gives 31 elements to 32 threads
    __syncthreads();
    args.out[threadIdx.x] = dynamic[threadIdx.x];
}

// Neurons of two blocks that read each other's last state: the step needs a grid barrier.
template <bool Barrier> __device__ void simulate(const Args& args)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x, n = gridDim.x * blockDim.x;
    for (int step = 0; step < 6; step++)
    {
        u32* now = args.scratch + (step & 1) * n;
        u32* next = args.scratch + (~step & 1) * n;
        next[i] = now[i] + now[(i + n / 2) % n] + i + 1;
        if (Barrier)
            emu_grid_sync();
        else
            __syncthreads();
    }
    args.out[i] = args.scratch[i];
}
KERNEL(simulation_without_grid_barrier) { simulate<false>(args); }
KERNEL(correct_simulation) { simulate<true>(args); }

KERNEL(correct_reduction)
{
    __shared__ u32 s[2][64];
    u32 v = threadIdx.x;
    for (int step = 0; step < 4; step++)
    {
        s[step & 1][threadIdx.x] = v;
        __syncthreads();
        v += s[step & 1][63 - threadIdx.x];
    }
    u32 ballot = __ballot_sync(0xffffffffu, v & 1);
    if ((threadIdx.x & 31) == 0)
        atomicAdd(args.scratch, (u32)__popc(ballot));
    args.out[threadIdx.x] = v;
}

KERNEL(correct_warp_exchange)
{
    __shared__ u32 s[32];
    u32 v = threadIdx.x + 1;
    for (int step = 0; step < 3; step++)
    {
        s[threadIdx.x] = v;
        __syncwarp();
        v += s[threadIdx.x ^ 1];
        __syncwarp();
    }
    if (threadIdx.x < 16)
    {
        s[threadIdx.x] = v;
        __syncwarp(0xffffu);
        v += s[threadIdx.x ^ 2];
    }
    args.out[threadIdx.x] = v;
}

KERNEL(correct_dynamic_shared)
{
    extern __shared__ __align__(16) u32 dynamic[];
    unsigned char* bytes = reinterpret_cast<unsigned char*>(dynamic + blockDim.x);
    dynamic[threadIdx.x] = threadIdx.x;
    bytes[threadIdx.x] = (unsigned char)threadIdx.x; // neighbours share words but no bytes
    __syncthreads();
    args.out[threadIdx.x] = dynamic[31 - threadIdx.x] + bytes[31 - threadIdx.x];
}
)cuda";
