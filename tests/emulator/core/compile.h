// One NVRTC program from source to library.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace emulator
{

struct CompileOptions
{
    int architecture = 75;  // NVRTC's default would be older; what is asked for counts anyway
    bool real = false;      // sm_XX: a cubin is wanted too
    std::string standard = "c++17";
    std::vector<std::string> definitions; // -DX=Y and -UX, in order
};

extern const std::vector<int> known_architectures;

// False and a line for the log if NVRTC would not take them.
bool parse_options(int count, const char* const* options, CompileOptions& result, std::string& problem);

struct CompileJob
{
    std::string name, source;
    std::map<std::string, std::string> headers;
    CompileOptions options;
};

// Results come from the cache where they can. False: `log` says why, in NVRTC's way.
bool compile(const CompileJob& job, std::string& ptx, std::string& log);

// What the host compiler said, in NVRTC's way: file(line): error: text.
std::string as_nvrtc_log(const std::string& output, const std::string& program);

// All parts of the shim, as one text.
const std::string& shim_text();

} // namespace emulator
