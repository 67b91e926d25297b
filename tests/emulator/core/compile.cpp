// Preprocess with the shim, translate, compile and link; about 60 ms. Results are kept by the hash of all that went in.
#include "compile.h"
#include "kernel_source.h"
#include "module.h"
#include "process.h"
#include "settings.h"

#include <cstdio>
#include <mutex>
#include <sys/stat.h>
#include <unistd.h>

namespace emulator
{

namespace
{

std::string compiler_version()
{
    static std::mutex lock;
    static std::string version;
    std::lock_guard<std::mutex> guard(lock);
    if (version.empty() && run_process({settings.compiler, "--version"}, version) != 0)
        version = "unknown";
    return version;
}

std::vector<std::string> machine_options()
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2"))
        return {"-march=x86-64-v3"}; // fmaf and the bit functions as single instructions
#endif
    return {};
}

std::vector<std::string> code_options(bool check)
{
    bool clang = compiler_version().find("clang") != std::string::npos;
    std::vector<std::string> options = {"-w", "-g1", "-fPIC", "-shared", "-ffp-contract=off", "-fno-strict-aliasing", "-fno-exceptions", "-fno-rtti",
        "-fno-asynchronous-unwind-tables", "-fno-stack-protector", "-fvisibility=hidden", "-nostdlib", "-Wl,-z,defs"};
    for (const std::string& option : machine_options())
        options.push_back(option);
    if (!check)
    {
        options.push_back("-O2");
        return options;
    }
    // Less optimisation: accesses stay what the source says, and none is turned into a call of memset.
    for (const char* option : {"-O1", "-fsanitize=thread", "-fno-builtin-memset", "-fno-builtin-memcpy"})
        options.push_back(option);
    if (clang)
        for (const char* option : {"-mllvm", "-tsan-instrument-func-entry-exit=0", "-mllvm", "-tsan-distinguish-volatile=1", "-fno-vectorize", "-fno-slp-vectorize"})
            options.push_back(option);
    else
        for (const char* option : {"--param=tsan-instrument-func-entry-exit=0", "--param=tsan-distinguish-volatile=1", "-fno-tree-vectorize", "-fno-tree-loop-distribute-patterns"})
            options.push_back(option);
    return options;
}

std::string key_of(const CompileJob& job, bool check)
{
    std::string all = shim_text() + '\0' + compiler_version() + '\0' + job.name + '\0' + job.source + '\0';
    for (const auto& header : job.headers)
        all += header.first + '\0' + header.second + '\0';
    for (const std::string& definition : job.options.definitions)
        all += definition + '\0';
    for (const std::string& option : code_options(check))
        all += option + '\0';
    all += job.options.standard + '\0' + std::to_string(job.options.architecture) + '\0' + std::to_string(EMU_VERSION);
    char text[40];
    snprintf(text, sizeof text, "%016llx%016llx", hash_bytes(all.data(), all.size()), hash_bytes(all.data(), all.size(), 0x1234567));
    return text;
}

// The files of one compilation, gone with it.
class Folder
{
public:
    Folder() : path(scratch_path("")) { good = make_folders(path); }
    ~Folder()
    {
        for (const std::string& file : files_)
            unlink(file.c_str());
        for (size_t i = folders_.size(); i > 0; i--)
            rmdir(folders_[i - 1].c_str());
        rmdir(path.c_str());
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::string add(const std::string& name)
    {
        for (size_t slash = name.find('/'); slash != std::string::npos; slash = name.find('/', slash + 1))
            add_folder(name.substr(0, slash));
        files_.push_back(path + "/" + name);
        return files_.back();
    }

    void add_folder(const std::string& name)
    {
        if (mkdir((path + "/" + name).c_str(), 0700) == 0)
            folders_.push_back(path + "/" + name);
    }

    const std::string path;
    bool good;

private:
    std::vector<std::string> files_, folders_;
};

bool run_compiler(const CompileJob& job, bool check, std::string& library, std::vector<std::string>& kernels, std::string& log)
{
    Folder folder;
    folder.add_folder("include");
    std::string shim = folder.add("emulator.h"), source = folder.add("program.cu"), preprocessed = folder.add("program.ii"), translated = folder.add("translated.ii"),
        linked = folder.add("program.so");
    bool written = folder.good && write_file(shim, shim_text()) && write_file(source, as_file(job.source, job.name));
    for (const auto& header : job.headers)
        written = written && header.first.find("..") == std::string::npos && header.first[0] != '/' && write_file(folder.add("include/" + header.first), as_file(header.second, header.first));
    if (!written)
    {
        log = "error: the emulator cannot write below its cache folder\n";
        return false;
    }
    std::vector<std::string> command = {"env", "LC_ALL=C", settings.compiler, "-E", "-x", "c++", "-std=" + job.options.standard, "-nostdinc", "-w", "-I" + folder.path + "/include",
        "-DEMU_ARCHITECTURE=" + std::to_string(job.options.architecture), check ? "-DEMU_CHECK=1" : "-DEMU_CHECK=0"};
    for (const std::string& definition : job.options.definitions)
        command.push_back(definition);
    for (const std::string& argument : {std::string("-include"), shim, source, std::string("-o"), preprocessed})
        command.push_back(argument);
    std::string output, text;
    if (run_process(command, output) != 0 || !read_file(preprocessed, text))
    {
        log = as_nvrtc_log(output, job.name);
        return false;
    }
    KernelSource code = translate(text);
    kernels = code.kernels;
    if (!write_file(translated, code.text))
        return false;
    command = {"env", "LC_ALL=C", settings.compiler, "-x", "c++-cpp-output", "-std=" + job.options.standard, "-fno-diagnostics-show-caret", "-fno-diagnostics-show-option"};
    for (const std::string& option : code_options(check))
        command.push_back(option);
    for (const std::string& argument : {translated, std::string("-o"), linked, std::string("-x"), std::string("none"), std::string("-lm"), std::string("-lc")})
        command.push_back(argument);
    output.clear();
    if (run_process(command, output) != 0 || !read_file(linked, library))
    {
        log = as_nvrtc_log(output, job.name);
        return false;
    }
    return true;
}

} // namespace

bool compile(const CompileJob& job, std::string& ptx, std::string& log)
{
    bool check = settings.check;
    std::string entry = settings.cache + "/" + key_of(job, check) + ".ptx", cubin, library;
    if (read_file(entry, ptx) && cubin_of_ptx(ptx, cubin))
    {
        counters.cache_hits++;
        return true;
    }
    counters.compiles++;
    std::vector<std::string> kernels;
    if (!run_compiler(job, check, library, kernels, log))
        return false;
    ptx = make_ptx(library, job.options.architecture, kernels);
    // Written aside and renamed: several processes may compile the same at once.
    std::string aside = scratch_path(".ptx");
    if (!write_file(aside, ptx) || rename(aside.c_str(), entry.c_str()) != 0)
        unlink(aside.c_str());
    return true;
}

} // namespace emulator
