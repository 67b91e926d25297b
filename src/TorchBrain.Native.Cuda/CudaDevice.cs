namespace TorchBrain.Native.Cuda;

/// <summary>A CUDA device of this machine.</summary>
/// <param name="Ordinal">Its number, from 0.</param>
/// <param name="Name">Its name.</param>
/// <param name="ComputeCapability">For example <c>9.0</c>.</param>
/// <param name="Multiprocessors">Number of multiprocessors.</param>
/// <param name="MemoryBytes">Its memory, bytes.</param>
public sealed record CudaDevice(int Ordinal, string Name, string ComputeCapability, int Multiprocessors, long MemoryBytes)
{
    /// <summary>Its level-2 cache, bytes.</summary>
    public int L2Bytes { get; init; }
    /// <summary>Shared memory that a block may have when it asks for it, bytes.</summary>
    public int SharedBytesPerBlock { get; init; }
    /// <summary>Whether a kernel whose blocks wait for each other can be launched.</summary>
    public bool SupportsCooperativeLaunch { get; init; }

    /// <summary>Asks the driver about a device; null if it does not answer.</summary>
    internal static CudaDevice? Of(int ordinal)
    {
        if (CudaDriver.DeviceGet(out var device, ordinal) != CudaDriver.Success || CudaDriver.DeviceGetName(out string name, device) != CudaDriver.Success)
            return null;
        int Attribute(CudaDeviceAttribute attribute) => CudaDriver.DeviceGetAttribute(out var value, attribute, device) == CudaDriver.Success ? value : 0;
        return new CudaDevice(ordinal, name, $"{Attribute(CudaDeviceAttribute.ComputeCapabilityMajor)}.{Attribute(CudaDeviceAttribute.ComputeCapabilityMinor)}",
            Attribute(CudaDeviceAttribute.Multiprocessors), CudaDriver.DeviceTotalMem(out var bytes, device) == CudaDriver.Success ? (long)bytes : 0)
        {
            L2Bytes = Attribute(CudaDeviceAttribute.L2CacheBytes),
            SharedBytesPerBlock = Math.Max(Attribute(CudaDeviceAttribute.MaxSharedBytesPerBlockOptIn), Attribute(CudaDeviceAttribute.MaxSharedBytesPerBlock)),
            SupportsCooperativeLaunch = Attribute(CudaDeviceAttribute.CooperativeLaunch) != 0,
        };
    }
}
