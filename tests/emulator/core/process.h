// Runs a program and collects what it prints.
#pragma once

#include <string>
#include <vector>

namespace emulator
{

// The exit status, or -1 if it could not be started; `output` gets standard output and error.
int run_process(const std::vector<std::string>& command, std::string& output);
bool write_file(const std::string& path, const std::string& text);
bool read_file(const std::string& path, std::string& text);
bool make_folders(const std::string& path);
// A path below the cache folder that nobody else uses.
std::string scratch_path(const std::string& ending);

} // namespace emulator
