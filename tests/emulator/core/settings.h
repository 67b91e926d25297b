// What the environment variables and the control functions set.
#pragma once

#include <atomic>
#include <string>

namespace emulator
{

struct Settings
{
    std::atomic<unsigned long long> seed{0};
    std::atomic<bool> check{false}, lazy{false}, fatal{true};
    std::atomic<unsigned long long> memory{8ull << 30};
    std::atomic<int> devices{1};
    std::string cache, compiler;

    Settings();
};

extern Settings settings;

// A small fast generator: schedules need variety, not quality.
class Random
{
public:
    explicit Random(unsigned long long seed = 0) { reseed(seed); }
    void reseed(unsigned long long seed);
    unsigned below(unsigned limit)
    {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        return (unsigned)((state_ * 0x2545f4914f6cdd1dull >> 32) * limit >> 32);
    }

private:
    unsigned long long state_ = 1;
};

unsigned long long hash_bytes(const void* bytes, size_t count, unsigned long long start = 0xcbf29ce484222325ull);

// Counts for tbnemu_counters.
struct Counters
{
    std::atomic<unsigned long long> launches{0}, graph_launches{0}, compiles{0}, cache_hits{0};
};

extern Counters counters;

} // namespace emulator
