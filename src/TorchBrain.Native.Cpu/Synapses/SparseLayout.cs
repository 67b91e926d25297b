using System.Buffers;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>Packed rows of one slice of targets.</summary>
/// <param name="FirstElement">First element of the slice.</param>
/// <param name="RowStarts">Where the row of each source begins in <paramref name="Words"/>.</param>
/// <param name="Words">Runs: a word (delay in the upper, length in the lower 16 bits), then words (weight in the upper, local element in the lower 16 bits).</param>
sealed record SparseSlice(int FirstElement, long[] RowStarts, AlignedBuffer<uint> Words);

/// <summary>
/// Builds the packed rows of a static sparse projection in two passes over the generator: count, then fill. Each row's place depends on nothing but the counts, so
/// the result is the same whatever the threads do. A row is sorted once, as plain numbers whose order is that of the layout.
/// </summary>
static class SparseLayout
{
    /// <summary>Elements per slice: 65,536 is the most that 16 bits can name; a slot of this size (64 KiB) stays in the second-level cache.</summary>
    public const int SliceElements = 16384;

    const int LongestRun = 0xFFFF, MostSlices = 0x10000;

    public static SparseSlice[][] Build(ProjectionPlan plan, CpuPopulation target, int threads, int batch)
    {
        var length = SliceElements;
        while (target.Padded / length + threads > MostSlices)
            length *= 2;
        var slices = new List<(int Thread, int First)>();
        var sliceOf = new int[target.Padded / CpuPopulation.Group];
        for (var k = 0; k < threads; k++)
            for (var first = target.Starts[k]; first < target.Starts[k + 1]; first += length)
            {
                var end = Math.Min(first + length, target.Starts[k + 1]);
                Array.Fill(sliceOf, slices.Count, first / CpuPopulation.Group, (end - first) / CpuPopulation.Group);
                slices.Add((k, first));
            }
        var firsts = slices.Select(s => s.First).ToArray();
        var starts = slices.Select(_ => new long[plan.Source.Count + 1]).ToArray();
        var rows = new SourceRows(plan);

        // Pass 1: words per (slice, source).
        rows.ForEach(0, plan.Source.Count, (source, row) => Sorted(plan, row, batch, sliceOf, firsts, keys =>
        {
            for (int k = 0, run; k < keys.Length; k += run)
                starts[Slice(keys[k])][source + 1] += 1 + (run = RunLength(keys[k..]));
        }));
        foreach (var slice in starts)
            for (var i = 0; i < plan.Source.Count; i++)
                slice[i + 1] += slice[i];
        var words = starts.Select(s => new AlignedBuffer<uint>(s[^1])).ToArray();

        // Pass 2: fill.
        rows.ForEach(0, plan.Source.Count, (source, row) => Sorted(plan, row, batch, sliceOf, firsts, keys => Fill(keys, source, starts, words)));
        return [.. Enumerable.Range(0, threads).Select(k => slices.Select((s, i) => (s, i)).Where(x => x.s.Thread == k)
            .Select(x => new SparseSlice(x.s.First, starts[x.i], words[x.i])).ToArray())];
    }

    delegate void KeyVisitor(ReadOnlySpan<ulong> keys);

    // A synapse as a number: slice, delay, element within the slice, weight, 16 bits each from high to low.
    static void Sorted(ProjectionPlan plan, Span<RowEntry> row, int batch, int[] sliceOf, int[] firsts, KeyVisitor visit)
    {
        var pooled = ArrayPool<ulong>.Shared.Rent(row.Length);
        var keys = pooled.AsSpan(0, row.Length);
        for (var k = 0; k < keys.Length; k++)
        {
            var element = row[k].Target * batch;
            var slice = sliceOf[element / CpuPopulation.Group];
            keys[k] = (ulong)slice << 48 | (ulong)row[k].Delay << 32 | (ulong)(uint)(element - firsts[slice]) << 16 | (ushort)plan.Quantise(row[k].Weight);
        }
        keys.Sort();
        visit(keys);
        ArrayPool<ulong>.Shared.Return(pooled);
    }

    static int Slice(ulong key) => (int)(key >> 48);

    // Synapses of one slice and delay.
    static int RunLength(ReadOnlySpan<ulong> keys)
    {
        var n = 1;
        while (n < keys.Length && n < LongestRun && keys[n] >> 32 == keys[0] >> 32)
            n++;
        return n;
    }

    static void Fill(ReadOnlySpan<ulong> keys, int source, long[][] starts, AlignedBuffer<uint>[] words)
    {
        var (slice, at) = (-1, 0L);
        for (var k = 0; k < keys.Length;)
        {
            var run = RunLength(keys[k..]);
            if (Slice(keys[k]) != slice)
            {
                slice = Slice(keys[k]);
                at = starts[slice][source];
            }
            words[slice].At(at++) = (uint)(keys[k] >> 32 << 16) | (uint)run;
            for (var end = k + run; k < end; k++)
                words[slice].At(at++) = (uint)keys[k] << 16 | (uint)keys[k] >> 16;
        }
    }
}
