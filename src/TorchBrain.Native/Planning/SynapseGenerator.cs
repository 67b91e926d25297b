namespace TorchBrain.Native.Planning;

/// <summary>The synapses of one row, as structure of arrays. Reused from row to row.</summary>
public sealed class SynapseBuffer
{
    int[] _partner = new int[256], _delay = new int[256];
    float[] _weight = new float[256];

    /// <summary>Number of synapses.</summary>
    public int Count { get; private set; }
    /// <summary>Target of each synapse (source, where the generator works by target).</summary>
    public Span<int> Partner => _partner.AsSpan(0, Count);
    /// <summary>Delay of each synapse in steps.</summary>
    public Span<int> Delay => _delay.AsSpan(0, Count);
    /// <summary>Weight of each synapse.</summary>
    public Span<float> Weight => _weight.AsSpan(0, Count);

    internal HashSet<int> Seen { get; } = [];

    uint[] _words = [];

    /// <summary>The first words of a random sequence.</summary>
    internal ReadOnlySpan<uint> Words(int count, ulong seed, uint stream, int element)
    {
        if (_words.Length < count)
            _words = new uint[Math.Max(count, 2 * _words.Length)];
        var words = _words.AsSpan(0, count);
        PhiloxRow.Fill(seed, stream, (uint)element, words);
        return words;
    }

    /// <summary>Makes the row this long; its content is the caller's to write. Delays are 1.</summary>
    internal void Resize(int count)
    {
        if (count > _partner.Length)
        {
            var length = Math.Max(count, 2 * _partner.Length);
            (_partner, _delay, _weight) = (new int[length], new int[length], new float[length]);
        }
        Count = count;
        Delay.Fill(1);
    }

    internal void Clear() => Count = 0;

    internal void Add(int partner, float weight, int delay)
    {
        if (Count == _partner.Length)
        {
            Array.Resize(ref _partner, 2 * Count);
            Array.Resize(ref _delay, 2 * Count);
            Array.Resize(ref _weight, 2 * Count);
        }
        _partner[Count] = partner;
        _weight[Count] = weight;
        _delay[Count++] = delay;
    }
}

/// <summary>
/// Makes the synapses of a projection row by row. Each row is a pure function of the seed and the row's number, so rows can be made in any
/// order by any thread. Most rules go by source; a fixed in-degree goes by target.
/// </summary>
public sealed class SynapseGenerator
{
    readonly Projection _projection;
    readonly ulong _seed;
    readonly double _stepMs;
    readonly IReadOnlyList<Position>? _sourcePositions, _targetPositions;
    readonly Geometry? _metric;
    readonly uint _structureStream, _weightStream, _delayStream;
    readonly int[]? _explicitStarts;
    readonly Synapse[]? _explicit;
    readonly float[]? _kernelCache, _kernelByOffset;
    readonly int[]? _rowTotals;
    readonly DelayTable? _delayTable;

    internal SynapseGenerator(Projection projection, ulong seed, double stepMs, IReadOnlyList<Position>? sourcePositions, IReadOnlyList<Position>? targetPositions)
    {
        _projection = projection;
        _seed = seed;
        _stepMs = stepMs;
        _sourcePositions = sourcePositions;
        _targetPositions = targetPositions;
        _metric = projection.Source.Geometry;
        var name = projection.EffectiveName;
        _structureStream = RandomStream.Named($"{name}/synapses");
        _weightStream = RandomStream.Named($"{name}/weight");
        _delayStream = RandomStream.Named($"{name}/delay");
        if (projection.DelayMs is DrawnParameter { Rises: true } delay)
            _delayTable = new DelayTable(word => Steps(delay.Function(RandomSequence.Uniform(word))));
        if (projection.Connectivity is ExplicitList list)
            (_explicitStarts, _explicit) = SortBySource(list.Synapses, projection.Source.Count);
        else if (projection.Connectivity is DistanceKernel kernel && Recurrent && (Lattice = NodeLattice.Of(_metric, sourcePositions)) is not null)
            _kernelByOffset = [.. Enumerable.Range(0, Targets).Select(target => KernelWeight(kernel, 0, target))];
        else if (projection.Connectivity is DistanceKernel other && (long)Sources * Targets <= 1 << 24)
            _kernelCache = CacheKernel(other);
        else if (Recurrent && StencilWeights.Obstacle(projection) is null)
            Lattice = NodeLattice.Of(_metric, sourcePositions);
        else if (projection.Connectivity is FixedTotal total)
            _rowTotals = RowTotals.Draw(total.Synapses, Sources, seed, RandomStream.Named($"{name}/totals"));
    }

    /// <summary>Source neurons.</summary>
    public int Sources => _projection.Source.Count;
    /// <summary>Target neurons.</summary>
    public int Targets => _projection.Target.Count;
    /// <summary>True if a row holds the synapses of one target, false if of one source.</summary>
    public bool ByTarget => _projection.Connectivity is FixedInDegree;
    /// <summary>The lattice on which weights depend on nothing but the offset; null where they may depend on more.</summary>
    internal NodeLattice? Lattice { get; }
    /// <summary>Where all weights follow from offsets on <see cref="Lattice"/> and all delays are one: the weights from node 0, by node; otherwise empty.</summary>
    internal ReadOnlySpan<float> WeightsByOffset => _projection.DelayMs is null or ConstantParameter ? _kernelByOffset : [];
    /// <summary>The delay of all synapses, where it is a number, in steps.</summary>
    internal int ConstantDelay => _projection.DelayMs is ConstantParameter c ? Steps(c.Value) : 1;
    /// <summary>The largest absolute weight there can be, or NaN where only making all rows tells.</summary>
    internal double WeightBound => _kernelByOffset is not null ? _kernelByOffset.Max(w => Math.Abs((double)w))
        : _projection.Connectivity is DistanceKernel or ExplicitList ? double.NaN : ParameterResolver.Bound(_projection.Weight);
    /// <summary>Number of rows.</summary>
    public int Rows => ByTarget ? Targets : Sources;

    /// <summary>Replaces the buffer's content by the synapses of one row. Safe to call from many threads with a buffer each.</summary>
    public void Generate(int row, SynapseBuffer buffer)
    {
        buffer.Clear();
        switch (_projection.Connectivity)
        {
            case AllToAll all: AllToAllRow(all, row, buffer); break;
            case OneToOne: buffer.Add(row, 0, 1); break;
            case FixedProbability p: BernoulliRow(p, row, buffer); break;
            case FixedInDegree d: InDegreeColumn(d, row, buffer); break;
            case FixedTotal t: TotalRow(t, row, buffer); break;
            case ExplicitList: ExplicitRow(row, buffer); return;
            case DistanceKernel k: KernelRow(k, row, buffer); break;
        }
        if (_projection.Connectivity is not DistanceKernel)
            DrawWeights(row, buffer);
        DrawDelays(row, buffer);
    }

    bool Recurrent => ReferenceEquals(_projection.Source, _projection.Target);

    void AllToAllRow(AllToAll rule, int source, SynapseBuffer buffer)
    {
        for (var target = 0; target < Targets; target++)
            if (rule.SelfConnections || !Recurrent || target != source)
                buffer.Add(target, 0, 1);
    }

    void BernoulliRow(FixedProbability rule, int source, SynapseBuffer buffer)
    {
        if (rule.Probability <= 0)
            return;
        var random = new RandomSequence(_seed, _structureStream, (uint)source);
        var skipSelf = Recurrent && !rule.SelfConnections;
        var logMiss = LogMiss(rule.Probability);
        for (var target = -1L; ;)
        {
            target += rule.Probability >= 1 ? 1 : 1 + (long)Math.Min(1e15, Math.Log(random.NextUniform()) / logMiss);
            if (target >= Targets)
                return;
            if (!(skipSelf && target == source))
                buffer.Add((int)target, 0, 1);
        }
    }

    // log(1 - p) without losing the digits of a small p.
    static double LogMiss(double probability) => probability < 1e-5 ? -probability * (1 + 0.5 * probability) : Math.Log(1 - probability);

    /// <summary>How many targets a word of a row of <see cref="FixedProbability"/> passes over, at most <paramref name="most"/>: a function that never rises.</summary>
    internal static Func<uint, int> Skip(double probability, int most)
    {
        if (probability is <= 0 or >= 1)
            return _ => probability <= 0 ? most : 0;
        var logMiss = LogMiss(probability);
        return word => (int)Math.Min(most, Math.Log(RandomSequence.Uniform(word)) / logMiss);
    }

    void InDegreeColumn(FixedInDegree rule, int target, SynapseBuffer buffer)
    {
        var random = new RandomSequence(_seed, _structureStream, (uint)target);
        var skipSelf = Recurrent && !rule.SelfConnections;
        var seen = buffer.Seen;
        seen.Clear();
        while (buffer.Count < rule.InDegree)
        {
            var source = random.NextBelow(Sources);
            if (skipSelf && source == target || !rule.Multapses && !seen.Add(source))
                continue;
            buffer.Add(source, 0, 1);
        }
    }

    void TotalRow(FixedTotal rule, int source, SynapseBuffer buffer)
    {
        var skipSelf = Recurrent && !rule.SelfConnections;
        var choices = (ulong)(skipSelf ? Targets - 1 : Targets);
        buffer.Resize(_rowTotals![source]);
        var words = buffer.Words(buffer.Count, _seed, _structureStream, source);
        var partner = buffer.Partner;
        for (var k = 0; k < partner.Length; k++)
        {
            var target = (int)(words[k] * choices >> 32);
            partner[k] = skipSelf && target >= source ? target + 1 : target;
        }
    }

    void KernelRow(DistanceKernel rule, int source, SynapseBuffer buffer)
    {
        if (_kernelByOffset is not null)
        {
            LatticeRow(source, buffer);
            return;
        }
        var cached = _kernelCache.AsSpan();
        for (var target = 0; target < Targets; target++)
        {
            var weight = cached.Length > 0 ? cached[source * Targets + target] : KernelWeight(rule, source, target);
            if (weight != 0)
                buffer.Add(target, weight, 1);
        }
    }

    // On a lattice the weights of the node in the corner are those of all others, by rows and columns in between.
    void LatticeRow(int source, SynapseBuffer buffer)
    {
        var columns = Lattice!.Columns;
        var (sourceRow, sourceColumn) = Math.DivRem(source, columns);
        for (var row = 0; row < Lattice.Rows; row++)
        {
            var weights = _kernelByOffset.AsSpan(Math.Abs(row - sourceRow) * columns, columns);
            for (var column = 0; column < columns; column++)
                if (weights[Math.Abs(column - sourceColumn)] is var weight && weight != 0)
                    buffer.Add(row * columns + column, weight, 1);
        }
    }

    float KernelWeight(DistanceKernel rule, int source, int target)
    {
        if (Recurrent && source == target && !rule.SelfConnections)
            return 0;
        var distance = Distance(source, target);
        return distance > rule.CutOff ? 0 : (float)rule.WeightAt(distance);
    }

    float[] CacheKernel(DistanceKernel rule)
    {
        var cache = new float[Sources * Targets];
        Parallel.For(0, Sources, source =>
        {
            for (var target = 0; target < Targets; target++)
                cache[source * Targets + target] = KernelWeight(rule, source, target);
        });
        return cache;
    }

    double Distance(int source, int target) => _metric!.Distance(_sourcePositions![source], _targetPositions![target]);

    void DrawWeights(int row, SynapseBuffer buffer)
    {
        var weight = buffer.Weight;
        switch (_projection.Weight)
        {
            case ConstantParameter c:
                weight.Fill((float)c.Value);
                break;
            case ListParameter list:
                for (var k = 0; k < weight.Length; k++)
                    weight[k] = list.List[_projection.Connectivity is OneToOne ? row : row * Targets + buffer.Partner[k]];
                break;
            case DistanceParameter d:
                for (var k = 0; k < weight.Length; k++)
                    weight[k] = (float)d.Function(RowDistance(row, buffer.Partner[k]));
                break;
            case DrawnParameter d:
                d.Fill(buffer.Words(weight.Length, _seed, _weightStream, row), weight);
                break;
        }
    }

    void DrawDelays(int row, SynapseBuffer buffer)
    {
        var delay = buffer.Delay;
        switch (_projection.DelayMs)
        {
            case ConstantParameter c:
                delay.Fill(Steps(c.Value));
                break;
            case DistanceParameter d:
                for (var k = 0; k < delay.Length; k++)
                    delay[k] = Steps(d.Function(RowDistance(row, buffer.Partner[k])));
                break;
            case DrawnParameter d:
                var words = buffer.Words(delay.Length, _seed, _delayStream, row);
                if (_delayTable is not null)
                    _delayTable.Fill(words, delay);
                else
                    for (var k = 0; k < delay.Length; k++)
                        delay[k] = Steps(d.Function(RandomSequence.Uniform(words[k])));
                break;
        }
    }

    double RowDistance(int row, int partner) => ByTarget ? Distance(partner, row) : Distance(row, partner);

    internal int Steps(double delayMs) => (int)Math.Clamp(Math.Round(delayMs / _stepMs), 1, Network.MaxDelaySteps);

    void ExplicitRow(int source, SynapseBuffer buffer)
    {
        for (var k = _explicitStarts![source]; k < _explicitStarts[source + 1]; k++)
        {
            var synapse = _explicit![k];
            var weight = synapse.Weight ?? (float)((ConstantParameter)_projection.Weight).Value;
            var delayMs = synapse.DelayMs ?? (_projection.DelayMs as ConstantParameter)?.Value ?? _stepMs;
            buffer.Add(synapse.Target, weight, Steps(delayMs));
        }
    }

    static (int[] Starts, Synapse[] Sorted) SortBySource(IReadOnlyList<Synapse> synapses, int sources)
    {
        var starts = new int[sources + 1];
        foreach (var s in synapses)
            starts[s.Source + 1]++;
        for (var i = 0; i < sources; i++)
            starts[i + 1] += starts[i];
        var sorted = new Synapse[synapses.Count];
        var next = starts.AsSpan(0, sources).ToArray();
        foreach (var s in synapses)
            sorted[next[s.Source]++] = s;
        return (starts, sorted);
    }
}
