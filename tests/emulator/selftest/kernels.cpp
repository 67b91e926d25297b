// The device side: intrinsics against plain C++, warp primitives, barriers, cooperative launches.
#include "check.h"

#include <climits>
#include <cmath>
#include <cstring>
#include <limits>

// A kernel over one warp whose body sets `r`; the results of the lanes.
static std::vector<unsigned> warp(const std::string& body, unsigned threads = 32)
{
    Loaded loaded("typedef unsigned int u32; typedef unsigned long long u64; extern \"C\" __global__ void k(u32* out) { u32 i = threadIdx.x, r = 0; " + body + " out[i] = r; }");
    Buffer<unsigned> buffer((size_t)threads, 0xdeadu);
    call(launch(loaded.function("k"), {1, threads}, buffer.address), "launch");
    return buffer.read();
}

static void expect_lanes(const std::string& body, const std::function<unsigned(unsigned)>& expected, unsigned threads = 32)
{
    std::vector<unsigned> values = warp(body, threads);
    for (unsigned i = 0; i < threads; i++)
        expect(values[i] == expected(i), body + ": lane " + std::to_string(i) + " has " + std::to_string(values[i]) + " instead of " + std::to_string(expected(i)));
}

static void primitives()
{
    const char* all = "const u32 all = 0xffffffffu; ";
    auto with = [=](const char* body) { return std::string(all) + body; };
    check("shuffles", [=] {
        expect_lanes(with("r = __shfl_sync(all, i * 3, 5);"), [](unsigned) { return 15u; });
        expect_lanes(with("r = __shfl_sync(all, i, 1, 8);"), [](unsigned i) { return (i & 24) + 1; });
        expect_lanes(with("r = __shfl_up_sync(all, i, 3);"), [](unsigned i) { return i < 3 ? i : i - 3; });
        expect_lanes(with("r = __shfl_down_sync(all, i, 2, 16);"), [](unsigned i) { return (i & 15) < 14 ? i + 2 : i; });
        expect_lanes(with("r = __shfl_xor_sync(all, i, 5);"), [](unsigned i) { return i ^ 5; });
        expect_lanes(with("r = (u32)(__shfl_xor_sync(all, (u64)i << 40, 1) >> 40);"), [](unsigned i) { return i ^ 1; });
        expect_lanes(with("r = (u32)__shfl_down_sync(all, i * 0.5f, 4);"), [](unsigned i) { return (unsigned)((i < 28 ? i + 4 : i) * 0.5f); });
    });
    check("votes and matches", [=] {
        expect_lanes(with("r = __ballot_sync(all, i & 1);"), [](unsigned) { return 0xaaaaaaaau; });
        expect_lanes(with("r = __any_sync(all, i == 7) + 2 * __all_sync(all, i < 32) + 4 * __any_sync(all, 0) + 8 * __all_sync(all, i != 7);"), [](unsigned) { return 3u; });
        expect_lanes(with("r = __match_any_sync(all, i / 8);"), [](unsigned i) { return 0xffu << i / 8 * 8; });
        expect_lanes(with("int p; r = __match_all_sync(all, 5, &p) == all && p;"), [](unsigned) { return 1u; });
        expect_lanes("if (i < 8) r = __ballot_sync(0xffu, i > 3); else r = __ballot_sync(0xffffff00u, 1);", [](unsigned i) { return i < 8 ? 0xf0u : 0xffffff00u; });
        expect_lanes("r = (__activemask() >> i) & 1;", [](unsigned) { return 1u; });
        expect_lanes("r = __ballot_sync(0xffffffffu, 1);", [](unsigned) { return 0xfffffu; }, 20);
    });
    check("reductions of a warp", [=] {
        expect_lanes(with("r = __reduce_add_sync(all, i) + __reduce_max_sync(all, i) * 1000 + __reduce_min_sync(all, i + 3) * 100000;"), [](unsigned) { return 496 + 31000 + 300000u; });
        expect_lanes(with("r = (u32)(__reduce_min_sync(all, (int)i - 9) + 100 * __reduce_max_sync(all, (int)i - 40));"), [](unsigned) { return (unsigned)-909; });
        expect_lanes(with("r = __reduce_or_sync(all, i) + 100 * __reduce_and_sync(all, i | 4) + 1000 * __reduce_xor_sync(all, i);"), [](unsigned) { return 431u; });
    });
    check("barriers that count", [] {
        expect_lanes("r = __syncthreads_count(i < 40) + 1000 * __syncthreads_and(i < 64) + 2000 * __syncthreads_or(i == 64);", [](unsigned) { return 1040u; }, 64);
    });
    check("lanes that have returned are not waited for", [=] {
        expect_lanes(with("if (i >= 16) return; r = __ballot_sync(all, 1) & 0xffffu;"), [](unsigned i) { return i < 16 ? 0xffffu : 0xdeadu; });
    });
}

static void arithmetic()
{
    check("bit functions", [] {
        expect_lanes("r = __popc(i * 77) + 100 * __clz((int)i) + 10000 * __ffs((int)i);",
            [](unsigned i) { return (unsigned)(__builtin_popcount(i * 77) + 100 * (i ? __builtin_clz(i) : 32) + 10000 * __builtin_ffs((int)i)); });
        expect_lanes("r = __popcll((u64)i << 33 | i) + 100 * __clzll((long long)i << 20) + 10000 * __ffsll((long long)i << 40);", [](unsigned i) {
            return (unsigned)(2 * __builtin_popcount(i) + 100 * (i ? __builtin_clzll((unsigned long long)i << 20) : 64) + 10000 * __builtin_ffsll((long long)i << 40));
        });
        expect_lanes("r = __brev(i + 1) ^ (u32)__brevll(1ull << 63 >> i);", [](unsigned i) {
            unsigned r = 0;
            for (int b = 0; b < 32; b++)
                r |= (i + 1) >> b & 1 ? 1u << (31 - b) : 0;
            return r ^ (1u << i);
        });
        expect_lanes("r = __byte_perm(0x33221100u + i, 0x77665544u, 0x7531u) ^ __byte_perm(0x80u, 0, 0x8888u);", [](unsigned i) { return (0x77553300u | ((0x33221100u + i) >> 8 & 255)) ^ 0xffffffffu; });
        expect_lanes("r = __funnelshift_l(0x89abcdefu, 0x01234567u, i) ^ __funnelshift_r(0x89abcdefu, 0x01234567u, i);", [](unsigned i) {
            unsigned long long v = 0x0123456789abcdefull;
            return (unsigned)(v << i >> 32) ^ (unsigned)(v >> i);
        });
        expect_lanes("r = __umulhi(0xdeadbeefu, i * 0x12345678u) ^ (u32)__umul64hi(0xdeadbeef12345678ull, (u64)i << 60) ^ (u32)__mulhi(-77777777, (int)i * 1234567);", [](unsigned i) {
            unsigned a = (unsigned)((unsigned long long)0xdeadbeefu * (i * 0x12345678u) >> 32);
            unsigned b = (unsigned)((unsigned __int128)0xdeadbeef12345678ull * ((unsigned long long)i << 60) >> 64);
            return a ^ b ^ (unsigned)((long long)-77777777 * ((int)i * 1234567) >> 32);
        });
    });
    check("arithmetic is IEEE and unfused", [] {
        expect_lanes("volatile float a = 1.0f + i * 0x1p-12f, c = -1.0f; r = __float_as_uint(a * a + c) ^ (__float_as_uint(fmaf(a, a, c)) << 1);", [](unsigned i) {
            volatile float a = 1.0f + (float)i * 0x1p-12f, square = a * a;
            float plain = square + -1.0f, fused = std::fmaf(a, a, -1.0f);
            unsigned x, y;
            memcpy(&x, &plain, 4);
            memcpy(&y, &fused, 4);
            return x ^ y << 1;
        });
        expect_lanes("r = (u32)(int)rintf(i * 0.5f) + 100 * (u32)__float2int_rn(i + 0.5f) + 10000 * (u32)__float2int_rd(i * 0.25f);",
            [](unsigned i) { return (unsigned)std::rint(i * 0.5f) + 100 * (unsigned)std::rint(i + 0.5f) + 10000 * (unsigned)std::floor(i * 0.25f); });
        expect_lanes("r = __float_as_uint(__fdiv_rn(1.0f, __fadd_rn(i, 1.0f))) ^ __float_as_uint(__fsqrt_rn(__fmul_rn(i, 3.0f)));", [](unsigned i) {
            float a = 1.0f / ((float)i + 1.0f), b = std::sqrt((float)i * 3.0f);
            unsigned x, y;
            memcpy(&x, &a, 4);
            memcpy(&y, &b, 4);
            return x ^ y;
        });
    });
    check("conversions saturate", [] {
        expect_lanes("float v = i & 1 ? 1e20f : -1e20f; if (i > 29) v = __int_as_float(0x7fc00000); r = (u32)__float2int_rn(v);",
            [](unsigned i) { return i > 29 ? 0u : i & 1 ? (unsigned)INT_MAX : (unsigned)INT_MIN; });
    });
    check("atomics return what was there", [] {
        Loaded loaded(R"(
extern "C" __global__ void k(int* a, unsigned* u, unsigned long long* l, float* f)
{
    int i = threadIdx.x;
    atomicAdd(a, i); atomicSub(a + 1, 1); atomicMax(a + 2, i); atomicMin(a + 3, -i);
    atomicAnd(u, ~(1u << i)); atomicOr(u + 1, 1u << i); atomicXor(u + 2, 3u);
    if (i == 7) { u[3] = atomicExch(u + 3, 9u); u[4] = atomicCAS(u + 4, 5u, 6u) + 10 * atomicCAS(u + 5, 1u, 6u); }
    atomicAdd(l, 1ull << 40); atomicMax(l + 1, (unsigned long long)i << 35); atomicCAS(l + 2, (unsigned long long)i, i + 1ull);
    atomicAdd(f, 0.5f);
}
)");
        Buffer<int> a((size_t)4, 0);
        Buffer<unsigned> u(std::vector<unsigned>{0xffffffffu, 0, 0, 4, 5, 5});
        Buffer<unsigned long long> l((size_t)3, 0ull);
        Buffer<float> f((size_t)1, 0.0f);
        call(launch(loaded.function("k"), {1, 32}, a.address, u.address, l.address, f.address), "launch");
        expect(a.read() == std::vector<int>({496, -32, 31, -31}), "int");
        auto bits = u.read();
        expect(bits[0] == 0 && bits[1] == 0xffffffffu && bits[2] == 0 && bits[3] == 4 && bits[4] == 55 && bits[5] == 5, "unsigned");
        expect(l.read() == std::vector<unsigned long long>({32ull << 40, 31ull << 35, 32}), "64 bits");
        expect(f.read()[0] == 16.0f, "float");
    });
    check("vectors have CUDA's alignment", [] {
        expect_lanes("r = alignof(float4) + 100 * alignof(int2) + 10000 * sizeof(uint3); float4 v = make_float4(1, 2, 3, i); r += 1000000 * (u32)v.w; uint2 w = make_uint2(1, 2); r += w.y;",
            [](unsigned i) { return 16 + 800 + 120000 + 1000000 * i + 2; });
    });
}

static void grids()
{
    check("indices in three dimensions", [] {
        Loaded loaded("extern \"C\" __global__ void k(unsigned* out) {"
                      " unsigned block = blockIdx.x + gridDim.x * (blockIdx.y + gridDim.y * blockIdx.z), thread = threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z);"
                      " out[block * 24 + thread] = threadIdx.x + 10 * threadIdx.y + 100 * threadIdx.z + 1000 * blockIdx.x + 10000 * blockIdx.y + 100000 * blockIdx.z; }");
        Buffer<unsigned> out((size_t)24 * 24, 0u);
        void* pointers[] = {&out.address};
        CALL(cuLaunchKernel(loaded.function("k"), 2, 3, 4, 4, 3, 2, 0, nullptr, pointers, nullptr));
        auto values = out.read();
        for (unsigned block = 0; block < 24; block++)
            for (unsigned thread = 0; thread < 24; thread++)
                expect_equal(values[block * 24 + thread], thread % 4 + 10 * (thread / 4 % 3) + 100 * (thread / 12) + 1000 * (block % 2) + 10000 * (block / 2 % 3) + 100000 * (block / 6), "index");
    });
    check_emulated("cooperative blocks meet at grid barriers", [] {
        Loaded loaded(R"(
extern "C" __global__ void k(unsigned* sums, unsigned* out)
{
    __shared__ unsigned own[2];
    extern __shared__ unsigned dynamic[];
    if (threadIdx.x < 2) own[threadIdx.x] = blockIdx.x + threadIdx.x;
    dynamic[threadIdx.x] = blockIdx.x;
    __syncthreads();
    for (int step = 0; step < 5; step++)
    {
        if (threadIdx.x == 0) atomicAdd(sums + step, own[0]);
        emu_grid_sync();
        if (sums[step] != 28 || own[1] != blockIdx.x + 1 || dynamic[threadIdx.x] != blockIdx.x) out[0] = 1;
    }
    if (threadIdx.x == 0) atomicAdd(out + 1, 1u);
}
)");
        for (unsigned long long seed : {0, 1, 2, 3})
        {
            cuda.tbnemu_set_seed(seed);
            Buffer<unsigned> sums((size_t)5, 0u), out((size_t)2, 0u);
            call(launch(loaded.function("k"), {8, 64, 256, nullptr, true}, sums.address, out.address), "launch");
            expect(out.read() == std::vector<unsigned>({0, 8}), "seed " + std::to_string(seed));
        }
    });
    check("a hand-made grid barrier works in a cooperative launch", [] {
        Loaded loaded(R"(
extern "C" __global__ void k(unsigned* state, unsigned* out)
{
    for (unsigned step = 1; step <= 5; step++)
    {
        __syncthreads();
        if (threadIdx.x == 0)
        {
            atomicAdd(state + 1, 1u);
            __threadfence();
            atomicAdd(state, 1u);
            while (atomicAdd(state, 0u) < step * gridDim.x) __nanosleep(40);
            if (atomicAdd(state + 1, 0u) < step * gridDim.x) *out = 1;
        }
        __syncthreads();
    }
}
)");
        Buffer<unsigned> state((size_t)2, 0u), out((size_t)1, 0u);
        call(launch(loaded.function("k"), {4, 64, 0, nullptr, true}, state.address, out.address), "launch");
        expect_equal(out.read()[0], 0, "out");
    });
    check("templates with shared memory", [] {
        Loaded loaded(R"(
template <int N> __device__ unsigned rotate(unsigned v)
{
    __shared__ unsigned s[N];
    s[threadIdx.x] = v;
    __syncthreads();
    return s[(threadIdx.x + 1) % N];
}
extern "C" __global__ void k(unsigned* out)
{
    static __shared__ __align__(16) float plain[4];
    if (threadIdx.x < 4) plain[threadIdx.x] = 1.0f;
    __syncthreads();
    out[threadIdx.x] = rotate<64>(threadIdx.x) + (unsigned)plain[1];
}
extern "C" __global__ void other(unsigned* out) { out[threadIdx.x] = rotate<32>(threadIdx.x); }
)");
        Buffer<unsigned> out((size_t)64, 0u);
        call(launch(loaded.function("k"), {1, 64}, out.address), "launch");
        expect(out.read()[63] == 1 && out.read()[5] == 7, "values");
        call(launch(loaded.function("other"), {1, 32}, out.address), "launch");
        expect(out.read()[31] == 0, "values");
    });
    check_emulated("schedules repeat with their seed and differ between seeds", [] {
        Loaded loaded("extern \"C\" __global__ void k(unsigned* n, unsigned* out) { out[blockIdx.x * blockDim.x + threadIdx.x] = atomicAdd(n, 1u); }");
        std::vector<std::vector<unsigned>> orders;
        for (unsigned long long seed : {5, 5, 6})
        {
            cuda.tbnemu_set_seed(seed);
            Loaded again("extern \"C\" __global__ void k(unsigned* n, unsigned* out) { out[blockIdx.x * blockDim.x + threadIdx.x] = atomicAdd(n, 1u); }");
            Buffer<unsigned> n((size_t)1, 0u), out((size_t)256, 0u);
            call(launch(again.function("k"), {4, 64}, n.address, out.address), "launch");
            orders.push_back(out.read());
        }
        expect(orders[0] == orders[1] && orders[0] != orders[2], "orders");
    });
}

void kernel_checks()
{
    primitives();
    arithmetic();
    grids();
}
