using System.Runtime.InteropServices;

namespace TorchBrain.Native.Cuda;

/// <summary>
/// The functions of the CUDA driver that are called, under their own names: start, devices, the primary context, errors. The file beside it holds memory, streams,
/// events, graphs and kernels. Call them only where <see cref="CudaLibrary.Driver"/> was found.
/// </summary>
static unsafe partial class CudaDriver
{
    public const int Success = 0, OutOfMemory = 2, NoDevice = 100, NoBinaryForGpu = 209, InvalidPtx = 218, JitCompilerNotFound = 221, UnsupportedPtxVersion = 222,
        NotFound = 500, NotReady = 600;

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuInit")]
    public static partial int Init(uint flags);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuDriverGetVersion")]
    public static partial int DriverGetVersion(out int version);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuDeviceGetCount")]
    public static partial int DeviceGetCount(out int count);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuDeviceGet")]
    public static partial int DeviceGet(out int device, int ordinal);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuDeviceGetName")]
    public static partial int DeviceGetName(byte* name, int length, int device);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuDeviceTotalMem_v2")]
    public static partial int DeviceTotalMem(out nuint bytes, int device);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuDeviceGetAttribute")]
    public static partial int DeviceGetAttribute(out int value, CudaDeviceAttribute attribute, int device);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuDevicePrimaryCtxRetain")]
    public static partial int DevicePrimaryCtxRetain(out nint context, int device);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuDevicePrimaryCtxRelease_v2")]
    public static partial int DevicePrimaryCtxRelease(int device);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuCtxSetCurrent")]
    public static partial int CtxSetCurrent(nint context);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuCtxSynchronize")]
    public static partial int CtxSynchronize();

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuGetErrorName")]
    public static partial int GetErrorName(int error, out byte* name);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuGetErrorString")]
    public static partial int GetErrorString(int error, out byte* text);

    /// <summary>The name of a device.</summary>
    public static int DeviceGetName(out string name, int device)
    {
        const int length = 256;
        var bytes = stackalloc byte[length];
        var result = DeviceGetName(bytes, length, device);
        bytes[length - 1] = 0;
        name = result == Success ? Marshal.PtrToStringUTF8((nint)bytes) ?? "" : "";
        return result;
    }

    /// <summary>The driver's own name of an error, for example <c>CUDA_ERROR_NO_DEVICE (100)</c>.</summary>
    public static string NameOf(int error)
    {
        try
        {
            return GetErrorName(error, out var name) == Success && name != null ? $"{Marshal.PtrToStringUTF8((nint)name)} ({error})" : $"error {error}";
        }
        catch (EntryPointNotFoundException)
        {
            return $"error {error}";
        }
    }

    /// <summary>The driver's own words about an error; empty if it has none.</summary>
    public static string TextOf(int error) => GetErrorString(error, out var text) == Success && text != null ? Marshal.PtrToStringUTF8((nint)text) ?? "" : "";
}
