// One line per check: "ok NAME" or "FAIL NAME: why".
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cuda.h"

struct Failure
{
    std::string why;
};

// Runs a check in a fresh context, in plain mode (no seed, no checks, eager streams); prints its line.
void check(const char* name, const std::function<void()>& body);
// For checks that need the emulator: nothing on a real driver.
void check_emulated(const char* name, const std::function<void()>& body);

void expect(bool condition, const std::string& why);
void expect_equal(long long actual, long long expected, const std::string& what);
void expect_contains(const std::string& text, const std::string& part);
// For calls that must succeed.
void call(int result, const char* what);
#define CALL(...) call(cuda.__VA_ARGS__, #__VA_ARGS__)

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Compiled
{
    int result;
    std::string log;
    std::vector<char> cubin, ptx;
};

Compiled compile(const std::string& source, const std::vector<std::string>& options = {}, const Headers& headers = {}, const char* name = "test.cu");

// A program compiled and loaded; fails the check if it cannot be.
struct Loaded
{
    explicit Loaded(const std::string& source, const std::vector<std::string>& options = {}, const Headers& headers = {});
    void* function(const char* name) const;
    void* module = nullptr;
};

template <class T> struct Buffer
{
    explicit Buffer(const std::vector<T>& values) : count(values.size())
    {
        CALL(cuMemAlloc_v2(&address, count * sizeof(T)));
        CALL(cuMemcpyHtoD_v2(address, values.data(), count * sizeof(T)));
    }
    explicit Buffer(size_t n, T value = T()) : Buffer(std::vector<T>(n, value)) {}
    // The context is reset after every check, so nothing is freed here.
    std::vector<T> read() const
    {
        std::vector<T> values(count);
        CALL(cuMemcpyDtoH_v2(values.data(), address, count * sizeof(T)));
        return values;
    }

    size_t count;
    Address address = 0;
};

struct Launch
{
    unsigned blocks = 1, threads = 1, dynamic_bytes = 0;
    void* stream = nullptr;
    bool cooperative = false;
};

template <class... A> int launch(void* function, const Launch& how, A... arguments)
{
    void* pointers[] = {&arguments..., nullptr};
    if (how.cooperative)
        return cuda.cuLaunchCooperativeKernel(function, how.blocks, 1, 1, how.threads, 1, 1, how.dynamic_bytes, how.stream, pointers);
    return cuda.cuLaunchKernel(function, how.blocks, 1, 1, how.threads, 1, 1, how.dynamic_bytes, how.stream, pointers, nullptr);
}

std::string findings();

void driver_checks();
void compiler_checks();
void kernel_checks();
void stream_checks();
void graph_checks();
void planted_checks();
void thread_checks();
void speed();
