#include "driver.h"

#include <cstdio>
#include <cstring>

using namespace emulator;

namespace emulator
{

std::mutex driver_lock;
bool initialized;

} // namespace emulator

static bool bad_device(int device)
{
    return device < 0 || device >= settings.devices;
}

EXPORT int cuInit(unsigned flags)
{
    Lock lock(driver_lock);
    if (flags != 0)
        return INVALID_VALUE;
    if (settings.devices <= 0)
        return NO_DEVICE;
    initialized = true;
    return SUCCESS;
}

EXPORT int cuDriverGetVersion(int* version)
{
    if (!version)
        return INVALID_VALUE;
    *version = 12040;
    return SUCCESS;
}

EXPORT int cuDeviceGetCount(int* count)
{
    if (!initialized)
        return NOT_INITIALIZED;
    if (!count)
        return INVALID_VALUE;
    *count = settings.devices;
    return SUCCESS;
}

EXPORT int cuDeviceGet(int* device, int ordinal)
{
    if (!initialized)
        return NOT_INITIALIZED;
    if (!device)
        return INVALID_VALUE;
    if (bad_device(ordinal))
        return INVALID_DEVICE;
    *device = ordinal;
    return SUCCESS;
}

EXPORT int cuDeviceGetName(char* name, int length, int device)
{
    if (!initialized)
        return NOT_INITIALIZED;
    if (!name || length <= 0)
        return INVALID_VALUE;
    if (bad_device(device))
        return INVALID_DEVICE;
    snprintf(name, (size_t)length, "TorchBrain emulated device %d", device);
    return SUCCESS;
}

EXPORT int cuDeviceGetUuid_v2(unsigned char* uuid, int device)
{
    if (!initialized)
        return NOT_INITIALIZED;
    if (!uuid)
        return INVALID_VALUE;
    if (bad_device(device))
        return INVALID_DEVICE;
    memcpy(uuid, "TorchBrain emu ", 15);
    uuid[15] = (unsigned char)device;
    return SUCCESS;
}

EXPORT int cuDeviceTotalMem_v2(size_t* bytes, int device)
{
    if (!initialized)
        return NOT_INITIALIZED;
    if (!bytes)
        return INVALID_VALUE;
    if (bad_device(device))
        return INVALID_DEVICE;
    *bytes = settings.memory;
    return SUCCESS;
}

// Numbers as in the CUdevice_attribute enumeration.
static int attribute(int which, int device)
{
    switch (which)
    {
    case 1: return 1024;          // threads per block
    case 2: case 3: return 1024;  // block x, y
    case 4: return 64;            // block z
    case 5: return 0x7fffffff;    // grid x
    case 6: case 7: return 65535; // grid y, z
    case 8: return 48 << 10;      // shared memory per block
    case 9: return 64 << 10;      // constant memory
    case 10: return 32;           // warp
    case 11: return 0x7fffffff;   // pitch
    case 12: return 65536;        // registers per block
    case 13: return 1000000;      // clock, kHz
    case 14: return 512;          // texture alignment
    case 15: return 1;            // copies overlap with kernels
    case 16: return 4;            // multiprocessors
    case 17: return 0;            // kernel time-out
    case 18: return 0;            // integrated
    case 19: return 1;            // maps host memory
    case 20: return 0;            // compute mode
    case 31: return 1;            // concurrent kernels
    case 32: return 0;            // ECC
    case 33: return 1 + device;   // PCI bus
    case 34: return 0;            // PCI device
    case 35: return 0;            // TCC driver
    case 36: return 1000000;      // memory clock, kHz
    case 37: return 512;          // memory bus, bits
    case 38: return 4 << 20;      // L2
    case 39: return 1024;         // threads per multiprocessor: small, so that cooperative grids stay small
    case 40: return 2;            // copy engines
    case 41: return 1;            // unified addressing
    case 50: return 0;            // PCI domain
    case 75: return 9;            // compute capability
    case 76: return 0;
    case 78: return 1;            // stream priorities
    case 79: return 1;            // global L1
    case 80: return 1;            // local L1
    case 81: return 228 << 10;    // shared memory per multiprocessor
    case 82: return 65536;        // registers per multiprocessor
    case 83: return 0;            // managed memory
    case 84: return 0;            // multi-GPU board
    case 86: return 1;            // native host atomics
    case 87: return 64;           // single to double performance
    case 88: return 0;            // pageable memory access
    case 89: return 0;            // concurrent managed access
    case 90: return 0;            // compute preemption
    case 91: return 1;            // host pointers usable for registered memory
    case 95: return 1;            // cooperative launch
    case 97: return 227 << 10;    // shared memory per block, opt-in
    case 106: return 16;          // blocks per multiprocessor
    case 108: return 0;           // persisting L2
    case 111: return 1 << 10;     // reserved shared memory per block
    case 115: return 0;           // memory pools
    case 120: return 0;           // clusters
    default: return 0;
    }
}

EXPORT int cuDeviceGetAttribute(int* value, int which, int device)
{
    if (!initialized)
        return NOT_INITIALIZED;
    if (!value || which <= 0 || which > 150)
        return INVALID_VALUE;
    if (bad_device(device))
        return INVALID_DEVICE;
    *value = attribute(which, device);
    return SUCCESS;
}
