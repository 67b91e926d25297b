// Several threads at once.
#include "check.h"

#include <atomic>
#include <thread>

static std::string source_of(int number)
{
    return "extern \"C\" __global__ void work(unsigned* p, unsigned n) { __shared__ unsigned s[64]; for (unsigned k = 0; k < n; k++) { s[threadIdx.x] = p[threadIdx.x]; __syncthreads(); p[threadIdx.x] = s[63 - threadIdx.x] + "
        + std::to_string(number) + "; __syncthreads(); } }";
}

static void several(int count, const std::function<void(int)>& body)
{
    std::vector<std::thread> threads;
    std::atomic<int> failed{0};
    std::vector<std::string> why((size_t)count);
    void* context = nullptr;
    CALL(cuCtxGetCurrent(&context));
    for (int i = 0; i < count; i++)
        threads.emplace_back([&, i] {
            try
            {
                CALL(cuCtxSetCurrent(context));
                body(i);
            }
            catch (const Failure& failure)
            {
                why[(size_t)i] = failure.why;
                failed++;
            }
        });
    for (auto& thread : threads)
        thread.join();
    for (const std::string& text : why)
        expect(text.empty(), text);
}

void thread_checks()
{
    check("threads compile, launch and copy at once", [] {
        several(6, [](int i) {
            Loaded loaded(source_of(i + 1));
            void* stream = nullptr;
            CALL(cuStreamCreate(&stream, 1));
            Buffer<unsigned> buffer((size_t)64, 0u);
            for (int round = 0; round < 50; round++)
                call(launch(loaded.function("work"), {1, 64, 0, stream}, buffer.address, 10u), "launch");
            CALL(cuStreamSynchronize(stream));
            for (unsigned value : buffer.read())
                expect_equal(value, 500 * (i + 1), "value");
        });
    });
    check_emulated("threads with lazy streams and graphs", [] {
        cuda.tbnemu_set_lazy(1);
        cuda.tbnemu_set_seed(3);
        several(4, [](int i) {
            Loaded loaded(source_of(i + 1));
            void *stream = nullptr, *graph = nullptr, *executable = nullptr;
            CALL(cuStreamCreate(&stream, 1));
            Buffer<unsigned> buffer((size_t)64, 0u);
            CALL(cuStreamBeginCapture_v2(stream, 2));
            for (int k = 0; k < 3; k++)
                call(launch(loaded.function("work"), {1, 64, 0, stream}, buffer.address, 2u), "launch");
            CALL(cuStreamEndCapture(stream, &graph));
            CALL(cuGraphInstantiateWithFlags(&executable, graph, 0));
            for (int round = 0; round < 10; round++)
                CALL(cuGraphLaunch(executable, stream));
            CALL(cuStreamSynchronize(stream));
            for (unsigned value : buffer.read())
                expect_equal(value, 60 * (i + 1), "value");
        });
    });
    check_emulated("a thread without a context gets none from others", [] {
        int result = 0;
        std::thread([&] {
            Address address = 0;
            result = cuda.cuMemAlloc_v2(&address, 16);
        }).join();
        expect_equal(result, 201, "allocation");
    });
}
