using System.Runtime.InteropServices;

namespace TorchBrain.Native.Cuda;

/// <summary>Host memory that stays in place, so that a device copies from and to it while the host does something else. Zeroed at first. Offsets and counts are in elements.</summary>
/// <typeparam name="T">The element; a struct without references.</typeparam>
public sealed unsafe class CudaPinnedMemory<T> : IDisposable where T : unmanaged
{
    readonly CudaContext _context;
    nint _pointer;
    bool _disposed;

    /// <summary>Allocates.</summary>
    /// <param name="context">The device that copies.</param>
    /// <param name="length">Number of elements; 0 makes one without memory.</param>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.DeviceOutOfMemory"/>: the system lets no more memory be pinned.</exception>
    public CudaPinnedMemory(CudaContext context, long length)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        _context = context;
        Length = length;
        var bytes = checked(length * sizeof(T));
        if (length == 0)
            return;
        context.RequireOpen();
        var result = CudaDriver.MemHostAlloc(out var pointer, (nuint)bytes, CudaDriver.HostAllocPortable);
        if (result == CudaDriver.OutOfMemory)
            throw CudaError.OutOfPinnedMemory(bytes);
        context.Check(result, "cuMemHostAlloc");
        context.Enter();
        _pointer = pointer;
        NativeMemory.Clear((void*)pointer, (nuint)bytes);
    }

    /// <summary>Its address on the host, for other libraries.</summary>
    /// <exception cref="ObjectDisposedException">The memory is freed.</exception>
    public nint Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _pointer;
        }
    }

    /// <summary>Number of elements.</summary>
    public long Length { get; }

    /// <summary>All elements; of more than 2³¹ - 1 take <see cref="Slice"/>. Not to be used after <see cref="Dispose"/>, nor while a copy into it is under way.</summary>
    /// <exception cref="OverflowException">There are more elements than a span can hold.</exception>
    public Span<T> Span => new((void*)Pointer, checked((int)Length));

    /// <summary>Some elements.</summary>
    /// <param name="offset">The first.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the memory.</exception>
    public Span<T> Slice(long offset, int count) => new(Address(offset, count), count);

    /// <summary>Frees the memory, after the device has done what it was handed.</summary>
    public void Dispose()
    {
        _disposed = true;
        _context.Release(ref _pointer, CudaDriver.MemFreeHost);
    }

    internal T* Address(long offset, long count)
    {
        CheckRange(offset, count, Length);
        return (T*)Pointer + offset;
    }

    internal static void CheckRange(long offset, long count, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, length - offset);
    }
}
