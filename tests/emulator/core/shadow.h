// Check mode: what every 4 bytes of memory were last used for, and by whom.
#pragma once

#include <cstddef>

namespace emulator
{

struct AccessRecord
{
    unsigned block;
    unsigned clock;             // of its lane, see join_clocks
    unsigned short thread;      // in its block
    unsigned short barrier;     // barriers its block had passed
    unsigned char bytes;        // which of the four; 0: no access
    bool atomic;
};

struct ShadowCell
{
    unsigned stamp;             // of launch or block run; anything older is forgotten
    unsigned char written;      // bytes that have a value (shared memory)
    AccessRecord write, first_read, last_read;
};

// Called by instrumented kernels.
void check_access(const void* address, unsigned long size, int kind, const void* pc);
// What happened before is ordered before everything after, in the whole grid.
void new_epoch();

} // namespace emulator
