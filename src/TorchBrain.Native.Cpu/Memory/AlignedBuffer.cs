using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// Zeroed native memory, aligned to 64 bytes; in huge pages where it is large and the system lends them. The only unsafe file of this project: every access goes through
/// <see cref="At"/>, which checks its index in Debug builds, or through spans, which always check.
/// </summary>
sealed unsafe class AlignedBuffer<T> : IDisposable where T : unmanaged
{
    readonly bool _hugePages;
    T* _data;

    /// <param name="length">Elements.</param>
    /// <param name="hugePages">Whether it asks for huge pages where it is large.</param>
    /// <param name="zeroed">False where the caller writes every element before it reads it: pages nobody writes then cost nothing.</param>
    public AlignedBuffer(long length, bool hugePages, bool zeroed = true)
    {
        _hugePages = hugePages;
        Length = length;
        _data = Allocate(length, zeroed);
    }

    public long Length { get; private set; }

    T* Allocate(long length, bool zeroed)
    {
        var bytes = checked((nuint)Math.Max(1, length) * (nuint)sizeof(T));
        var large = bytes >= HugePages.WorthIt;
        var data = (T*)NativeMemory.AlignedAlloc(bytes, large ? HugePages.Size : 64);
        if (large)
            HugePages.Advise(data, bytes, _hugePages);
        if (zeroed)
            NativeMemory.Clear(data, bytes);
        return data;
    }

    /// <summary>The element, as the start of a run the caller keeps within <see cref="Length"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T At(long index)
    {
        Debug.Assert((ulong)index < (ulong)Math.Max(1, Length), "index outside the buffer");
        return ref Unsafe.AsRef<T>(_data + index);
    }

    /// <summary>Asks the processor to fetch the cache line of an element; any index will do.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(long index)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(_data + index);
    }

    /// <summary>The 32-bit elements at places from a start on. Needs AVX2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<int> Gather(long start, Vector256<int> places)
    {
        Debug.Assert(sizeof(T) == sizeof(int), "elements of another size");
        return Avx2.GatherVector256((int*)(_data + start), places, sizeof(int));
    }

    public Span<T> Span(long start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((ulong)start + (uint)length, (ulong)Length);
        return new Span<T>(_data + start, length);
    }

    /// <summary>Makes the buffer longer and keeps what it holds. No managed memory is used.</summary>
    public void Grow(long length)
    {
        var data = Allocate(length, zeroed: true);
        NativeMemory.Copy(_data, data, (nuint)Length * (nuint)sizeof(T));
        NativeMemory.AlignedFree(_data);
        _data = data;
        Length = length;
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
