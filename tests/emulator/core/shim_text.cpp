// The shim travels inside of the library. Compile with tests/emulator as the current folder, or the parts are not found.
#include "compile.h"

#define PART(name, file)                                                   \
    __asm__(".pushsection .rodata\n" #name "_start: .incbin \"kernel/" file "\"\n" \
            ".byte 10\n" #name "_end: .byte 0\n.popsection\n");            \
    extern "C" __attribute__((visibility("hidden"))) const char name##_start[], name##_end[];

PART(shim_api, "api.h")
PART(shim_language, "language.h")
PART(shim_sync, "sync.h")
PART(shim_atomics, "atomics.h")
PART(shim_math, "math.h")
PART(shim_instrument, "instrument.h")
PART(shim_entry, "entry.h")

namespace emulator
{

const std::string& shim_text()
{
    static const std::string text = std::string(shim_api_start, shim_api_end) + std::string(shim_language_start, shim_language_end)
        + std::string(shim_sync_start, shim_sync_end) + std::string(shim_atomics_start, shim_atomics_end) + std::string(shim_math_start, shim_math_end)
        + std::string(shim_instrument_start, shim_instrument_end) + std::string(shim_entry_start, shim_entry_end);
    return text;
}

} // namespace emulator
