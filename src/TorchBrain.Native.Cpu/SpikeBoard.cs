using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// Where threads tell each other the spikes of a step, read between the barrier of that step and the next: all populations of a thread in one place, so that others fetch a cache line or two and not two for
/// each population. A page is where the list of each population ends, and the lists, one behind the other; while a page is read, its thread may write that of the next step.
/// </summary>
sealed class SpikeBoard : IDisposable
{
    const int LineInts = 16;

    readonly int _populations;
    readonly AlignedBuffer<int>[] _pages;
    readonly int[] _stride;

    /// <param name="starts">First element of each thread, per population.</param>
    public SpikeBoard(int[][] starts)
    {
        _populations = starts.Length;
        _stride = [.. Enumerable.Range(0, starts[0].Length - 1).Select(t => (_populations + starts.Sum(s => s[t + 1] - s[t]) + LineInts - 1) / LineInts * LineInts)];
        _pages = [.. _stride.Select(ints => new AlignedBuffer<int>(2L * ints, hugePages: false))];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    ref int Page(int thread, long step) => ref _pages[thread].At((step & 1) * _stride[thread]);

    /// <summary>Starts the list of a population. A thread goes through its populations in order.</summary>
    public void Begin(int thread, int population, long step)
    {
        ref var end = ref Unsafe.Add(ref Page(thread, step), population);
        end = population == 0 ? 0 : Unsafe.Subtract(ref end, 1);
    }

    /// <summary>Appends a spike to the list begun last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int thread, int population, long step, int element)
    {
        ref var page = ref Page(thread, step);
        ref var end = ref Unsafe.Add(ref page, population);
        Unsafe.Add(ref page, _populations + end++) = element;
    }

    /// <summary>The spikes that a thread found in the step, ascending.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<int> Spikes(int thread, int population, long step)
    {
        ref var page = ref Page(thread, step);
        ref var end = ref Unsafe.Add(ref page, population);
        var begin = population == 0 ? 0 : Unsafe.Subtract(ref end, 1);
        return MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref page, _populations + begin), end - begin);
    }

    /// <summary>Asks for what other threads have just written.</summary>
    public void Prefetch(int reader, long step)
    {
        for (var thread = 0; thread < _pages.Length; thread++)
            if (thread != reader)
                for (var line = 0; line < 2; line++)
                    _pages[thread].Prefetch((step & 1) * _stride[thread] + line * LineInts);
    }

    public void Dispose()
    {
        foreach (var pages in _pages)
            pages.Dispose();
    }
}
