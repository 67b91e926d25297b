using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// Builds <see cref="SparseRows"/> in one pass over the sources, in parallel: the synapses of a source are made, counted by slice, delay and shift, and written to their place.
/// Each worker fills pieces of the buffer of its own, one for each slice: what a thread reads lies on pages of its own. Where a row lies depends on the workers, but not what it holds.
/// </summary>
sealed class SparseLayout
{
    readonly NetworkPlan _plan;
    readonly SparseSlice[] _slices;
    readonly RowStore _words;
    readonly int _maxDelay;
    readonly bool _push;

    SparseLayout(NetworkPlan plan, SparseSlice[] slices, int maxDelay, RowStore words, bool push) => (_plan, _slices, _maxDelay, _words, _push) = (plan, slices, maxDelay, words, push);

    /// <summary>Whether a projection is stored this way.</summary>
    public static bool Includes(ProjectionPlan projection) => projection.Storage == SynapseStorage.SparseInt16;

    /// <param name="plan">The plan.</param>
    /// <param name="populations">Its populations.</param>
    /// <param name="sums">Where input is summed.</param>
    /// <param name="choices">How it is to be laid out.</param>
    /// <param name="bitmasks">By projection: what takes the first synapse of each of its pairs; or null. It is filled here.</param>
    public static SparseRows Build(NetworkPlan plan, CpuPopulation[] populations, InputSums sums, CpuChoices choices, BitmaskRows?[] bitmasks)
    {
        var sliceElements = choices.SliceElements;
        var projections = plan.Projections.Where(Includes).ToArray();
        SparseSlice[] slices = [.. Slices(sums, populations[0].Starts.Length - 1, sliceElements)];
        var groups = projections.GroupBy(p => p.Source.Index).ToDictionary(g => g.Key, g => new SourceGroup([.. g], populations, sums, slices, sliceElements, bitmasks));
        var words = new RowStore(groups.Values.Sum(g => g.ExpectedWords), sums.HugePages);
        var layout = new SparseLayout(plan, slices, projections.Select(p => p.MaxDelay).DefaultIfEmpty(1).Max(), words, choices.Push);
        var starts = new long[]?[]?[plan.Populations.Count];
        foreach (var (source, group) in groups)
            if (layout.Fill(group) is var rows && rows.Any(r => r.AsSpan().ContainsAnyExcept(-1)))
                starts[source] = rows;
        return new SparseRows(slices, words, starts);
    }

    static IEnumerable<SparseSlice> Slices(InputSums sums, int threads, int sliceElements)
    {
        for (var thread = 0; thread < threads; thread++)
        {
            for (var first = 0; first < sums.NarrowSpace.Length(thread); first += sliceElements)
                yield return new SparseSlice(thread, first, Wide: false);
            for (var first = 0; first < sums.WideSpace.Length(thread); first += sliceElements)
                yield return new SparseSlice(thread, first, Wide: true);
        }
    }

    /// <summary>The projections that leave one population, and where the elements of their targets lie.</summary>
    sealed class SourceGroup
    {
        readonly int[][] _slice, _local;

        public SourceGroup(ProjectionPlan[] projections, CpuPopulation[] populations, InputSums sums, SparseSlice[] slices, int sliceElements, BitmaskRows?[] bitmasks)
        {
            Projections = projections;
            Rows = [.. projections.Select(p => new SourceRows(p))];
            Scale = [.. projections.Select(p => p.WeightScale)];
            Bitmasks = [.. projections.Select(p => bitmasks[p.Index])];
            (_slice, _local) = (new int[projections.Length][], new int[projections.Length][]);
            for (var j = 0; j < projections.Length; j++)
                (_slice[j], _local[j]) = Locate(projections[j], populations[projections[j].Target.Index], sums, slices, sliceElements);
            double runs = slices.Length * projections.Select(p => p.Shift).Distinct().Count() * (double)(projections.Max(p => p.MaxDelay) - projections.Min(p => p.MinDelay) + 1);
            var synapses = projections.Sum(p => bitmasks[p.Index] is null ? p.SynapseCount : SecondsOfPairs(p));
            var words = synapses + Math.Min(synapses, runs * Sources) + Sources * (slices.Length + 1.0);
            var pieces = RowWorkers.Count * (double)slices.Length;
            PieceWords = (long)Math.Clamp(words / (16 * pieces), 4096, 1 << 18);
            ExpectedWords = words + pieces * PieceWords;
        }

        /// <summary>What a worker takes of the buffer at a time for a slice: a small part of what it will need in all, so that what is left at the end is little.</summary>
        public long PieceWords { get; }

        public ProjectionPlan[] Projections { get; }
        public SourceRows[] Rows { get; }
        public float[] Scale { get; }
        public BitmaskRows?[] Bitmasks { get; }
        public double ExpectedWords { get; }
        public int Sources => Projections[0].Source.Count;
        public ReadOnlySpan<int> SliceOfGroup(int projection) => _slice[projection];
        public ReadOnlySpan<int> LocalOfGroup(int projection) => _local[projection];

        // About how many synapses are not the first of their pair, were all pairs drawn with replacement.
        static double SecondsOfPairs(ProjectionPlan p) => p.SynapseCount * 0.5 * p.SynapseCount / ((double)p.Source.Count * p.Target.Count);

        // For each group of 64 target elements: its slice, and the local index of its first element within the slice.
        static (int[] Slice, int[] Local) Locate(ProjectionPlan p, CpuPopulation target, InputSums sums, SparseSlice[] slices, int sliceElements)
        {
            var groups = target.Padded / CpuPopulation.Group;
            var (slice, local) = (new int[groups], new int[groups]);
            var wide = sums.IsWide(target.Plan.Index, p.Channel);
            for (var thread = 0; thread + 1 < target.Starts.Length; thread++)
                for (var e = target.Starts[thread]; e < target.Starts[thread + 1]; e += CpuPopulation.Group)
                {
                    var at = e + Origin(thread);
                    slice[e / CpuPopulation.Group] = Array.FindIndex(slices, s => s.Thread == thread && s.Wide == wide && at >= s.First && at < s.First + sliceElements);
                    local[e / CpuPopulation.Group] = at % sliceElements;
                }
            return (slice, local);

            int Origin(int thread) => (wide ? sums.WideSpace : sums.NarrowSpace).Local(target.Plan.Index, p.Channel, thread);
        }
    }

    /// <summary>What one worker needs: the row it makes, and its piece of the buffer.</summary>
    sealed class Worker(int slices, int bins)
    {
        public readonly SynapseBuffer Synapses = new();
        public readonly int[] Counts = new int[bins];
        public readonly long[] Places = new long[bins];
        public readonly List<int> Used = [];
        public int[] Bins = new int[1024];
        public uint[] Words = new uint[1024];
        public int Count;
        public readonly long[] Next = new long[slices], End = new long[slices];
    }

    long[][] Fill(SourceGroup group)
    {
        int[] shifts = [.. group.Projections.Select(p => p.Shift).Distinct().Order()];
        var starts = _slices.Select(_ => new long[group.Sources]).ToArray();
        RowWorkers.For(group.Sources, () => new Worker(_slices.Length, _slices.Length * _maxDelay * shifts.Length), (source, worker) =>
        {
            worker.Count = 0;
            for (var j = 0; j < group.Projections.Length; j++)
                Gather(group, j, source, shifts, worker);
            Write(worker, group.PieceWords, shifts, starts, source);
        });
        return starts;
    }

    // Appends the synapses of one projection as packed words, each with its bin: slice, then delay, then shift. A weight that fits 16 bits with the least shift of the source's projections is
    // written with that one, which changes its digits and not its value: so most sources have one run a delay, and runs are what delivery costs beside words.
    void Gather(SourceGroup group, int projection, int source, int[] shifts, Worker w)
    {
        var ownShift = Array.IndexOf(shifts, group.Projections[projection].Shift);
        var less = group.Projections[projection].Shift - shifts[0];
        var mostWithLeast = short.MaxValue >> less;
        group.Rows[projection].Row(source, w.Synapses);
        Span<int> partner = w.Synapses.Partner, delay = w.Synapses.Delay;
        if (group.Bitmasks[projection] is { } bitmask)
            partner = partner[..bitmask.Take(source, partner)]; // all have one weight and one delay
        var weight = w.Synapses.Weight;
        if (w.Bins.Length < w.Count + partner.Length)
        {
            Array.Resize(ref w.Bins, Math.Max(2 * w.Bins.Length, w.Count + partner.Length));
            Array.Resize(ref w.Words, w.Bins.Length);
        }
        Span<int> bins = w.Bins.AsSpan(w.Count, partner.Length), counts = w.Counts;
        var words = w.Words.AsSpan(w.Count, partner.Length);
        ReadOnlySpan<int> slices = group.SliceOfGroup(projection), locals = group.LocalOfGroup(projection);
        var (scale, batch) = (group.Scale[projection], _plan.Batch);
        for (var k = 0; k < partner.Length; k++)
        {
            var element = partner[k] * batch;
            int fixedWeight = ProjectionPlan.Quantise(weight[k], scale);
            var shiftIndex = ownShift;
            if (less > 0 && Math.Abs(fixedWeight) <= mostWithLeast)
                (fixedWeight, shiftIndex) = (fixedWeight << less, 0);
            var bin = (slices[element / CpuPopulation.Group] * _maxDelay + delay[k] - 1) * shifts.Length + shiftIndex;
            words[k] = (uint)fixedWeight << 16 | (uint)(locals[element / CpuPopulation.Group] + element % CpuPopulation.Group);
            bins[k] = bin;
            if (counts[bin]++ == 0)
                w.Used.Add(bin);
        }
        w.Count += partner.Length;
    }

    void Write(Worker w, long pieceWords, int[] shifts, long[][] starts, int source)
    {
        foreach (var slice in starts)
            slice[source] = -1;
        if (w.Count == 0)
            return;
        w.Used.Sort();
        for (var from = 0; from < w.Used.Count;)
            from = WriteRow(w, from, shifts, pieceWords, starts, source);
        for (var k = 0; k < w.Count; k++)
            Place(w, k);
        foreach (var bin in w.Used)
            w.Counts[bin] = 0;
        w.Used.Clear();
    }

    // Writes the heads of one slice's bins and an end, and notes where they begin and what of them is read first: the first delay, or all where rows are pushed. Returns the first bin of the next slice.
    int WriteRow(Worker w, int from, int[] shifts, long pieceWords, long[][] starts, int source)
    {
        var delays = w.Used[from] / shifts.Length;
        var slice = delays / _maxDelay;
        int to = from, count = 0;
        for (; to < w.Used.Count && w.Used[to] / shifts.Length / _maxDelay == slice; to++)
            count += w.Counts[w.Used[to]];
        Reserve(w, slice, pieceWords, count + 4 * (count / SparseRows.LongestRun + to - from) + 1);
        long begin = w.Next[slice], next = begin, readFirst = 0;
        for (var u = from; u < to; u++)
        {
            next = WriteHeads(w, w.Used[u], shifts, next);
            if (_push || w.Used[u] / shifts.Length == delays)
                readFirst = next;
        }
        _words.At(next++) = 0;
        starts[slice][source] = SparseRows.Start(new RowPlace(begin, readFirst + 1 - begin), delays % _maxDelay + 1);
        w.Next[slice] = next;
        return to;
    }

    // Writes the heads of a bin, leaves room for its words, and returns the place behind it; a run that is too long is cut.
    long WriteHeads(Worker w, int bin, int[] shifts, long next)
    {
        int delay = bin / shifts.Length % _maxDelay + 1, shift = shifts[bin % shifts.Length];
        w.Places[bin] = next + 1;
        for (var left = w.Counts[bin]; left > 0; left -= SparseRows.LongestRun)
        {
            int length = Math.Min(left, SparseRows.LongestRun), filled = SparseRows.Filled(length);
            _words.At(next) = SparseRows.Head(delay, shift, filled);
            for (var n = length; n < filled; n++)
                _words.At(next + 1 + n) = 0;
            next += 1 + filled;
        }
        w.Counts[bin] = 0; // counts now the words placed
        return next;
    }

    void Place(Worker w, int k)
    {
        var bin = w.Bins[k];
        _words.At(w.Places[bin]++) = w.Words[k];
        if (++w.Counts[bin] % SparseRows.LongestRun == 0)
            w.Places[bin]++; // over the next head
    }

    void Reserve(Worker w, int slice, long pieceWords, long words)
    {
        if (w.Next[slice] + words <= w.End[slice])
            return;
        var piece = Math.Max(pieceWords, words);
        w.Next[slice] = _words.Take(piece);
        w.End[slice] = w.Next[slice] + piece;
    }
}
