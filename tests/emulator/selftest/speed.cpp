// Timings, for the README; not part of the test.
#include "check.h"

#include <chrono>
#include <cstdio>
#include <ctime>

static const char* const source = R"(
struct Args { const float* a; float* b; unsigned* n; int count; };
extern "C" __global__ void empty() {}
extern "C" __global__ void __launch_bounds__(256) plain(const Args args)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < args.count)
        args.b[i] = args.a[i] * 3.0f + 1.0f;
}
extern "C" __global__ void barriers(const Args args)
{
    for (int i = 0; i < args.count; i++)
        __syncthreads();
}
extern "C" __global__ void shuffles(const Args args)
{
    int v = threadIdx.x;
    for (int i = 0; i < args.count; i++)
        v += __shfl_xor_sync(0xffffffffu, v, 1);
    if (v == 12345)
        *args.n = 1;
}
extern "C" __global__ void atomics(const Args args)
{
    for (int i = 0; i < args.count; i++)
        atomicAdd(args.b + (i * 37 + threadIdx.x & 1023), 1.0f);
}
)";

namespace
{

struct Args
{
    Address a, b, n;
    int count;
};

} // namespace

static double seconds(const std::function<void()>& body)
{
    auto start = std::chrono::steady_clock::now();
    body();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Of the processor: other programs on the machine must not count.
static double busy_seconds(const std::function<void()>& body)
{
    timespec start, end;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
    body();
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    return (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) * 1e-9;
}

void speed()
{
    check("speed", [] {
        for (int checked = 0; checked < 2; checked++)
        {
            if (cuda.emulated())
                cuda.tbnemu_set_check(checked);
            double compile_time = seconds([] { compile(source + std::string("// ") + std::to_string(std::chrono::steady_clock::now().time_since_epoch().count())); });
            double cached_time = (compile(source), seconds([] { compile(source); compile(source); }));
            Loaded loaded(source);
            const int n = checked ? 1 << 16 : 1 << 20;
            Buffer<float> a((size_t)n, 1.0f), b((size_t)n, 0.0f);
            Buffer<unsigned> counter((size_t)1, 0u);
            launch(loaded.function("plain"), {(unsigned)n / 256, 256}, Args{a.address, b.address, counter.address, n});
            launch(loaded.function("barriers"), {4, 256}, Args{a.address, b.address, counter.address, 1});
            auto run = [&](const char* name, const Launch& how, int count) {
                void* function = loaded.function(name);
                Args arguments{a.address, b.address, counter.address, count};
                return busy_seconds([&] { call(launch(function, how, arguments), name); CALL(cuCtxSynchronize()); });
            };
            printf("%s\n", checked ? "check mode" : "plain mode");
            printf("  compile %.0f ms, from the cache %.2f ms\n", compile_time * 1e3, cached_time * 500);
            void* empty = loaded.function("empty");
            printf("  empty launch %.2f us\n", busy_seconds([&] { for (int i = 0; i < 100000; i++) launch(empty, {1, 1}); }) * 10);
            printf("  thread without a barrier %.1f ns\n", run("plain", {(unsigned)n / 256, 256}, n) / n * 1e9);
            printf("  __syncthreads %.1f ns per thread\n", run("barriers", {4, 256}, 1000) / 1024000 * 1e9);
            printf("  shuffle %.1f ns per lane\n", run("shuffles", {4, 256}, 1000) / 1024000 * 1e9);
            printf("  atomic %.1f ns\n", run("atomics", {4, 256}, 1000) / 1024000 * 1e9);
        }
    });
}
