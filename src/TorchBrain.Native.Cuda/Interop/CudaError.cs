using System.Globalization;

namespace TorchBrain.Native.Cuda;

/// <summary>Words for what the driver reports as a number.</summary>
static class CudaError
{
    /// <summary>A driver call that failed.</summary>
    /// <param name="result">What it returned.</param>
    /// <param name="call">Its name.</param>
    /// <param name="device">The device.</param>
    /// <param name="last">The last kernel or graph launched on the context, as errors of kernels show in a later call; null if there is none.</param>
    /// <param name="grid">Its blocks.</param>
    /// <param name="block">Its threads per block; -1 for a graph.</param>
    public static TorchBrainException Of(int result, string call, CudaDevice device, string? last, int grid, int block)
    {
        var text = CudaDriver.TextOf(result);
        var work = last is null ? "nothing was launched yet" : block < 0 ? $"last launched: {last}" : $"last launched: kernel '{last}', grid {grid} x block {block}";
        return new TorchBrainException(ErrorCode.CudaCallFailed, $"{CudaDriver.NameOf(result)} at '{call}'{(text.Length > 0 ? $": {text}" : "")}; device {device.Ordinal} ({device.Name}); {work}.", Cure(result));
    }

    /// <summary>The device has no room; <paramref name="bytes"/> is 0 where the size is not known.</summary>
    public static TorchBrainException OutOfDeviceMemory(CudaDevice device, long bytes, string what)
    {
        var free = CudaDriver.MemGetInfo(out var available, out var total) == CudaDriver.Success ? $"{Size((long)available)} of {Size((long)total)} are free" : "its memory is exhausted";
        return new TorchBrainException(ErrorCode.DeviceOutOfMemory, $"Device {device.Ordinal} ({device.Name}) has no room for {what}: {(bytes > 0 ? $"{Size(bytes)} were asked for, " : "")}{free}.",
            "Use a smaller network or batch, shorter recordings, end other programs on the device, take another device, or new CpuBackend().");
    }

    /// <summary>The host cannot pin so much.</summary>
    public static TorchBrainException OutOfPinnedMemory(long bytes) => new(ErrorCode.DeviceOutOfMemory,
        $"The system does not let {Size(bytes)} of host memory be pinned for copies (cuMemHostAlloc); this machine has {Size(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)}.",
        "Use shorter recordings or a smaller batch, end other programs, or raise the container's memory limit.");

    public static string Size(long bytes) => bytes switch
    {
        >= 1L << 30 => (bytes / (double)(1L << 30)).ToString("0.##", CultureInfo.InvariantCulture) + " GiB",
        >= 1L << 20 => (bytes / (double)(1L << 20)).ToString("0.##", CultureInfo.InvariantCulture) + " MiB",
        _ => bytes.ToString("N0", CultureInfo.InvariantCulture) + " bytes",
    };

    static string Cure(int result) => result switch
    {
        1 => "A size or address handed to the driver is outside what the device allows: check grid, block and ranges.",
        2 => "Use a smaller network or batch, end other programs on the device, or take another device.",
        46 or 101 => "The device is busy, exclusive to another process or out of order; see nvidia-smi, or take another device.",
        >= 200 and < 300 => "The compiled kernel does not suit this device and driver: update the driver, or empty the kernel cache.",
        600 => "Record the event on a stream and wait for it first.",
        >= 700 and < 800 and not 701 and not 720 => "A kernel failed, and this process can use the device no more: restart it. To find the launch, synchronise after each one or run under compute-sanitizer.",
        701 => "The block needs more registers or shared memory than the device has: use fewer threads per block, or less shared memory.",
        720 => "A cooperative grid must fit on the device at once: launch at most multiprocessors x MaxActiveBlocksPerMultiprocessor blocks.",
        >= 900 and < 910 => "While a stream is captured, only launches, asynchronous copies and clears, events and waits may be called on it, and capture ends on the thread that began it.",
        802 or 803 or 804 => "Driver and library do not go together: reinstall the driver, or restart the machine after its update.",
        _ => "See the CUDA driver documentation for this error; new CpuBackend() gives the same result without the device.",
    };
}
