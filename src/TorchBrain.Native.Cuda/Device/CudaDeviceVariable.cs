namespace TorchBrain.Native.Cuda;

/// <summary>Memory on a device. What it holds at first is undefined. Offsets and counts are in elements.</summary>
/// <typeparam name="T">The element; a struct without references.</typeparam>
public sealed unsafe class CudaDeviceVariable<T> : IDisposable where T : unmanaged
{
    readonly CudaContext _context;
    nint _pointer;
    bool _disposed;

    /// <summary>Allocates.</summary>
    /// <param name="context">Its device.</param>
    /// <param name="length">Number of elements; 0 makes a variable without memory, whose address is 0.</param>
    /// <param name="purpose">What it is for, for the message when the device has no room; null for its type.</param>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.DeviceOutOfMemory"/>.</exception>
    public CudaDeviceVariable(CudaContext context, long length, string? purpose = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        _context = context;
        Length = length;
        Bytes = checked(length * sizeof(T));
        if (length == 0)
            return;
        context.RequireOpen();
        context.CheckAllocation(CudaDriver.MemAlloc(out var pointer, (nuint)Bytes), "cuMemAlloc", Bytes, purpose ?? $"{typeof(T).Name}[{length}]");
        context.Enter();
        _pointer = pointer;
    }

    /// <summary>Its address on the device (<c>CUdeviceptr</c>), for kernels and other CUDA libraries.</summary>
    /// <exception cref="ObjectDisposedException">The memory is freed.</exception>
    public nint DevicePointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _pointer;
        }
    }

    /// <summary>Number of elements.</summary>
    public long Length { get; }

    /// <summary>Its size, bytes.</summary>
    public long Bytes { get; }

    /// <summary>Writes elements, behind the work handed to the stream before, and waits until they are there.</summary>
    /// <param name="source">The elements.</param>
    /// <param name="offset">The first element to be written.</param>
    /// <param name="stream">The stream; null for the default stream, which waits for no other stream.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the variable.</exception>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.CudaCallFailed"/>.</exception>
    public void CopyToDevice(ReadOnlySpan<T> source, long offset = 0, CudaStream? stream = null)
    {
        var address = Address(offset, source.Length);
        if (source.IsEmpty)
            return;
        var queue = stream?.Handle ?? 0;
        fixed (T* from = source)
        {
            _context.MakeCurrent();
            _context.Check(CudaDriver.MemcpyHtoDAsync(address, from, (nuint)source.Length * (nuint)sizeof(T), queue), "cuMemcpyHtoDAsync");
            _context.Check(CudaDriver.StreamSynchronize(queue), "cuStreamSynchronize");
        }
    }

    /// <summary>Reads elements, behind the work handed to the stream before, and waits until they are here.</summary>
    /// <param name="destination">Where they go.</param>
    /// <param name="offset">The first element to be read.</param>
    /// <param name="stream">The stream; null for the default stream, which waits for no other stream.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the variable.</exception>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.CudaCallFailed"/>.</exception>
    public void CopyToHost(Span<T> destination, long offset = 0, CudaStream? stream = null)
    {
        var address = Address(offset, destination.Length);
        if (destination.IsEmpty)
            return;
        var queue = stream?.Handle ?? 0;
        fixed (T* to = destination)
        {
            _context.MakeCurrent();
            _context.Check(CudaDriver.MemcpyDtoHAsync(to, address, (nuint)destination.Length * (nuint)sizeof(T), queue), "cuMemcpyDtoHAsync");
            _context.Check(CudaDriver.StreamSynchronize(queue), "cuStreamSynchronize");
        }
    }

    /// <summary>Hands the stream a copy from pinned memory. Does not wait and allocates nothing; the source must keep its content until the copy is done.</summary>
    /// <param name="source">The pinned memory.</param>
    /// <param name="sourceOffset">Its first element.</param>
    /// <param name="offset">The first element to be written.</param>
    /// <param name="count">Number of elements.</param>
    /// <param name="stream">The stream.</param>
    /// <exception cref="ArgumentOutOfRangeException">A range is not within its memory.</exception>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.CudaCallFailed"/>.</exception>
    public void CopyToDeviceAsync(CudaPinnedMemory<T> source, long sourceOffset, long offset, long count, CudaStream stream)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(stream);
        var to = Address(offset, count);
        var from = source.Address(sourceOffset, count);
        if (count == 0)
            return;
        _context.MakeCurrent();
        _context.Check(CudaDriver.MemcpyHtoDAsync(to, from, (nuint)count * (nuint)sizeof(T), stream.Handle), "cuMemcpyHtoDAsync");
    }

    /// <summary>Hands the stream a copy into pinned memory. Does not wait and allocates nothing.</summary>
    /// <param name="destination">The pinned memory.</param>
    /// <param name="destinationOffset">Its first element.</param>
    /// <param name="offset">The first element to be read.</param>
    /// <param name="count">Number of elements.</param>
    /// <param name="stream">The stream.</param>
    /// <exception cref="ArgumentOutOfRangeException">A range is not within its memory.</exception>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.CudaCallFailed"/>.</exception>
    public void CopyToHostAsync(CudaPinnedMemory<T> destination, long destinationOffset, long offset, long count, CudaStream stream)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(stream);
        var from = Address(offset, count);
        var to = destination.Address(destinationOffset, count);
        if (count == 0)
            return;
        _context.MakeCurrent();
        _context.Check(CudaDriver.MemcpyDtoHAsync(to, from, (nuint)count * (nuint)sizeof(T), stream.Handle), "cuMemcpyDtoHAsync");
    }

    /// <summary>Hands the stream a copy from another variable of the device. Does not wait and allocates nothing.</summary>
    /// <param name="source">The other variable.</param>
    /// <param name="sourceOffset">Its first element.</param>
    /// <param name="offset">The first element to be written.</param>
    /// <param name="count">Number of elements.</param>
    /// <param name="stream">The stream.</param>
    /// <exception cref="ArgumentOutOfRangeException">A range is not within its memory.</exception>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.CudaCallFailed"/>.</exception>
    public void CopyFromAsync(CudaDeviceVariable<T> source, long sourceOffset, long offset, long count, CudaStream stream)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(stream);
        var (to, from) = (Address(offset, count), source.Address(sourceOffset, count));
        if (count == 0)
            return;
        _context.MakeCurrent();
        _context.Check(CudaDriver.MemcpyDtoDAsync(to, from, (nuint)count * (nuint)sizeof(T), stream.Handle), "cuMemcpyDtoDAsync");
    }

    /// <summary>Fills the variable with zero bytes: with a stream does not wait and allocates nothing, with null on the default stream and waits.</summary>
    /// <param name="stream">The stream, or null.</param>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.CudaCallFailed"/>.</exception>
    public void Clear(CudaStream? stream = null)
    {
        var address = DevicePointer;
        if (Bytes == 0)
            return;
        _context.MakeCurrent();
        _context.Check(CudaDriver.MemsetD8Async(address, 0, (nuint)Bytes, stream?.Handle ?? 0), "cuMemsetD8Async");
        if (stream is null)
            _context.Check(CudaDriver.StreamSynchronize(0), "cuStreamSynchronize");
    }

    /// <summary>Frees the memory, after the device has done what it was handed.</summary>
    public void Dispose()
    {
        _disposed = true;
        _context.Release(ref _pointer, CudaDriver.MemFree);
    }

    nint Address(long offset, long count)
    {
        CudaPinnedMemory<T>.CheckRange(offset, count, Length);
        return DevicePointer + (nint)(offset * sizeof(T));
    }
}
