using System.Runtime.InteropServices;

namespace TorchBrain.Native.Cuda;

// Memory, streams, events, graphs, modules and kernels. Names with _v2 are the ones that today's headers mean by the plain name.
static unsafe partial class CudaDriver
{
    public const uint StreamNonBlocking = 1, EventDisableTiming = 2, HostAllocPortable = 1;
    public const int CaptureThreadLocal = 1;
    public const int MaxThreadsPerBlock = 0, SharedBytes = 1, LocalBytes = 3, Registers = 4, MaxDynamicSharedBytes = 8;
    public const int JitErrorLog = 5, JitErrorLogBytes = 6;

    /// <summary>Whether the driver can name the parameters of a kernel; from CUDA 12.4.</summary>
    public static bool HasParameterInfo { get; } = CudaLibrary.Driver.Handle != 0 && NativeLibrary.TryGetExport(CudaLibrary.Driver.Handle, "cuFuncGetParamInfo", out _);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuMemGetInfo_v2")]
    public static partial int MemGetInfo(out nuint free, out nuint total);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuMemAlloc_v2")]
    public static partial int MemAlloc(out nint pointer, nuint bytes);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuMemFree_v2")]
    public static partial int MemFree(nint pointer);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuMemHostAlloc")]
    public static partial int MemHostAlloc(out nint pointer, nuint bytes, uint flags);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuMemFreeHost")]
    public static partial int MemFreeHost(nint pointer);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuMemcpyHtoDAsync_v2")]
    public static partial int MemcpyHtoDAsync(nint destination, void* source, nuint bytes, nint stream);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuMemcpyDtoHAsync_v2")]
    public static partial int MemcpyDtoHAsync(void* destination, nint source, nuint bytes, nint stream);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuMemcpyDtoDAsync_v2")]
    public static partial int MemcpyDtoDAsync(nint destination, nint source, nuint bytes, nint stream);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuMemsetD8Async")]
    public static partial int MemsetD8Async(nint destination, byte value, nuint bytes, nint stream);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuStreamCreate")]
    public static partial int StreamCreate(out nint stream, uint flags);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuStreamDestroy_v2")]
    public static partial int StreamDestroy(nint stream);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuStreamSynchronize")]
    public static partial int StreamSynchronize(nint stream);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuStreamQuery")]
    public static partial int StreamQuery(nint stream);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuStreamWaitEvent")]
    public static partial int StreamWaitEvent(nint stream, nint awaited, uint flags);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuStreamBeginCapture_v2")]
    public static partial int StreamBeginCapture(nint stream, int mode);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuStreamEndCapture")]
    public static partial int StreamEndCapture(nint stream, out nint graph);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuGraphGetNodes")]
    public static partial int GraphGetNodes(nint graph, nint* nodes, nuint* count);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuGraphInstantiateWithFlags")]
    public static partial int GraphInstantiate(out nint executable, nint graph, ulong flags);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuGraphLaunch")]
    public static partial int GraphLaunch(nint executable, nint stream);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuGraphExecDestroy")]
    public static partial int GraphExecDestroy(nint executable);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuGraphDestroy")]
    public static partial int GraphDestroy(nint graph);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuEventCreate")]
    public static partial int EventCreate(out nint created, uint flags);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuEventDestroy_v2")]
    public static partial int EventDestroy(nint destroyed);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuEventRecord")]
    public static partial int EventRecord(nint recorded, nint stream);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuEventSynchronize")]
    public static partial int EventSynchronize(nint awaited);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuEventQuery")]
    public static partial int EventQuery(nint queried);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuEventElapsedTime")]
    public static partial int EventElapsedTime(out float milliseconds, nint start, nint end);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuModuleLoadDataEx")]
    public static partial int ModuleLoadData(out nint module, byte* image, uint options, int* names, nint* values);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuModuleUnload")]
    public static partial int ModuleUnload(nint module);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuModuleGetFunction", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ModuleGetFunction(out nint function, nint module, string name);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuModuleGetGlobal_v2", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ModuleGetGlobal(out nint pointer, out nuint bytes, nint module, string name);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuFuncGetAttribute")]
    public static partial int FuncGetAttribute(out int value, int attribute, nint function);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuFuncSetAttribute")]
    public static partial int FuncSetAttribute(nint function, int attribute, int value);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuFuncGetParamInfo")]
    public static partial int FuncGetParamInfo(nint function, nuint index, out nuint offset, out nuint size);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuOccupancyMaxActiveBlocksPerMultiprocessor")]
    public static partial int OccupancyMaxActiveBlocks(out int blocks, nint function, int blockThreads, nuint dynamicSharedBytes);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuLaunchKernel")]
    public static partial int LaunchKernel(nint function, uint gridX, uint gridY, uint gridZ, uint blockX, uint blockY, uint blockZ, uint dynamicSharedBytes, nint stream,
        void** parameters, void** extra);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuLaunchCooperativeKernel")]
    public static partial int LaunchCooperativeKernel(nint function, uint gridX, uint gridY, uint gridZ, uint blockX, uint blockY, uint blockZ, uint dynamicSharedBytes,
        nint stream, void** parameters);
}
