// The functions that tests call beside the CUDA ones.
#include "driver.h"
#include "report.h"

#include <cstring>

namespace emulator
{

void clear_sticky();

} // namespace emulator

using namespace emulator;

EXPORT void tbnemu_set_seed(unsigned long long seed) { settings.seed = seed; }
EXPORT void tbnemu_set_check(int on) { settings.check = on != 0; }
EXPORT void tbnemu_set_lazy(int on) { settings.lazy = on != 0; }
EXPORT void tbnemu_set_fatal(int on) { settings.fatal = on != 0; }
EXPORT void tbnemu_set_memory(unsigned long long bytes) { settings.memory = bytes; }
EXPORT void tbnemu_set_devices(int count) { settings.devices = count; }

// Sticky errors of all contexts are forgotten, as no real driver can.
EXPORT void tbnemu_reset()
{
    Lock lock(driver_lock);
    clear_sticky();
}

// The number of findings; their text as far as it fits, always ended by a null.
EXPORT int tbnemu_report(char* buffer, int size)
{
    if (buffer && size > 0)
    {
        std::string text = report_text();
        size_t bytes = std::min(text.size(), (size_t)size - 1);
        memcpy(buffer, text.data(), bytes);
        buffer[bytes] = 0;
    }
    return report_count();
}

EXPORT void tbnemu_clear_report() { clear_report(); }

// Launches, graph launches, compilations, bytes allocated, allocations alive, cache hits: as many as asked for.
EXPORT void tbnemu_counters(unsigned long long* values, int count)
{
    Lock lock(driver_lock);
    const unsigned long long all[] = {counters.launches, counters.graph_launches, counters.compiles, total_bytes(), allocations_alive(), counters.cache_hits};
    for (int i = 0; i < count; i++)
        values[i] = i < (int)(sizeof all / sizeof *all) ? all[i] : 0;
}
