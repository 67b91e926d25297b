using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>Packed rows of one slice of targets.</summary>
/// <param name="FirstElement">First element of the slice.</param>
/// <param name="RowStarts">Where the row of each source begins in <paramref name="Words"/>.</param>
/// <param name="Words">Runs: a word (delay in the upper, length in the lower 16 bits), then words (weight in the upper, local element in the lower 16 bits).</param>
sealed record SparseSlice(int FirstElement, long[] RowStarts, AlignedBuffer<uint> Words);

/// <summary>
/// Builds the packed rows of a static sparse projection in two passes over the generator: count, then fill. Each row's place depends on nothing but the counts, so
/// the result is the same whatever the threads do.
/// </summary>
static class SparseLayout
{
    /// <summary>Elements per slice: 65,536 is the most that 16 bits can name; a slot of this size (64 KiB) stays in the second-level cache.</summary>
    public const int SliceElements = 16384;

    const int LongestRun = 0xFFFF;

    public static SparseSlice[][] Build(ProjectionPlan plan, CpuPopulation target, int threads, int batch)
    {
        var slices = new List<(int Thread, int First, int End)>();
        for (var k = 0; k < threads; k++)
            for (var first = target.Starts[k]; first < target.Starts[k + 1]; first += SliceElements)
                slices.Add((k, first, Math.Min(first + SliceElements, target.Starts[k + 1])));
        var result = slices.Select(_ => new long[plan.Source.Count + 1]).ToArray();
        var rows = new SourceRows(plan);

        // Pass 1: words per (slice, source).
        rows.ForEach(0, plan.Source.Count, (source, row) =>
        {
            var entries = Entries(plan, row, batch);
            for (var s = 0; s < slices.Count; s++)
                result[s][source + 1] = Words(Part(entries, slices[s].First, slices[s].End));
        });
        foreach (var starts in result)
            for (var i = 0; i < plan.Source.Count; i++)
                starts[i + 1] += starts[i];
        var words = result.Select(starts => new AlignedBuffer<uint>(starts[^1])).ToArray();

        // Pass 2: fill.
        rows.ForEach(0, plan.Source.Count, (source, row) =>
        {
            var entries = Entries(plan, row, batch);
            for (var s = 0; s < slices.Count; s++)
                Fill(Part(entries, slices[s].First, slices[s].End), words[s], result[s][source], slices[s].First);
        });
        return [.. Enumerable.Range(0, threads).Select(k => slices.Select((s, i) => (s, i)).Where(x => x.s.Thread == k)
            .Select(x => new SparseSlice(x.s.First, result[x.i], words[x.i])).ToArray())];
    }

    static Entry[] Entries(ProjectionPlan plan, Span<RowEntry> row, int batch)
    {
        row.Sort(RowEntry.ByTarget);
        var entries = new Entry[row.Length];
        for (var k = 0; k < entries.Length; k++)
            entries[k] = new Entry(row[k].Target * batch, row[k].Delay, plan.Quantise(row[k].Weight), row[k].Order);
        return entries;
    }

    // Entries are sorted by element first; a slice is a run of them.
    static ReadOnlySpan<Entry> Part(ReadOnlySpan<Entry> entries, int first, int end)
    {
        var from = LowerBound(entries, first);
        return entries[from..LowerBound(entries, end)];
    }

    static int LowerBound(ReadOnlySpan<Entry> entries, int element)
    {
        int low = 0, high = entries.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (entries[middle].Element < element)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    static long Words(ReadOnlySpan<Entry> part)
    {
        Span<Entry> sorted = part.ToArray();
        sorted.Sort(Entry.ByDelay);
        long words = sorted.Length;
        for (var i = 0; i < sorted.Length; i += RunLength(sorted[i..]))
            words++;
        return words;
    }

    static int RunLength(ReadOnlySpan<Entry> sorted)
    {
        var n = 1;
        while (n < sorted.Length && n < LongestRun && sorted[n].Delay == sorted[0].Delay)
            n++;
        return n;
    }

    static void Fill(ReadOnlySpan<Entry> part, AlignedBuffer<uint> words, long at, int firstElement)
    {
        Span<Entry> sorted = part.ToArray();
        sorted.Sort(Entry.ByDelay);
        for (var i = 0; i < sorted.Length;)
        {
            var run = RunLength(sorted[i..]);
            words.At(at++) = (uint)sorted[i].Delay << 16 | (uint)run;
            for (var n = 0; n < run; n++, i++)
                words.At(at++) = (uint)(ushort)sorted[i].Weight << 16 | (uint)(sorted[i].Element - firstElement);
        }
    }

    /// <summary>One synapse of a row: element of instance 0, delay in steps, 16-bit weight, order of creation.</summary>
    public readonly record struct Entry(int Element, int Delay, short Weight, int Order)
    {
        public static readonly Comparison<Entry> ByElement = (a, b) => a.Element != b.Element ? a.Element.CompareTo(b.Element) : a.Order.CompareTo(b.Order);
        public static readonly Comparison<Entry> ByDelay = (a, b) => a.Delay != b.Delay ? a.Delay.CompareTo(b.Delay) : ByElement(a, b);
    }
}
