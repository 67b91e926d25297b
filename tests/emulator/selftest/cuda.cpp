#include "cuda.h"

#include <cstdio>
#include <cstring>
#include <dlfcn.h>

Cuda cuda;

static void* open_any(const std::string& folder, const char* const* names)
{
    for (; *names; names++)
        if (void* handle = dlopen((folder.empty() ? *names : folder + "/" + *names).c_str(), RTLD_NOW | RTLD_LOCAL))
            return handle;
    return nullptr;
}

template <class F> static bool find(void* driver, void* compiler, const char* name, F& function)
{
    void* symbol = dlsym(strncmp(name, "nvrtc", 5) == 0 ? compiler : driver, name);
    memcpy(&function, &symbol, sizeof symbol);
    if (!symbol && strncmp(name, "tbnemu", 6) != 0)
        fprintf(stderr, "missing: %s\n", name);
    return symbol || strncmp(name, "tbnemu", 6) == 0;
}

bool load_cuda(const std::string& folder)
{
    const char* const drivers[] = {"libcuda.so.1", nullptr};
    const char* const compilers[] = {"libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so", nullptr};
    void* driver = open_any(folder, drivers);
    void* compiler = open_any(folder, compilers);
    if (!driver || !compiler)
    {
        fprintf(stderr, "no libraries: %s\n", dlerror());
        return false;
    }
    bool all = true;
#define FIND(name) all &= find(driver, compiler, #name, cuda.name);
    FIND(cuInit) FIND(cuDriverGetVersion) FIND(cuDeviceGetCount) FIND(cuDeviceGet) FIND(cuDeviceGetName) FIND(cuDeviceGetUuid_v2) FIND(cuDeviceTotalMem_v2)
    FIND(cuDeviceGetAttribute) FIND(cuGetErrorName) FIND(cuGetErrorString) FIND(cuDevicePrimaryCtxRetain) FIND(cuDevicePrimaryCtxRelease_v2)
    FIND(cuDevicePrimaryCtxReset_v2) FIND(cuCtxSetCurrent) FIND(cuCtxGetCurrent) FIND(cuCtxGetDevice) FIND(cuCtxPushCurrent_v2) FIND(cuCtxPopCurrent_v2)
    FIND(cuCtxSynchronize) FIND(cuMemAlloc_v2) FIND(cuMemFree_v2) FIND(cuMemGetInfo_v2) FIND(cuMemHostAlloc) FIND(cuMemFreeHost) FIND(cuMemHostGetDevicePointer_v2)
    FIND(cuMemcpyHtoD_v2) FIND(cuMemcpyDtoH_v2) FIND(cuMemcpyDtoD_v2) FIND(cuMemcpyHtoDAsync_v2) FIND(cuMemcpyDtoHAsync_v2) FIND(cuMemcpyDtoDAsync_v2)
    FIND(cuMemsetD8_v2) FIND(cuMemsetD8Async) FIND(cuMemsetD32_v2) FIND(cuMemsetD32Async) FIND(cuStreamCreate) FIND(cuStreamDestroy_v2) FIND(cuStreamSynchronize)
    FIND(cuStreamQuery) FIND(cuStreamWaitEvent) FIND(cuStreamBeginCapture_v2) FIND(cuStreamEndCapture) FIND(cuStreamIsCapturing) FIND(cuEventCreate)
    FIND(cuEventDestroy_v2) FIND(cuEventRecord) FIND(cuEventQuery) FIND(cuEventSynchronize) FIND(cuEventElapsedTime) FIND(cuModuleLoadData) FIND(cuModuleLoadDataEx)
    FIND(cuModuleUnload) FIND(cuModuleGetFunction) FIND(cuModuleGetGlobal_v2) FIND(cuFuncGetAttribute) FIND(cuFuncSetAttribute) FIND(cuFuncGetParamInfo)
    FIND(cuLaunchKernel) FIND(cuLaunchCooperativeKernel) FIND(cuOccupancyMaxActiveBlocksPerMultiprocessor) FIND(cuGraphInstantiateWithFlags) FIND(cuGraphLaunch)
    FIND(cuGraphExecDestroy) FIND(cuGraphDestroy) FIND(cuGraphGetNodes) FIND(nvrtcVersion) FIND(nvrtcGetErrorString) FIND(nvrtcGetNumSupportedArchs)
    FIND(nvrtcGetSupportedArchs) FIND(nvrtcCreateProgram) FIND(nvrtcDestroyProgram) FIND(nvrtcCompileProgram) FIND(nvrtcGetPTXSize) FIND(nvrtcGetPTX)
    FIND(nvrtcGetCUBINSize) FIND(nvrtcGetCUBIN) FIND(nvrtcGetProgramLogSize) FIND(nvrtcGetProgramLog) FIND(tbnemu_set_seed) FIND(tbnemu_set_check)
    FIND(tbnemu_set_lazy) FIND(tbnemu_set_fatal) FIND(tbnemu_set_memory) FIND(tbnemu_set_devices) FIND(tbnemu_reset) FIND(tbnemu_report)
    FIND(tbnemu_clear_report) FIND(tbnemu_counters)
#undef FIND
    return all;
}
