using System.Runtime.InteropServices;

namespace TorchBrain.Native.Cuda;

/// <summary>The functions of the CUDA driver that the probe calls, under their own names. Call them only where <see cref="CudaLibrary.Driver"/> was found.</summary>
static unsafe partial class CudaDriver
{
    public const int Success = 0, NoDevice = 100;
    public const int Multiprocessors = 16, ComputeMajor = 75, ComputeMinor = 76;

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
    public static partial int DeviceGetAttribute(out int value, int attribute, int device);

    [LibraryImport(CudaLibrary.DriverName, EntryPoint = "cuGetErrorName")]
    public static partial int GetErrorName(int error, out byte* name);

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

    /// <summary>The driver's own name of an error, for example <c>CUDA_ERROR_NO_DEVICE</c>.</summary>
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
}
