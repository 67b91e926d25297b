// A loaded kernel library: one copy per cuModuleLoadData, so that two modules of one image have their own globals.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "../kernel/api.h"
#include "shadow.h"

namespace emulator
{

struct Context;
struct Module;

struct Range
{
    char* address;
    size_t size;
};

struct Function
{
    Module* module;
    const EmuKernel* kernel;
    int max_dynamic_bytes = 48 << 10;
    unsigned long long launches = 0;
};

struct Module
{
    Context* context = nullptr;
    void* handle = nullptr;
    std::string shared_object; // its bytes
    EmuModule* info = nullptr;
    Range image{}, writable{};
    std::vector<Range> shared;
    size_t shared_bytes = 0;
    std::map<std::string, Range> globals;
    std::map<std::string, Function> functions;
    std::vector<ShadowCell> shadow; // of the writable part; check mode only

    ~Module();
};

// Whether it is a function of a module that is loaded.
bool is_function(const Function* function);

// Null and a CUresult in `error` if the image is no good.
Module* load_module(const void* image, int& error);

bool cubin_of_ptx(const std::string& ptx, std::string& cubin);

// Images: a header, then the shared object. PTX is the same in base64 behind a readable head.
std::string make_cubin(const std::string& library, int architecture);
std::string make_ptx(const std::string& library, int architecture, const std::vector<std::string>& kernels);

} // namespace emulator
