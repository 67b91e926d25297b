// Streams and events, also when work runs as late as it may.
#include "check.h"

static const char* const add_source = "extern \"C\" __global__ void add(int* p, int n) { p[threadIdx.x] += n; } extern \"C\" __global__ void twice(int* p) { p[threadIdx.x] *= 2; }";

void stream_checks()
{
    check("streams and events in order", [] {
        Loaded loaded(add_source);
        void *stream = nullptr, *start = nullptr, *end = nullptr;
        CALL(cuStreamCreate(&stream, 1));
        CALL(cuEventCreate(&start, 0));
        CALL(cuEventCreate(&end, 0));
        Buffer<int> buffer((size_t)32, 1);
        CALL(cuEventRecord(start, stream));
        call(launch(loaded.function("add"), {1, 32, 0, stream}, buffer.address, 4), "launch");
        CALL(cuEventRecord(end, stream));
        CALL(cuEventSynchronize(end));
        expect_equal(cuda.cuEventQuery(end), 0, "query");
        float milliseconds = -1;
        CALL(cuEventElapsedTime(&milliseconds, start, end));
        expect(milliseconds >= 0, "negative time");
        CALL(cuStreamSynchronize(stream));
        CALL(cuStreamQuery(stream));
        expect_equal(buffer.read()[9], 5, "value");
        CALL(cuEventDestroy_v2(start));
        CALL(cuStreamDestroy_v2(stream));
    });
    check_emulated("events without times or records", [] {
        void *bare = nullptr, *plain = nullptr;
        float milliseconds;
        CALL(cuEventCreate(&bare, 2));
        CALL(cuEventCreate(&plain, 0));
        CALL(cuEventQuery(plain));
        expect_equal(cuda.cuEventElapsedTime(&milliseconds, plain, plain), 400, "never recorded");
        CALL(cuEventRecord(bare, nullptr));
        expect_equal(cuda.cuEventElapsedTime(&milliseconds, bare, bare), 400, "without time");
        expect_equal(cuda.cuStreamSynchronize((void*)0x1234), 400, "no stream");
        expect_equal(cuda.cuEventQuery((void*)0x1234), 400, "no event");
    });
    check_emulated("lazy, nothing runs before it is asked for", [] {
        cuda.tbnemu_set_lazy(1);
        Loaded loaded(add_source);
        void *stream = nullptr, *pinned = nullptr;
        CALL(cuStreamCreate(&stream, 1));
        CALL(cuMemHostAlloc(&pinned, 128, 0));
        Buffer<int> buffer((size_t)32, 1);
        auto host = (int*)pinned;
        host[3] = -1;
        call(launch(loaded.function("add"), {1, 32, 0, stream}, buffer.address, 4), "launch");
        CALL(cuMemcpyDtoHAsync_v2(pinned, buffer.address, 128, stream));
        expect_equal(host[3], -1, "read before synchronising");
        CALL(cuStreamSynchronize(stream));
        expect_equal(host[3], 5, "read after it");
    });
    check_emulated("lazy, pageable memory is read at once, page-locked memory late", [] {
        cuda.tbnemu_set_lazy(1);
        void *stream = nullptr, *pinned = nullptr;
        CALL(cuStreamCreate(&stream, 1));
        CALL(cuMemHostAlloc(&pinned, 4, 0));
        Buffer<int> buffer((size_t)2, 0);
        int pageable = 7;
        *(int*)pinned = 7;
        CALL(cuMemcpyHtoDAsync_v2(buffer.address, &pageable, 4, stream));
        CALL(cuMemcpyHtoDAsync_v2(buffer.address + 4, pinned, 4, stream));
        pageable = *(int*)pinned = 8;
        CALL(cuStreamSynchronize(stream));
        expect(buffer.read() == std::vector<int>({7, 8}), "values");
    });
    check_emulated("lazy, events order streams", [] {
        cuda.tbnemu_set_lazy(1);
        for (unsigned long long seed = 0; seed <= 8; seed++)
        {
            cuda.tbnemu_set_seed(seed);
            Loaded loaded(add_source);
            void *first = nullptr, *second = nullptr, *event = nullptr;
            CALL(cuStreamCreate(&first, 1));
            CALL(cuStreamCreate(&second, 1));
            CALL(cuEventCreate(&event, 2));
            Buffer<int> buffer((size_t)32, 1);
            call(launch(loaded.function("add"), {1, 32, 0, first}, buffer.address, 2), "launch");
            CALL(cuEventRecord(event, first));
            CALL(cuStreamWaitEvent(second, event, 0));
            call(launch(loaded.function("twice"), {1, 32, 0, second}, buffer.address), "launch");
            CALL(cuStreamSynchronize(second));
            std::vector<int> values(32);
            CALL(cuMemcpyDtoHAsync_v2(values.data(), buffer.address, 128, second));
            expect_equal(values[0], 6, "value with seed " + std::to_string(seed));
        }
    });
    check_emulated("lazy, without an event the order depends on the seed", [] {
        cuda.tbnemu_set_lazy(1);
        bool six = false, four = false;
        for (unsigned long long seed = 1; seed <= 16; seed++)
        {
            cuda.tbnemu_set_seed(seed);
            Loaded loaded(add_source);
            void *first = nullptr, *second = nullptr;
            CALL(cuStreamCreate(&first, 1));
            CALL(cuStreamCreate(&second, 1));
            Buffer<int> buffer((size_t)32, 1);
            call(launch(loaded.function("add"), {1, 32, 0, first}, buffer.address, 2), "launch");
            call(launch(loaded.function("twice"), {1, 32, 0, second}, buffer.address), "launch");
            CALL(cuCtxSynchronize());
            int value = buffer.read()[0];
            six |= value == 6;
            four |= value == 4;
        }
        expect(six && four, "one order only");
    });
    check_emulated("lazy, the default stream waits for blocking streams", [] {
        cuda.tbnemu_set_lazy(1);
        for (unsigned long long seed = 0; seed <= 8; seed++)
        {
            cuda.tbnemu_set_seed(seed);
            Loaded loaded(add_source);
            void* stream = nullptr;
            CALL(cuStreamCreate(&stream, 0));
            Buffer<int> buffer((size_t)32, 1);
            call(launch(loaded.function("add"), {1, 32, 0, stream}, buffer.address, 2), "launch");
            call(launch(loaded.function("twice"), {1, 32}, buffer.address), "launch");
            call(launch(loaded.function("add"), {1, 32, 0, stream}, buffer.address, 1), "launch");
            CALL(cuStreamSynchronize(stream));
            expect_equal(buffer.read()[0], 7, "value with seed " + std::to_string(seed));
        }
    });
    check_emulated("lazy, polling comes to an end", [] {
        cuda.tbnemu_set_lazy(1);
        Loaded loaded(add_source);
        void *stream = nullptr, *event = nullptr;
        CALL(cuStreamCreate(&stream, 1));
        CALL(cuEventCreate(&event, 2));
        Buffer<int> buffer((size_t)32, 1);
        for (int i = 0; i < 5; i++)
            call(launch(loaded.function("add"), {1, 32, 0, stream}, buffer.address, 1), "launch");
        CALL(cuEventRecord(event, stream));
        expect_equal(cuda.cuEventQuery(event), 600, "first query");
        int asked = 0;
        while (cuda.cuEventQuery(event) == 600)
            expect(asked++ < 100, "never done");
        CALL(cuStreamQuery(stream));
    });
    check_emulated("lazy, errors come with the synchronisation", [] {
        cuda.tbnemu_set_lazy(1);
        Loaded loaded(add_source);
        void* function = loaded.function("add");
        call(launch(function, {1, 32}, Address(0), 1), "launch");
        call(launch(function, {1, 32}, Address(0), 1), "launch before anybody knows");
        expect_equal(cuda.cuCtxSynchronize(), 700, "synchronisation");
    });
}
