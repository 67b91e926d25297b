// SIGSEGV and SIGBUS of kernels become errors of the launch.
#pragma once

namespace emulator
{

// Before every launch, on the launching thread.
void prepare_for_faults();

} // namespace emulator
