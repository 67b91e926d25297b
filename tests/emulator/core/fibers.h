// Stacks and the switch between them.
#pragma once

#include <cstddef>

namespace emulator
{

struct Fiber
{
    void* saved;    // stack pointer while it does not run
    char* top;      // end of its stack, coloured
    bool fresh;     // has not been entered since it was prepared
};

// From now on `*from` is where the caller continues; runs `to`.
extern "C" void emu_switch(void** from, void* to);

Fiber* take_fiber(void (*entry)());
void put_fiber(Fiber* fiber);
// After an aborted launch: whatever was on a stack is forgotten.
void forget_all_fibers();
bool on_fiber_stack(const void* address);

} // namespace emulator
