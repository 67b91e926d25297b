// From CUDA C that went through the preprocessor with the shim to C++ for the host compiler.
#pragma once

#include <string>
#include <vector>

namespace emulator
{

struct KernelSource
{
    std::string text;                   // to compile
    std::vector<std::string> kernels;   // extern "C" entry points
};

KernelSource translate(const std::string& preprocessed);

// Includes in angle brackets and a #line with the name that the program gave: headers are found by exact name only,
// and messages carry the names that the caller knows.
std::string as_file(const std::string& text, const std::string& name);

} // namespace emulator
