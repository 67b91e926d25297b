// The driver and NVRTC as any program uses them: found by dlopen, called through their C signatures.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

using Address = unsigned long long;

struct Cuda
{
    int (*cuInit)(unsigned);
    int (*cuDriverGetVersion)(int*);
    int (*cuDeviceGetCount)(int*);
    int (*cuDeviceGet)(int*, int);
    int (*cuDeviceGetName)(char*, int, int);
    int (*cuDeviceGetUuid_v2)(unsigned char*, int);
    int (*cuDeviceTotalMem_v2)(size_t*, int);
    int (*cuDeviceGetAttribute)(int*, int, int);
    int (*cuGetErrorName)(int, const char**);
    int (*cuGetErrorString)(int, const char**);
    int (*cuDevicePrimaryCtxRetain)(void**, int);
    int (*cuDevicePrimaryCtxRelease_v2)(int);
    int (*cuDevicePrimaryCtxReset_v2)(int);
    int (*cuCtxSetCurrent)(void*);
    int (*cuCtxGetCurrent)(void**);
    int (*cuCtxGetDevice)(int*);
    int (*cuCtxPushCurrent_v2)(void*);
    int (*cuCtxPopCurrent_v2)(void**);
    int (*cuCtxSynchronize)();
    int (*cuMemAlloc_v2)(Address*, size_t);
    int (*cuMemFree_v2)(Address);
    int (*cuMemGetInfo_v2)(size_t*, size_t*);
    int (*cuMemHostAlloc)(void**, size_t, unsigned);
    int (*cuMemFreeHost)(void*);
    int (*cuMemHostGetDevicePointer_v2)(Address*, void*, unsigned);
    int (*cuMemcpyHtoD_v2)(Address, const void*, size_t);
    int (*cuMemcpyDtoH_v2)(void*, Address, size_t);
    int (*cuMemcpyDtoD_v2)(Address, Address, size_t);
    int (*cuMemcpyHtoDAsync_v2)(Address, const void*, size_t, void*);
    int (*cuMemcpyDtoHAsync_v2)(void*, Address, size_t, void*);
    int (*cuMemcpyDtoDAsync_v2)(Address, Address, size_t, void*);
    int (*cuMemsetD8_v2)(Address, unsigned char, size_t);
    int (*cuMemsetD8Async)(Address, unsigned char, size_t, void*);
    int (*cuMemsetD32_v2)(Address, unsigned, size_t);
    int (*cuMemsetD32Async)(Address, unsigned, size_t, void*);
    int (*cuStreamCreate)(void**, unsigned);
    int (*cuStreamDestroy_v2)(void*);
    int (*cuStreamSynchronize)(void*);
    int (*cuStreamQuery)(void*);
    int (*cuStreamWaitEvent)(void*, void*, unsigned);
    int (*cuStreamBeginCapture_v2)(void*, int);
    int (*cuStreamEndCapture)(void*, void**);
    int (*cuStreamIsCapturing)(void*, int*);
    int (*cuEventCreate)(void**, unsigned);
    int (*cuEventDestroy_v2)(void*);
    int (*cuEventRecord)(void*, void*);
    int (*cuEventQuery)(void*);
    int (*cuEventSynchronize)(void*);
    int (*cuEventElapsedTime)(float*, void*, void*);
    int (*cuModuleLoadData)(void**, const void*);
    int (*cuModuleLoadDataEx)(void**, const void*, unsigned, int*, void**);
    int (*cuModuleUnload)(void*);
    int (*cuModuleGetFunction)(void**, void*, const char*);
    int (*cuModuleGetGlobal_v2)(Address*, size_t*, void*, const char*);
    int (*cuFuncGetAttribute)(int*, int, void*);
    int (*cuFuncSetAttribute)(void*, int, int);
    int (*cuFuncGetParamInfo)(void*, size_t, size_t*, size_t*);
    int (*cuLaunchKernel)(void*, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, void*, void**, void**);
    int (*cuLaunchCooperativeKernel)(void*, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, void*, void**);
    int (*cuOccupancyMaxActiveBlocksPerMultiprocessor)(int*, void*, int, size_t);
    int (*cuGraphInstantiateWithFlags)(void**, void*, unsigned long long);
    int (*cuGraphLaunch)(void*, void*);
    int (*cuGraphExecDestroy)(void*);
    int (*cuGraphDestroy)(void*);
    int (*cuGraphGetNodes)(void*, void**, size_t*);

    int (*nvrtcVersion)(int*, int*);
    const char* (*nvrtcGetErrorString)(int);
    int (*nvrtcGetNumSupportedArchs)(int*);
    int (*nvrtcGetSupportedArchs)(int*);
    int (*nvrtcCreateProgram)(void**, const char*, const char*, int, const char* const*, const char* const*);
    int (*nvrtcDestroyProgram)(void**);
    int (*nvrtcCompileProgram)(void*, int, const char* const*);
    int (*nvrtcGetPTXSize)(void*, size_t*);
    int (*nvrtcGetPTX)(void*, char*);
    int (*nvrtcGetCUBINSize)(void*, size_t*);
    int (*nvrtcGetCUBIN)(void*, char*);
    int (*nvrtcGetProgramLogSize)(void*, size_t*);
    int (*nvrtcGetProgramLog)(void*, char*);

    // Null on a real driver.
    void (*tbnemu_set_seed)(unsigned long long);
    void (*tbnemu_set_check)(int);
    void (*tbnemu_set_lazy)(int);
    void (*tbnemu_set_fatal)(int);
    void (*tbnemu_set_memory)(unsigned long long);
    void (*tbnemu_set_devices)(int);
    void (*tbnemu_reset)();
    int (*tbnemu_report)(char*, int);
    void (*tbnemu_clear_report)();
    void (*tbnemu_counters)(unsigned long long*, int);

    bool emulated() const { return tbnemu_reset != nullptr; }
};

extern Cuda cuda;

// Looks into the folder, or into the system's search path if it is empty. False: a function is missing, or there is no library.
bool load_cuda(const std::string& folder);
