using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// Zeroed native memory, aligned to 64 bytes. The only unsafe file of this project: every access goes through <see cref="At"/>, which checks its index in Debug
/// builds, or through spans, which always check.
/// </summary>
sealed unsafe class AlignedBuffer<T> : IDisposable where T : unmanaged
{
    T* _data;

    public AlignedBuffer(long length)
    {
        Length = length;
        var bytes = checked((nuint)Math.Max(1, length) * (nuint)sizeof(T));
        _data = (T*)NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(_data, bytes);
    }

    public long Length { get; }

    /// <summary>The element, as the start of a run the caller keeps within <see cref="Length"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T At(long index)
    {
        Debug.Assert((ulong)index < (ulong)Math.Max(1, Length), "index outside the buffer");
        return ref Unsafe.AsRef<T>(_data + index);
    }

    public Span<T> Span(long start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((ulong)start + (uint)length, (ulong)Length);
        return new Span<T>(_data + start, length);
    }

    public void Clear() => NativeMemory.Clear(_data, (nuint)Length * (nuint)sizeof(T));

    ~AlignedBuffer() => Free();

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    void Free()
    {
        NativeMemory.AlignedFree(_data);
        _data = null;
    }
}
