#include "process.h"
#include "settings.h"

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace emulator
{

int run_process(const std::vector<std::string>& command, std::string& output)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
    std::vector<char*> arguments;
    for (const std::string& argument : command)
        arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    pid_t child = 0;
    int started = posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    char buffer[4096];
    for (;;)
    {
        ssize_t got = started == 0 ? read(ends[0], buffer, sizeof buffer) : 0;
        if (got > 0)
            output.append(buffer, (size_t)got);
        else if (got == 0 || errno != EINTR)
            break;
    }
    close(ends[0]);
    if (started != 0)
        return -1;
    int status = 0;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool write_file(const std::string& path, const std::string& text)
{
    FILE* file = fopen(path.c_str(), "wbe");
    if (!file)
        return false;
    bool whole = fwrite(text.data(), 1, text.size(), file) == text.size();
    return fclose(file) == 0 && whole;
}

bool read_file(const std::string& path, std::string& text)
{
    FILE* file = fopen(path.c_str(), "rbe");
    if (!file)
        return false;
    char buffer[16384];
    text.clear();
    while (size_t got = fread(buffer, 1, sizeof buffer, file))
        text.append(buffer, got);
    bool whole = !ferror(file);
    fclose(file);
    return whole;
}

bool make_folders(const std::string& path)
{
    for (size_t at = 1; at <= path.size(); at++)
        if ((at == path.size() || path[at] == '/') && mkdir(path.substr(0, at).c_str(), 0700) != 0 && errno != EEXIST)
            return false;
    return true;
}

std::string scratch_path(const std::string& ending)
{
    static std::atomic<unsigned> number{0};
    return settings.cache + "/run-" + std::to_string(getpid()) + "-" + std::to_string(number++) + ending;
}

} // namespace emulator
