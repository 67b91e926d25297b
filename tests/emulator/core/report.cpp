#include "report.h"
#include "module.h"
#include "process.h"

#include <cstdio>
#include <mutex>
#include <set>
#include <unistd.h>
#include <vector>

namespace emulator
{

namespace
{

std::mutex lock;
std::vector<std::string> findings;
std::set<std::string> known;

} // namespace

bool first_time(const std::string& key)
{
    std::lock_guard<std::mutex> guard(lock);
    return known.insert(key).second;
}

void report(const char* kind, const std::string& kernel, const std::string& text)
{
    std::lock_guard<std::mutex> guard(lock);
    findings.push_back(std::string(kind) + ": " + kernel + ": " + text);
}

int report_count()
{
    std::lock_guard<std::mutex> guard(lock);
    return (int)findings.size();
}

std::string report_text()
{
    std::lock_guard<std::mutex> guard(lock);
    std::string text;
    for (const std::string& finding : findings)
        text += finding + "\n";
    return text;
}

void clear_report()
{
    std::lock_guard<std::mutex> guard(lock);
    findings.clear();
    known.clear();
}

std::string source_of(const Module& module, const void* pc)
{
    char offset[32];
    snprintf(offset, sizeof offset, "0x%zx", (size_t)((const char*)pc - module.image.address));
    // addr2line wants a file; the one that was loaded is gone already.
    std::string path = scratch_path(".so"), output;
    int status = write_file(path, module.shared_object) ? run_process({"addr2line", "-s", "-e", path, offset}, output) : -1;
    unlink(path.c_str());
    size_t end = output.find_first_of(" \n");
    if (status != 0 || end == std::string::npos || output[0] == '?')
        return std::string("code+") + offset;
    return output.substr(0, end);
}

} // namespace emulator
