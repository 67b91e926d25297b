// What the checks found: one line per finding.
#pragma once

#include <string>

namespace emulator
{

struct Module;

// True the first time that a key is given, and again after clear_report: one place is reported once per kind.
bool first_time(const std::string& key);
void report(const char* kind, const std::string& kernel, const std::string& text);
int report_count();
std::string report_text();
void clear_report();

// "file:line" of an address in a kernel library, as far as debug information tells.
std::string source_of(const Module& module, const void* pc);

} // namespace emulator
