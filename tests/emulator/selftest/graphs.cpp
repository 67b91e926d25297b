// Capture and replay.
#include "check.h"

static const char* const source = R"(
struct Args { int* p; int n; };
extern "C" __global__ void add(const Args args) { args.p[threadIdx.x] += args.n; }
extern "C" __global__ void twice(const Args args) { args.p[threadIdx.x] *= 2; }
extern "C" __global__ void sum(const Args args) { args.p[threadIdx.x] = args.p[threadIdx.x + 32] + args.p[threadIdx.x + 64]; }
)";

namespace
{

struct Args
{
    Address p;
    int n;
};

} // namespace

static void* new_stream()
{
    void* stream = nullptr;
    CALL(cuStreamCreate(&stream, 1));
    return stream;
}

void graph_checks()
{
    check("a captured stream replays", [] {
        Loaded loaded(source);
        void *stream = new_stream(), *graph = nullptr, *executable = nullptr;
        Buffer<int> buffer((size_t)32, 1);
        int status = -1;
        CALL(cuStreamBeginCapture_v2(stream, 1));
        CALL(cuStreamIsCapturing(stream, &status));
        expect_equal(status, 1, "capturing");
        for (int i = 1; i <= 3; i++)
        {
            Args args{buffer.address, i};
            void* pointers[] = {&args};
            CALL(cuLaunchKernel(loaded.function("add"), 1, 1, 1, 32, 1, 1, 0, stream, pointers, nullptr));
            args.n = 1000; // arguments were copied
        }
        call(launch(loaded.function("twice"), {1, 32, 0, stream}, Args{buffer.address, 0}), "launch");
        CALL(cuMemsetD32Async(buffer.address + 4, 5, 1, stream));
        CALL(cuStreamEndCapture(stream, &graph));
        expect_equal(buffer.read()[0], 1, "value before the launch");
        size_t count = 0;
        CALL(cuGraphGetNodes(graph, nullptr, &count));
        expect_equal((long long)count, 5, "nodes");
        CALL(cuGraphInstantiateWithFlags(&executable, graph, 0));
        CALL(cuGraphDestroy(graph));
        for (int i = 0; i < 3; i++)
            CALL(cuGraphLaunch(executable, stream));
        CALL(cuStreamSynchronize(stream));
        auto values = buffer.read();
        expect_equal(values[0], 92, "value");
        expect_equal(values[1], 5, "filled value");
        CALL(cuGraphExecDestroy(executable));
    });
    check("capture forks and joins through events", [] {
        for (unsigned long long seed = 0; seed <= 6; seed++)
        {
            if (cuda.emulated())
                cuda.tbnemu_set_seed(seed);
            Loaded loaded(source);
            void *first = new_stream(), *second = new_stream(), *fork = nullptr, *join = nullptr, *graph = nullptr, *executable = nullptr;
            CALL(cuEventCreate(&fork, 2));
            CALL(cuEventCreate(&join, 2));
            Buffer<int> buffer((size_t)96, 1);
            CALL(cuStreamBeginCapture_v2(first, 1));
            CALL(cuEventRecord(fork, first));
            CALL(cuStreamWaitEvent(second, fork, 0));
            call(launch(loaded.function("add"), {1, 32, 0, first}, Args{buffer.address + 128, 10}), "launch");
            call(launch(loaded.function("add"), {1, 32, 0, second}, Args{buffer.address + 256, 100}), "launch");
            call(launch(loaded.function("twice"), {1, 32, 0, second}, Args{buffer.address + 256, 0}), "launch");
            CALL(cuEventRecord(join, second));
            CALL(cuStreamWaitEvent(first, join, 0));
            call(launch(loaded.function("sum"), {1, 32, 0, first}, Args{buffer.address, 0}), "launch");
            CALL(cuStreamEndCapture(first, &graph));
            CALL(cuGraphInstantiateWithFlags(&executable, graph, 0));
            CALL(cuGraphLaunch(executable, first));
            CALL(cuStreamSynchronize(first));
            expect_equal(buffer.read()[7], 213, "value with seed " + std::to_string(seed));
        }
    });
    check("lazy, graphs wait like other work", [] {
        if (cuda.emulated())
            cuda.tbnemu_set_lazy(1);
        Loaded loaded(source);
        void *stream = new_stream(), *graph = nullptr, *executable = nullptr;
        Buffer<int> buffer((size_t)32, 0);
        CALL(cuStreamBeginCapture_v2(stream, 1));
        call(launch(loaded.function("add"), {1, 32, 0, stream}, Args{buffer.address, 3}), "launch");
        CALL(cuStreamEndCapture(stream, &graph));
        CALL(cuGraphInstantiateWithFlags(&executable, graph, 0));
        for (int i = 0; i < 4; i++)
            CALL(cuGraphLaunch(executable, stream));
        CALL(cuStreamSynchronize(stream));
        expect_equal(buffer.read()[0], 12, "value");
    });
    check("synchronising spoils a capture", [] {
        void *stream = new_stream(), *graph = nullptr;
        CALL(cuStreamBeginCapture_v2(stream, 1));
        expect_equal(cuda.cuStreamSynchronize(stream), 900, "synchronise");
        expect_equal(cuda.cuStreamEndCapture(stream, &graph), 901, "end");
        CALL(cuStreamBeginCapture_v2(stream, 1));
        CALL(cuStreamEndCapture(stream, &graph));
    });
    check("allocation spoils a capture that is not relaxed", [] {
        void *stream = new_stream(), *graph = nullptr;
        Address address = 0;
        CALL(cuStreamBeginCapture_v2(stream, 0));
        expect_equal(cuda.cuMemAlloc_v2(&address, 64), 900, "allocation");
        expect_equal(cuda.cuStreamEndCapture(stream, &graph), 901, "end");
        CALL(cuStreamBeginCapture_v2(stream, 2));
        CALL(cuMemAlloc_v2(&address, 64));
        CALL(cuStreamEndCapture(stream, &graph));
    });
    check("a capture that was given up disturbs nobody", [] {
        Address address = 0;
        void* stream = new_stream();
        CALL(cuStreamBeginCapture_v2(stream, 0));
        cuda.cuStreamDestroy_v2(stream);
        CALL(cuMemAlloc_v2(&address, 64));
        CALL(cuStreamBeginCapture_v2(new_stream(), 0));
        CALL(cuDevicePrimaryCtxReset_v2(0));
        CALL(cuMemAlloc_v2(&address, 64));
    });
    check("unjoined work and foreign streams are errors", [] {
        Loaded loaded(source);
        void *first = new_stream(), *second = new_stream(), *event = nullptr, *graph = nullptr;
        CALL(cuEventCreate(&event, 2));
        Buffer<int> buffer((size_t)32, 0);
        CALL(cuStreamBeginCapture_v2(first, 1));
        CALL(cuEventRecord(event, first));
        CALL(cuStreamWaitEvent(second, event, 0));
        call(launch(loaded.function("add"), {1, 32, 0, second}, Args{buffer.address, 3}), "launch");
        expect_equal(cuda.cuStreamEndCapture(first, &graph), 904, "end");
        expect(cuda.cuStreamBeginCapture_v2(nullptr, 1) != 0, "capture of the default stream");
        expect(cuda.cuStreamEndCapture(first, &graph) != 0, "end without a beginning");
    });
    check("a blocking capture forbids the default stream", [] {
        Loaded loaded(source);
        void *stream = nullptr, *graph = nullptr;
        CALL(cuStreamCreate(&stream, 0));
        Buffer<int> buffer((size_t)32, 0);
        CALL(cuStreamBeginCapture_v2(stream, 1));
        expect_equal(launch(loaded.function("add"), {1, 32}, Args{buffer.address, 3}), 906, "launch");
        expect_equal(cuda.cuStreamEndCapture(stream, &graph), 901, "end");
    });
}
