using System.Runtime.CompilerServices;

namespace TorchBrain.Native.Cpu;

/// <summary>Rows that wait for the step of their next run, by that step. An entry is a cursor into the rows and the instance whose spike it was. Grows without managed memory.</summary>
sealed class Calendar : IDisposable
{
    const int InstanceBits = 16, FirstCapacity = 64;

    readonly AlignedBuffer<ulong>[] _entries;
    readonly int[] _counts;

    /// <param name="days">Steps it looks ahead, a power of two.</param>
    /// <param name="hugePages">Whether long lists ask for huge pages.</param>
    public Calendar(int days, bool hugePages)
    {
        _entries = [.. Enumerable.Range(0, days).Select(_ => new AlignedBuffer<ulong>(0, hugePages))];
        _counts = new int[days];
    }

    public int Days => _counts.Length;

    public static long Cursor(ulong entry) => (long)(entry >> InstanceBits);

    public static int Instance(ulong entry) => (int)(entry & ((1 << InstanceBits) - 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long step, long cursor, int instance)
    {
        var day = step & (_counts.Length - 1);
        var entries = _entries[day];
        ref var count = ref _counts[day];
        if (count == entries.Length)
            entries.Grow(Math.Max(FirstCapacity, 2L * count));
        entries.At(count++) = (ulong)cursor << InstanceBits | (uint)instance;
    }

    /// <summary>The entries of a step. Valid until something is added for that step.</summary>
    public Span<ulong> Due(long step)
    {
        var day = step & (_counts.Length - 1);
        return _entries[day].Span(0, _counts[day]);
    }

    public void Forget(long step) => _counts[step & (_counts.Length - 1)] = 0;

    public void Clear() => Array.Clear(_counts);

    public void Dispose()
    {
        foreach (var entries in _entries)
            entries.Dispose();
    }
}
