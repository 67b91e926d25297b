using System.Runtime.InteropServices;

namespace TorchBrain.Native.Cuda;

/// <summary>Compiled kernels, loaded onto a device. Its kernels must not be launched after <see cref="Dispose"/>.</summary>
public sealed unsafe class CudaModule : IDisposable
{
    nint _handle;

    CudaModule(CudaContext context, nint handle, string name)
    {
        (Context, _handle, Name) = (context, handle, name);
        context.Enter();
    }

    /// <summary>What it was compiled from, for messages.</summary>
    public string Name { get; }

    internal CudaContext Context { get; }

    internal nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle == 0, this);
            return _handle;
        }
    }

    /// <summary>Loads an image.</summary>
    /// <param name="context">The device.</param>
    /// <param name="image">A cubin, or PTX text that ends with a zero byte.</param>
    /// <param name="name">What it was compiled from, for messages.</param>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.DeviceUnsupported"/>: the image is not for this device or this driver. <see cref="ErrorCode.DeviceOutOfMemory"/>.
    /// <see cref="ErrorCode.CudaCallFailed"/>.</exception>
    public static CudaModule Load(CudaContext context, ReadOnlySpan<byte> image, string name)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(name);
        if (image.IsEmpty)
            throw new ArgumentException("The image is empty.", nameof(image));
        context.RequireOpen();
        const int logBytes = 8192;
        var log = stackalloc byte[logBytes];
        *log = 0;
        int* names = stackalloc int[2] { CudaDriver.JitErrorLog, CudaDriver.JitErrorLogBytes };
        nint* values = stackalloc nint[2] { (nint)log, logBytes };
        int result;
        nint handle;
        fixed (byte* bytes = image)
            result = CudaDriver.ModuleLoadData(out handle, bytes, 2, names, values);
        log[logBytes - 1] = 0;
        if (result is CudaDriver.NoBinaryForGpu or CudaDriver.InvalidPtx or CudaDriver.JitCompilerNotFound or CudaDriver.UnsupportedPtxVersion)
        {
            var said = Marshal.PtrToStringUTF8((nint)log)?.Trim() is { Length: > 0 } words ? $" The driver says: {words}" : "";
            var version = CudaDriver.DriverGetVersion(out var number) == CudaDriver.Success ? CudaProbe.VersionText(number) : "an unknown version";
            throw new TorchBrainException(ErrorCode.DeviceUnsupported,
                $"{CudaDriver.NameOf(result)}: '{name}' was not accepted by device {context.Device.Ordinal} ({context.Device.Name}, compute capability {context.Device.ComputeCapability}) with a driver for CUDA {version}.{said}",
                $"Update the driver, or name a folder with an older NVRTC, at most the driver's version, in {CudaProbe.Variable}.");
        }
        context.CheckAllocation(result, "cuModuleLoadDataEx", image.Length, $"the kernels of '{name}'");
        return new CudaModule(context, handle, name);
    }

    /// <summary>A kernel.</summary>
    /// <param name="entry">Its name, as in the source (<c>extern "C"</c>).</param>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.KernelMissing"/>: the module has no kernel of that name.</exception>
    public CudaKernel Kernel(string entry)
    {
        ArgumentException.ThrowIfNullOrEmpty(entry);
        Context.MakeCurrent();
        var result = CudaDriver.ModuleGetFunction(out var function, Handle, entry);
        if (result == CudaDriver.NotFound)
            throw new TorchBrainException(ErrorCode.KernelMissing, $"'{Name}' has no kernel '{entry}'.", "Declare it extern \"C\" __global__ in that file; the names are case-sensitive.");
        Context.Check(result, "cuModuleGetFunction");
        return new CudaKernel(this, function, entry);
    }

    /// <summary>Where a global variable of the module lies on the device, and its size in bytes.</summary>
    /// <param name="name">Its name, as in the source.</param>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.KernelMissing"/>: the module has no variable of that name.</exception>
    public (nint Pointer, long Bytes) Global(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Context.MakeCurrent();
        var result = CudaDriver.ModuleGetGlobal(out var pointer, out var bytes, Handle, name);
        if (result == CudaDriver.NotFound)
            throw new TorchBrainException(ErrorCode.KernelMissing, $"'{Name}' has no global variable '{name}'.", "Declare it extern \"C\" __device__ or __constant__ and use it; the names are case-sensitive.");
        Context.Check(result, "cuModuleGetGlobal");
        return (pointer, (long)bytes);
    }

    /// <summary>Writes a global variable of the module, behind the work handed to the stream before, and waits until it is there.</summary>
    /// <param name="name">Its name, as in the source; it may be constant memory.</param>
    /// <param name="content">What it is to hold, from its beginning.</param>
    /// <param name="stream">The stream; null for the default stream, which waits for no other stream.</param>
    /// <exception cref="ArgumentOutOfRangeException">The content is longer than the variable.</exception>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.KernelMissing"/>: the module has no variable of that name. <see cref="ErrorCode.CudaCallFailed"/>.</exception>
    public void Write<T>(string name, ReadOnlySpan<T> content, CudaStream? stream = null) where T : unmanaged
    {
        var (pointer, bytes) = Global(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)content.Length * sizeof(T), bytes, nameof(content));
        if (content.IsEmpty)
            return;
        var queue = stream?.Handle ?? 0;
        fixed (T* from = content)
        {
            Context.Check(CudaDriver.MemcpyHtoDAsync(pointer, from, (nuint)content.Length * (nuint)sizeof(T), queue), "cuMemcpyHtoDAsync");
            Context.Check(CudaDriver.StreamSynchronize(queue), "cuStreamSynchronize");
        }
    }

    /// <summary>Unloads the kernels.</summary>
    public void Dispose() => Context.Release(ref _handle, CudaDriver.ModuleUnload);
}
