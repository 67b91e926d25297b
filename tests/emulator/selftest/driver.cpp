// Devices, contexts, memory and their errors.
#include "check.h"

#include <cmath>
#include <cstring>

static void devices()
{
    check("device has a name, memory and attributes", [] {
        char name[64];
        size_t bytes = 0;
        int threads = 0, warp = 0, major = 0, count = 0, version = 0;
        CALL(cuDeviceGetCount(&count));
        expect(count >= 1, "no device");
        CALL(cuDeviceGetName(name, sizeof name, 0));
        CALL(cuDeviceTotalMem_v2(&bytes, 0));
        CALL(cuDeviceGetAttribute(&threads, 1, 0));
        CALL(cuDeviceGetAttribute(&warp, 10, 0));
        CALL(cuDeviceGetAttribute(&major, 75, 0));
        CALL(cuDriverGetVersion(&version));
        expect(strlen(name) > 0 && bytes > 0 && version >= 12000 && major >= 7, "implausible device");
        expect_equal(threads, 1024, "threads per block");
        expect_equal(warp, 32, "warp");
        unsigned char uuid[16];
        CALL(cuDeviceGetUuid_v2(uuid, 0));
        int device = 0;
        expect_equal(cuda.cuDeviceGet(&device, count), 101, "a device too many");
    });
    check_emulated("devices can be added", [] {
        cuda.tbnemu_set_devices(3);
        int count = 0, device = -1;
        int result = cuda.cuDeviceGetCount(&count);
        int last = cuda.cuDeviceGet(&device, 2);
        cuda.tbnemu_set_devices(1);
        expect(result == 0 && count == 3 && last == 0 && device == 2, "not three devices");
    });
    check("errors have names and texts", [] {
        const char* text = nullptr;
        CALL(cuGetErrorName(700, &text));
        expect_contains(text, "CUDA_ERROR_ILLEGAL_ADDRESS");
        CALL(cuGetErrorString(2, &text));
        expect_contains(text, "out of memory");
        expect_equal(cuda.cuGetErrorName(123456, &text), 1, "an unknown error");
    });
}

static void contexts()
{
    check("contexts are current per thread and stack", [] {
        void *own = nullptr, *again = nullptr, *popped = nullptr;
        int device = -1;
        CALL(cuCtxGetCurrent(&own));
        CALL(cuCtxGetDevice(&device));
        expect_equal(device, 0, "device");
        CALL(cuCtxPushCurrent_v2(own));
        CALL(cuCtxGetCurrent(&again));
        CALL(cuCtxPopCurrent_v2(&popped));
        expect(own && own == again && own == popped, "another context");
        CALL(cuCtxSetCurrent(nullptr));
        Address address = 0;
        expect_equal(cuda.cuMemAlloc_v2(&address, 16), 201, "allocation without a context");
        CALL(cuCtxSetCurrent(own));
    });
}

static void memory()
{
    check("copies and fills go where they should", [] {
        Buffer<unsigned> a(std::vector<unsigned>{1, 2, 3, 4}), b((size_t)4, 9u);
        CALL(cuMemcpyDtoD_v2(b.address + 4, a.address, 8));
        CALL(cuMemsetD32_v2(b.address + 12, 77, 1));
        CALL(cuMemsetD8_v2(b.address, 0x11, 4));
        expect(b.read() == std::vector<unsigned>({0x11111111, 1, 2, 77}), "wrong contents");
        expect_equal(cuda.cuMemFree_v2(0), 0, "freeing nothing");
    });
    check_emulated("wrong ranges are invalid values", [] {
        Buffer<unsigned> a((size_t)4, 1u);
        unsigned value[8] = {};
        expect_equal(cuda.cuMemcpyHtoD_v2(a.address, value, 20), 1, "copy past the end");
        expect_equal(cuda.cuMemcpyDtoH_v2(value, 64, 4), 1, "copy from nowhere");
        expect_equal(cuda.cuMemsetD32_v2(a.address + 2, 1, 1), 1, "unaligned fill");
        expect_equal(cuda.cuMemFree_v2(a.address + 4), 1, "free inside");
        CALL(cuMemFree_v2(a.address));
        expect_equal(cuda.cuMemFree_v2(a.address), 1, "second free");
        expect_equal(cuda.cuMemcpyDtoH_v2(value, a.address, 4), 1, "copy from freed memory");
        Address nothing = 0;
        expect_equal(cuda.cuMemAlloc_v2(&nothing, 0), 1, "allocation of nothing");
    });
    check_emulated("fresh memory is poisoned", [] {
        Address address = 0;
        float value[4];
        CALL(cuMemAlloc_v2(&address, sizeof value));
        CALL(cuMemcpyDtoH_v2(value, address, sizeof value));
        expect(std::isnan(value[0]) && std::isnan(value[3]), "no NaN");
    });
    check_emulated("memory runs out", [] {
        cuda.tbnemu_set_memory(1 << 20);
        Address first = 0, second = 0;
        size_t free = 0, total = 0;
        int one = cuda.cuMemAlloc_v2(&first, 600 << 10), two = cuda.cuMemAlloc_v2(&second, 600 << 10);
        cuda.cuMemGetInfo_v2(&free, &total);
        cuda.cuMemFree_v2(first);
        int three = cuda.cuMemAlloc_v2(&second, 600 << 10);
        cuda.tbnemu_set_memory(8ull << 30);
        expect(one == 0 && two == 2 && three == 0, "results " + std::to_string(one) + " " + std::to_string(two) + " " + std::to_string(three));
        expect(total == 1 << 20 && free == (1 << 20) - (600 << 10), "wrong numbers of bytes");
    });
    check("page-locked memory has a device address", [] {
        void* host = nullptr;
        Address device = 0;
        CALL(cuMemHostAlloc(&host, 256, 2));
        CALL(cuMemHostGetDevicePointer_v2(&device, host, 0));
        Loaded loaded("extern \"C\" __global__ void fill(int* p) { p[threadIdx.x] = threadIdx.x; }");
        call(launch(loaded.function("fill"), {1, 32}, device), "launch");
        CALL(cuCtxSynchronize());
        expect_equal(((int*)host)[31], 31, "value");
        CALL(cuMemFreeHost(host));
        expect_equal(cuda.cuMemFreeHost(host), 1, "second free");
    });
}

static const char* const crash = "extern \"C\" __global__ void crash(int* p) { p[threadIdx.x] = 1; }";

static void sticky_errors()
{
    check_emulated("an illegal address is a sticky error", [] {
        Loaded loaded(crash);
        void* function = loaded.function("crash");
        Address address = 0, other = 0;
        CALL(cuMemAlloc_v2(&address, 256));
        call(launch(function, {1, 32}, Address(0)), "the launch itself tells nothing");
        expect_equal(cuda.cuCtxSynchronize(), 700, "synchronisation");
        expect_equal(cuda.cuMemAlloc_v2(&other, 256), 700, "allocation afterwards");
        expect_equal(launch(function, {1, 32}, address), 700, "launch afterwards");
    });
    check_emulated("a reset of the context clears it", [] {
        {
            Loaded loaded(crash);
            launch(loaded.function("crash"), {1, 32}, Address(0));
        }
        expect_equal(cuda.cuCtxSynchronize(), 700, "synchronisation");
        CALL(cuDevicePrimaryCtxReset_v2(0));
        CALL(cuCtxSynchronize());
        Loaded again(crash);
        Buffer<int> good((size_t)32, 0);
        call(launch(again.function("crash"), {1, 32}, good.address), "launch");
        expect_equal(good.read()[5], 1, "value");
    });
    check_emulated("use after free faults", [] {
        Loaded loaded(crash);
        Buffer<int> buffer((size_t)32, 0);
        CALL(cuMemFree_v2(buffer.address));
        launch(loaded.function("crash"), {1, 32}, buffer.address);
        expect_equal(cuda.cuCtxSynchronize(), 700, "synchronisation");
        expect_contains(findings(), "freed");
    });
    check_emulated("assertions and traps end the launch", [] {
        Loaded loaded("extern \"C\" __global__ void no(int n) { assert(n == 1); } extern \"C\" __global__ void trap() { __trap(); }");
        void *no = loaded.function("no"), *trap = loaded.function("trap");
        launch(no, {1, 1}, 2);
        expect_equal(cuda.cuCtxSynchronize(), 710, "assertion");
        cuda.tbnemu_reset();
        launch(trap, {1, 1});
        expect_equal(cuda.cuCtxSynchronize(), 719, "trap");
        expect_contains(findings(), "trap: trap: test.cu:1: __trap()");
    });
    check_emulated("a stack overflow of a kernel is its error only", [] {
        Loaded loaded("__device__ int deep(int n) { volatile char a[1024]; a[n & 1023] = n; return n > 1 ? deep(n - 1) + a[n & 511] : 0; }"
                      "extern \"C\" __global__ void dive(int* p, int n) { *p = deep(n); }");
        Buffer<int> buffer((size_t)1, 0);
        launch(loaded.function("dive"), {1, 1}, buffer.address, 1000);
        expect_equal(cuda.cuCtxSynchronize(), 700, "synchronisation");
        expect_contains(findings(), "stack");
        cuda.tbnemu_reset();
        call(launch(loaded.function("dive"), {1, 1}, buffer.address, 10), "launch");
        CALL(cuCtxSynchronize());
    });
}

void driver_checks()
{
    devices();
    contexts();
    memory();
    sticky_errors();
}
