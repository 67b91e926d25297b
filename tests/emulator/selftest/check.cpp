#include "check.h"

#include <cstdio>

static int failures;

void check(const char* name, const std::function<void()>& body)
{
    if (cuda.emulated())
    {
        cuda.tbnemu_set_seed(0);
        cuda.tbnemu_set_check(0);
        cuda.tbnemu_set_lazy(0);
        cuda.tbnemu_set_fatal(1);
        cuda.tbnemu_clear_report();
    }
    void* context = nullptr;
    try
    {
        CALL(cuDevicePrimaryCtxRetain(&context, 0));
        CALL(cuCtxSetCurrent(context));
        body();
        printf("ok %s\n", name);
    }
    catch (const Failure& failure)
    {
        failures++;
        printf("FAIL %s: %s\n", name, failure.why.c_str());
    }
    fflush(stdout);
    cuda.cuDevicePrimaryCtxReset_v2(0);
    cuda.cuDevicePrimaryCtxRelease_v2(0);
}

void check_emulated(const char* name, const std::function<void()>& body)
{
    if (cuda.emulated())
        check(name, body);
}

void expect(bool condition, const std::string& why)
{
    if (!condition)
        throw Failure{why};
}

void expect_equal(long long actual, long long expected, const std::string& what)
{
    expect(actual == expected, what + ": " + std::to_string(actual) + " instead of " + std::to_string(expected));
}

void expect_contains(const std::string& text, const std::string& part)
{
    expect(text.find(part) != std::string::npos, "\"" + part + "\" is not in \"" + text + "\"");
}

void call(int result, const char* what)
{
    if (result != 0)
        throw Failure{std::string(what) + " gave " + std::to_string(result)};
}

Compiled compile(const std::string& source, const std::vector<std::string>& options, const Headers& headers, const char* name)
{
    std::vector<const char*> texts, names, arguments;
    for (const auto& header : headers)
    {
        names.push_back(header.first.c_str());
        texts.push_back(header.second.c_str());
    }
    for (const std::string& option : options)
        arguments.push_back(option.c_str());
    if (options.empty())
        arguments.push_back("--gpu-architecture=sm_90");
    void* program = nullptr;
    CALL(nvrtcCreateProgram(&program, source.c_str(), name, (int)headers.size(), texts.data(), names.data()));
    Compiled compiled;
    compiled.result = cuda.nvrtcCompileProgram(program, (int)arguments.size(), arguments.data());
    size_t size = 0;
    CALL(nvrtcGetProgramLogSize(program, &size));
    std::vector<char> log(size + 1);
    CALL(nvrtcGetProgramLog(program, log.data()));
    compiled.log = log.data();
    if (compiled.result == 0)
    {
        CALL(nvrtcGetCUBINSize(program, &size));
        compiled.cubin.resize(size);
        if (size)
            CALL(nvrtcGetCUBIN(program, compiled.cubin.data()));
        CALL(nvrtcGetPTXSize(program, &size));
        compiled.ptx.resize(size);
        CALL(nvrtcGetPTX(program, compiled.ptx.data()));
    }
    CALL(nvrtcDestroyProgram(&program));
    return compiled;
}

Loaded::Loaded(const std::string& source, const std::vector<std::string>& options, const Headers& headers)
{
    Compiled compiled = compile(source, options, headers);
    expect(compiled.result == 0, "compilation: " + compiled.log);
    CALL(cuModuleLoadData(&module, compiled.cubin.empty() ? compiled.ptx.data() : compiled.cubin.data()));
}

void* Loaded::function(const char* name) const
{
    void* function = nullptr;
    CALL(cuModuleGetFunction(&function, module, name));
    return function;
}

std::string findings()
{
    std::vector<char> text(1 << 16);
    cuda.tbnemu_report(text.data(), (int)text.size());
    return text.data();
}

int main(int count, char** arguments)
{
    std::string folder = count > 1 ? arguments[1] : "";
    if (!load_cuda(folder) || cuda.cuInit(0) != 0)
        return 2;
    if (count > 2 && std::string(arguments[2]) == "speed")
    {
        speed();
        return 0;
    }
    driver_checks();
    compiler_checks();
    kernel_checks();
    stream_checks();
    graph_checks();
    planted_checks();
    thread_checks();
    return failures ? 1 : 0;
}
