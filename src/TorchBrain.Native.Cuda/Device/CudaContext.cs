using System.Runtime.CompilerServices;

namespace TorchBrain.Native.Cuda;

/// <summary>
/// A device to work with: its primary context, the one that the CUDA runtime and other libraries of the process use too, so that addresses can be shared with them.
/// Every member may be called from any thread; a call makes the context current on its thread and leaves it so. What is made on a context (memory, streams, modules)
/// keeps it alive: the device is let go when the context and everything made on it are disposed, in any order; disposing twice is harmless.
/// </summary>
public sealed class CudaContext : IDisposable
{
    /// <summary>The oldest driver that will do, as CUDA numbers it.</summary>
    internal const int MinimumDriver = 12000;

    readonly int _device;
    int _references = 1, _disposed;
    // The last piece of work, for error messages; a torn read between threads costs a wrong word in a message.
    string? _lastName;
    int _lastGrid, _lastBlock;

    CudaContext(CudaDevice device, int handle, nint context)
    {
        (Device, _device, Handle) = (device, handle, context);
        ComputeMajor = Attribute(CudaDeviceAttribute.ComputeCapabilityMajor);
        ComputeMinor = Attribute(CudaDeviceAttribute.ComputeCapabilityMinor);
        WarpSize = Attribute(CudaDeviceAttribute.WarpSize);
    }

    /// <summary>The device.</summary>
    public CudaDevice Device { get; }

    /// <summary>The driver's handle of the primary context (<c>CUcontext</c>), for use with other CUDA libraries.</summary>
    public nint Handle { get; private set; }

    /// <summary>Number of multiprocessors.</summary>
    public int Multiprocessors => Device.Multiprocessors;

    /// <summary>Compute capability, the number before the point.</summary>
    public int ComputeMajor { get; }

    /// <summary>Compute capability, the number behind the point.</summary>
    public int ComputeMinor { get; }

    /// <summary>Threads of a warp.</summary>
    public int WarpSize { get; }

    /// <summary>Shared memory that a block may have when it asks for it, bytes.</summary>
    public int SharedBytesPerBlock => Device.SharedBytesPerBlock;

    /// <summary>Level-2 cache, bytes.</summary>
    public int L2Bytes => Device.L2Bytes;

    /// <summary>Whether a kernel whose blocks wait for each other can be launched.</summary>
    public bool SupportsCooperativeLaunch => Device.SupportsCooperativeLaunch;

    /// <summary>Opens a device.</summary>
    /// <param name="device">Its number, from 0.</param>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.CudaUnavailable"/>: no driver or no device. <see cref="ErrorCode.CudaDriverTooOld"/>: a driver for CUDA
    /// before 12.0. <see cref="ErrorCode.BackendOption"/>: no device of that number. <see cref="ErrorCode.CudaCallFailed"/>: the device could not be opened.</exception>
    public static CudaContext Open(int device = 0)
    {
        const string cure = "Install the NVIDIA driver or give the container access to the device; new CpuBackend() gives the same result without.";
        var driver = CudaLibrary.Driver;
        if (driver.Found is null)
            throw new TorchBrainException(ErrorCode.CudaUnavailable, $"No CUDA device: tried {string.Join(", ", driver.Tried.Select(t => $"'{t}'"))} (not found).", cure);
        try
        {
            if (CudaDriver.DriverGetVersion(out var version) == CudaDriver.Success && version < MinimumDriver)
                throw new TorchBrainException(ErrorCode.CudaDriverTooOld, $"The driver {driver.Found} is for CUDA {CudaProbe.VersionText(version)}; at least {CudaProbe.VersionText(MinimumDriver)} is needed.",
                    "Update the NVIDIA driver (525 or later); new CpuBackend() gives the same result without.");
            var (count, problem) = CudaProbe.Start();
            if (problem is not null)
                throw new TorchBrainException(ErrorCode.CudaUnavailable, $"No CUDA device: {problem} (driver {driver.Found}).", cure);
            if ((uint)device >= (uint)count)
                throw new TorchBrainException(ErrorCode.BackendOption, $"CUDA device {device} does not exist: this machine has {count} device{(count == 1 ? "" : "s")}.",
                    count == 1 ? "Use device 0." : $"Use a number from 0 to {count - 1}.");
            var found = CudaDevice.Of(device) ?? throw new TorchBrainException(ErrorCode.CudaUnavailable, $"CUDA device {device} does not answer.", cure);
            Require(CudaDriver.DeviceGet(out var handle, device), "cuDeviceGet", found);
            Require(CudaDriver.DevicePrimaryCtxRetain(out var context, handle), "cuDevicePrimaryCtxRetain", found);
            return new CudaContext(found, handle, context);
        }
        catch (EntryPointNotFoundException e)
        {
            throw new TorchBrainException(ErrorCode.CudaUnavailable, $"No CUDA device: {driver.Found} is no complete CUDA driver. {e.Message}", cure, e);
        }
    }

    static void Require(int result, string call, CudaDevice device)
    {
        if (result != CudaDriver.Success)
            throw CudaError.Of(result, call, device, null, 0, 0);
    }

    /// <summary>Makes the context the calling thread's current one. Members of this library do so themselves; other CUDA libraries may need it.</summary>
    /// <exception cref="ObjectDisposedException">The device has been let go.</exception>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.CudaCallFailed"/>.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MakeCurrent()
    {
        ObjectDisposedException.ThrowIf(Handle == 0, this);
        Check(CudaDriver.CtxSetCurrent(Handle), "cuCtxSetCurrent");
    }

    /// <summary>Asks the device.</summary>
    /// <param name="a">What.</param>
    /// <returns>The value, in the unit that the attribute names.</returns>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.CudaCallFailed"/>: the driver does not know the attribute.</exception>
    public int Attribute(CudaDeviceAttribute a)
    {
        Check(CudaDriver.DeviceGetAttribute(out var value, a, _device), "cuDeviceGetAttribute");
        return value;
    }

    /// <summary>The device's memory: free now, and in all; bytes.</summary>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.CudaCallFailed"/>.</exception>
    public (long Free, long Total) Memory()
    {
        MakeCurrent();
        Check(CudaDriver.MemGetInfo(out var free, out var total), "cuMemGetInfo");
        return ((long)free, (long)total);
    }

    /// <summary>Waits for everything on the device, of all streams. Errors of work launched before appear here.</summary>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.CudaCallFailed"/>.</exception>
    public void Synchronize()
    {
        MakeCurrent();
        Check(CudaDriver.CtxSynchronize(), "cuCtxSynchronize");
    }

    /// <summary>Lets the device go once everything made on it is disposed too.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            Leave();
    }

    /// <summary>Before a part is made on the context: that it is not disposed, and current.</summary>
    internal void RequireOpen()
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        MakeCurrent();
    }

    /// <summary>A part that was made keeps the context alive; every part calls <see cref="Leave"/> once.</summary>
    internal void Enter() => Interlocked.Increment(ref _references);

    internal void Leave()
    {
        if (Interlocked.Decrement(ref _references) != 0)
            return;
        Handle = 0;
        // No thread of ours should be left on a context that may end here. Nothing sensible can follow a failure: the process is unloading or the device is gone.
        _ = CudaDriver.CtxSetCurrent(0);
        _ = CudaDriver.DevicePrimaryCtxRelease(_device);
    }

    /// <summary>Frees a part: <paramref name="free"/> with the context current, errors ignored, then <see cref="Leave"/>. Does nothing for a handle that is 0 already.</summary>
    internal void Release(ref nint handle, Func<nint, int> free)
    {
        var owned = Interlocked.Exchange(ref handle, 0);
        if (owned == 0)
            return;
        if (CudaDriver.CtxSetCurrent(Handle) == CudaDriver.Success)
            _ = free(owned);
        Leave();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Check(int result, string call)
    {
        if (result != CudaDriver.Success)
            throw Failure(result, call);
    }

    internal TorchBrainException Failure(int result, string call) => CudaError.Of(result, call, Device, _lastName, _lastGrid, _lastBlock);

    /// <summary>Checks an allocation on the device; a lack of memory is told with what was asked for.</summary>
    internal void CheckAllocation(int result, string call, long bytes, string what)
    {
        if (result == CudaDriver.OutOfMemory)
            throw CudaError.OutOfDeviceMemory(Device, bytes, what);
        Check(result, call);
    }

    /// <summary>Remembers what was launched, for the message of an error that shows later.</summary>
    internal void Launched(string name, int grid, int block) => (_lastName, _lastGrid, _lastBlock) = (name, grid, block);
}
