// NVRTC and modules.
#include "check.h"

#include <cstring>

static const char* const good = "extern \"C\" __global__ void set(int* p) { p[threadIdx.x] = VALUE; }";

static void programs()
{
    check("NVRTC tells its version and architectures", [] {
        int major = 0, minor = 0, count = 0;
        CALL(nvrtcVersion(&major, &minor));
        expect(major >= 12, "old version");
        CALL(nvrtcGetNumSupportedArchs(&count));
        std::vector<int> all((size_t)count);
        CALL(nvrtcGetSupportedArchs(all.data()));
        bool hopper = false;
        for (int architecture : all)
            hopper |= architecture == 90;
        expect(hopper, "no sm_90");
        expect_contains(cuda.nvrtcGetErrorString(6), "NVRTC_ERROR_COMPILATION");
    });
    check("options are taken or refused", [] {
        const std::vector<std::string> taken = {"--gpu-architecture=sm_90", "--std=c++17", "--fmad=false", "-lineinfo", "-DVALUE=3", "-default-device"};
        Compiled compiled = compile(good, taken);
        expect(compiled.result == 0, compiled.log);
        for (const char* refused : {"--gpu-architecture=sm_93", "--no-such-option", "-O3"})
        {
            compiled = compile(good, {"-DVALUE=1", refused});
            expect_equal(compiled.result, 5, refused);
            expect(!compiled.log.empty(), "no log");
        }
        compiled = compile(good, {"-arch=sm_90", "-D", "VALUE=3", "--define-macro=OTHER=1", "-Xptxas", "-v"});
        expect(compiled.result == 0, compiled.log);
    });
    check("a virtual architecture gives PTX only", [] {
        Compiled compiled = compile(good, {"--gpu-architecture=compute_80", "-DVALUE=5"});
        expect(compiled.result == 0 && compiled.cubin.empty() && compiled.ptx.size() > 1 && compiled.ptx.back() == 0, "no PTX or a cubin: " + compiled.log);
        expect_contains(compiled.ptx.data(), ".entry set");
        void* module = nullptr;
        CALL(cuModuleLoadData(&module, compiled.ptx.data()));
    });
    check("headers are found by exact name", [] {
        Headers headers = {{"tbn/platform.cuh", "#pragma once\n#include \"tbn/types.cuh\"\n"}, {"tbn/types.cuh", "#pragma once\n#define VALUE 12\n"}};
        Loaded loaded(std::string("#include \"tbn/platform.cuh\"\n") + good, {}, headers);
        Buffer<int> buffer((size_t)32, 0);
        call(launch(loaded.function("set"), {1, 32}, buffer.address), "launch");
        expect_equal(buffer.read()[3], 12, "value");
        expect_equal(compile("#include \"platform.cuh\"\n", {}, headers).result, 6, "another name");
        expect_equal(compile("#include <stdint.h>\n").result, 6, "a host header");
    });
    check("errors carry file and line", [] {
        Compiled compiled = compile("int a;\n\nextern \"C\" __global__ void k() { undeclared = 1; }\n");
        expect_equal(compiled.result, 6, "result");
        expect_contains(compiled.log, "test.cu(3): error: ");
        expect_contains(compiled.log, "1 error detected in the compilation of \"test.cu\"");
        Headers headers = {{"a/b.cuh", "\n\nbroken here;\n"}};
        compiled = compile("#include \"a/b.cuh\"\n", {}, headers);
        expect_contains(compiled.log, "a/b.cuh(3): error: ");
        expect_contains(compile("#include \"nowhere.cuh\"\n").log, "test.cu(1): catastrophic error: cannot open source file \"nowhere.cuh\"");
    });
    check("lines stay right behind shared declarations", [] {
        Compiled compiled = compile("extern \"C\" __global__ void\n__launch_bounds__(\n64)\nk()\n{\n    extern __shared__ float\n        s[];\n    s[0] = nothing;\n}\n");
        expect_contains(compiled.log, "test.cu(8): error: ");
    });
    check("an undefined function is an error", [] {
        Compiled compiled = compile("__device__ int far(int); extern \"C\" __global__ void k(int* p) { *p = far(1); }");
        if (compiled.result == 0)
            expect(!cuda.emulated(), "linked without it");
        else
            expect_contains(compiled.log, "far");
    });
    check_emulated("what was compiled comes from the cache", [] {
        unsigned long long before[6], after[6];
        compile(good, {"-DVALUE=99"});
        cuda.tbnemu_counters(before, 6);
        compile(good, {"-DVALUE=99"});
        cuda.tbnemu_counters(after, 6);
        expect_equal((long long)after[2], (long long)before[2], "compilations");
        expect_equal((long long)after[5], (long long)before[5] + 1, "hits");
    });
}

static void modules()
{
    check("images that are none are refused", [] {
        void* module = nullptr;
        Compiled compiled = compile(good, {"--gpu-architecture=sm_90", "-DVALUE=1"});
        expect_equal(cuda.cuModuleLoadData(&module, "this is no PTX"), 218, "text");
        if (!cuda.emulated())
            return;
        compiled.cubin[compiled.cubin.size() / 2] ^= 1;
        expect_equal(cuda.cuModuleLoadData(&module, compiled.cubin.data()), 200, "damaged cubin");
        Compiled old = compile(good, {"--gpu-architecture=sm_80", "-DVALUE=1"});
        expect_equal(cuda.cuModuleLoadData(&module, old.cubin.data()), 209, "cubin of another architecture");
    });
    check("functions and globals are found by name", [] {
        Loaded loaded("__device__ int counter[4]; __constant__ float factor = 2.5f;\n"
                      "extern \"C\" __global__ void __launch_bounds__(64) use(float* p) { atomicAdd(counter + 1, 1); p[threadIdx.x] = factor; }\n"
                      "__global__ void mangled() {}");
        void* function = nullptr;
        expect_equal(cuda.cuModuleGetFunction(&function, loaded.module, "absent"), 500, "absent");
        expect_equal(cuda.cuModuleGetFunction(&function, loaded.module, "mangled"), 500, "without C linkage");
        Address address = 0;
        size_t bytes = 0;
        CALL(cuModuleGetGlobal_v2(&address, &bytes, loaded.module, "factor"));
        expect_equal((long long)bytes, 4, "size");
        float factor = 4.5f;
        CALL(cuMemcpyHtoD_v2(address, &factor, 4));
        Buffer<float> buffer((size_t)32, 0.0f);
        call(launch(loaded.function("use"), {1, 32}, buffer.address), "launch");
        expect(buffer.read()[31] == 4.5f, "constant not set");
        CALL(cuModuleGetGlobal_v2(&address, &bytes, loaded.module, "counter"));
        int counter[4];
        CALL(cuMemcpyDtoH_v2(counter, address, sizeof counter));
        expect_equal((long long)bytes, 16, "size");
        expect_equal(counter[1], 32, "counter");
        expect_equal(cuda.cuModuleGetGlobal_v2(&address, &bytes, loaded.module, "absent"), 500, "absent global");
    });
    check("two modules of one image have their own globals", [] {
        const char* source = "__device__ int counter; extern \"C\" __global__ void add() { atomicAdd(&counter, 1); }";
        Loaded first(source), second(source);
        call(launch(first.function("add"), {1, 32}), "launch");
        Address address = 0;
        int count = -1;
        CALL(cuModuleGetGlobal_v2(&address, nullptr, second.module, "counter"));
        CALL(cuMemcpyDtoH_v2(&count, address, 4));
        expect_equal(count, 0, "counter of the other");
    });
    check("parameters have offsets and sizes", [] {
        Loaded loaded("struct S { char c; double d; int i; }; extern \"C\" __global__ void three(int a, S s, char c) {}");
        const size_t offsets[] = {0, 8, 32}, sizes[] = {4, 24, 1};
        void* function = loaded.function("three");
        for (size_t i = 0; i < 3; i++)
        {
            size_t offset = 0, size = 0;
            CALL(cuFuncGetParamInfo(function, i, &offset, &size));
            expect(offset == offsets[i] && size == sizes[i], "parameter " + std::to_string(i));
        }
        size_t offset = 0;
        expect_equal(cuda.cuFuncGetParamInfo(function, 3, &offset, nullptr), 1, "a fourth");
    });
    check("launches of a wrong shape are refused", [] {
        Loaded loaded("extern \"C\" __global__ void __launch_bounds__(64) small() {} extern \"C\" __global__ void any() {}");
        void *small = loaded.function("small"), *any = loaded.function("any");
        int most = 0, blocks = 0, multiprocessors = 0;
        CALL(cuFuncGetAttribute(&most, 0, small));
        expect_equal(most, 64, "threads by launch bounds");
        expect(launch(small, {1, 128}) != 0, "more threads than the launch bounds");
        expect_equal(launch(any, {0, 32}), 1, "no block");
        expect_equal(launch(any, {1, 2048}), 1, "too many threads");
        expect_equal(launch(any, {1, 32, 64 << 10}), 1, "dynamic shared memory without asking");
        CALL(cuFuncSetAttribute(any, 8, 64 << 10));
        call(launch(any, {1, 32, 64 << 10}), "dynamic shared memory after asking");
        CALL(cuOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, any, 256, 0));
        CALL(cuDeviceGetAttribute(&multiprocessors, 16, 0));
        expect(blocks > 0, "no room");
        Launch cooperative{(unsigned)(blocks * multiprocessors), 256, 0, nullptr, true};
        call(launch(any, cooperative), "cooperative");
        cooperative.blocks++;
        expect_equal(launch(any, cooperative), 720, "cooperative and too large");
    });
}

void compiler_checks()
{
    programs();
    modules();
}
