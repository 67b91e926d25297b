using System.Runtime.CompilerServices;

namespace TorchBrain.Native.Cpu;

/// <summary>Rows that wait for the step of their next run, by that step. An entry is the place of the run and the instance whose spike it was. Grows without managed memory.</summary>
sealed class Calendar : IDisposable
{
    const int InstanceBits = 16, FirstCapacity = 64;

    readonly AlignedBuffer<ulong>[] _entries;
    // Not managed: on the heap, the counts of one thread could share a cache line with what another reads.
    readonly AlignedBuffer<int> _counts;

    /// <param name="days">Steps it looks ahead, a power of two.</param>
    /// <param name="hugePages">Whether long lists ask for huge pages.</param>
    public Calendar(int days, bool hugePages)
    {
        _entries = [.. Enumerable.Range(0, days).Select(_ => new AlignedBuffer<ulong>(0, hugePages))];
        _counts = new AlignedBuffer<int>(days, hugePages: false);
    }

    public int Days => _entries.Length;

    public static RowPlace Place(ulong entry) => new(entry >> InstanceBits);

    public static int Instance(ulong entry) => (int)(entry & ((1 << InstanceBits) - 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long step, RowPlace place, int instance)
    {
        var day = step & (_entries.Length - 1);
        ref var count = ref _counts.At(day);
        if (count == _entries[day].Length)
            Grow(day);
        _entries[day].At(count++) = place.Value << InstanceBits | (uint)instance;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    void Grow(long day) => _entries[day].Grow(Math.Max(FirstCapacity, 2L * _counts.At(day)));

    /// <summary>The entries of a step. Valid until something is added for that step.</summary>
    public Span<ulong> Due(long step)
    {
        var day = step & (_entries.Length - 1);
        return _entries[day].Span(0, _counts.At(day));
    }

    public void Forget(long step) => _counts.At(step & (_entries.Length - 1)) = 0;

    public void Clear() => _counts.Clear();

    public void Dispose()
    {
        foreach (var entries in _entries)
            entries.Dispose();
        _counts.Dispose();
    }
}
