#include "settings.h"

#include <cstdlib>
#include <cstring>
#include <unistd.h>

// The name of the compiler that builds the emulator, which then compiles the kernels too.
#ifndef TBN_COMPILER
#define TBN_COMPILER "c++"
#endif

namespace emulator
{

Settings settings;
Counters counters;

static std::string text_of(const char* name, const std::string& otherwise)
{
    const char* value = getenv(name);
    return value && *value ? value : otherwise;
}

static unsigned long long number_of(const char* name, unsigned long long otherwise)
{
    const char* value = getenv(name);
    return value && *value ? strtoull(value, nullptr, 0) : otherwise;
}

Settings::Settings()
{
    seed = number_of("TBN_EMULATOR_SEED", 0);
    check = number_of("TBN_EMULATOR_CHECK", 0) != 0;
    lazy = number_of("TBN_EMULATOR_LAZY", 0) != 0;
    fatal = number_of("TBN_EMULATOR_FATAL", 1) != 0;
    memory = number_of("TBN_EMULATOR_MEMORY", 8ull << 30);
    devices = (int)number_of("TBN_EMULATOR_DEVICES", 1);
    std::string temporary = text_of("TMPDIR", "/tmp");
    cache = text_of("TBN_EMULATOR_CACHE", temporary + "/tbn-emulator-cache-" + std::to_string(getuid()));
    compiler = text_of("TBN_EMULATOR_COMPILER", TBN_COMPILER);
}

void Random::reseed(unsigned long long seed)
{
    // One round of splitmix: neighbouring seeds must not give neighbouring schedules.
    seed += 0x9e3779b97f4a7c15ull;
    seed = (seed ^ seed >> 30) * 0xbf58476d1ce4e5b9ull;
    seed = (seed ^ seed >> 27) * 0x94d049bb133111ebull;
    state_ = (seed ^ seed >> 31) | 1;
}

unsigned long long hash_bytes(const void* bytes, size_t count, unsigned long long start)
{
    // FNV over words with a final mix; used for cache keys and for the check sum of images.
    auto at = (const unsigned char*)bytes;
    unsigned long long hash = start;
    for (; count >= 8; count -= 8, at += 8)
    {
        unsigned long long word;
        memcpy(&word, at, 8);
        hash = (hash ^ word) * 0x100000001b3ull;
        hash ^= hash >> 29;
    }
    for (; count > 0; count--, at++)
        hash = (hash ^ *at) * 0x100000001b3ull;
    hash ^= hash >> 32;
    return hash * 0x9e3779b97f4a7c15ull;
}

} // namespace emulator
