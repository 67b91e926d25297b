namespace TorchBrain.Native.Planning;

/// <summary>How the targets of a procedural row follow from random words.</summary>
public enum ProceduralRule
{
    /// <summary>Every target, without a draw.</summary>
    Each,
    /// <summary>A word says how many targets are passed over before the next.</summary>
    Skip,
    /// <summary>A word chooses a target.</summary>
    Choose,
}

/// <summary>
/// Rows that are made when they are needed, from the seed: targets, weights and delays are functions of random words, each as a <see cref="WordTable"/>, and together the same as those of
/// <see cref="SynapseGenerator"/>. Word k of a stream belongs to synapse k of the row, or to draw k where words skip.
/// </summary>
public sealed class ProceduralRows
{
    readonly Projection _projection;
    readonly float _weightScale;

    internal ProceduralRows(Projection projection, ulong seed, Func<double, int> steps, int[] rowLengths, float weightScale)
    {
        (_projection, _weightScale) = (projection, weightScale);
        var name = projection.EffectiveName;
        Seed = seed;
        StructureStream = RandomStream.Named($"{name}/synapses");
        WeightStream = RandomStream.Named($"{name}/weight");
        DelayStream = RandomStream.Named($"{name}/delay");
        RowLengths = rowLengths;
        LongestRow = rowLengths.DefaultIfEmpty(0).Max();
        var (rule, selfConnections) = projection.Connectivity switch
        {
            AllToAll c => (ProceduralRule.Each, c.SelfConnections),
            FixedProbability c => (ProceduralRule.Skip, c.SelfConnections),
            FixedTotal c => (ProceduralRule.Choose, c.SelfConnections),
            _ => throw new InvalidOperationException($"{projection.Connectivity.GetType().Name} has no procedural rows; the validator refuses it."),
        };
        Rule = rule;
        SkipsSelf = ReferenceEquals(projection.Source, projection.Target) && !selfConnections;
        Skips = new WordTable(projection.Connectivity is FixedProbability p ? SynapseGenerator.Skip(p.Probability, projection.Target.Count) : _ => 0);
        Weights = Table(projection.Weight, value => ProjectionPlan.Quantise((float)value, weightScale));
        Delays = Table(projection.DelayMs ?? 0, steps);
    }

    /// <summary>How targets are drawn.</summary>
    public ProceduralRule Rule { get; }
    /// <summary>Seed of the network.</summary>
    public ulong Seed { get; }
    /// <summary>Stream of the targets.</summary>
    public uint StructureStream { get; }
    /// <summary>Stream of the weights.</summary>
    public uint WeightStream { get; }
    /// <summary>Stream of the delays.</summary>
    public uint DelayStream { get; }
    /// <summary>True if a source is left out of its own row.</summary>
    public bool SkipsSelf { get; }
    /// <summary>Synapses of each row.</summary>
    public int[] RowLengths { get; }
    /// <summary>Synapses of the longest row.</summary>
    public int LongestRow { get; }
    /// <summary>For <see cref="ProceduralRule.Skip"/>: targets that a word passes over.</summary>
    public WordTable Skips { get; }
    /// <summary>16-bit weight of a word; one for all words where the weight is a number.</summary>
    public WordTable Weights { get; }
    /// <summary>Delay of a word in steps; one for all words where the delay is a number.</summary>
    public WordTable Delays { get; }

    /// <summary>A row to fill.</summary>
    public ProceduralRow NewRow() => new(LongestRow);

    static WordTable Table(Parameter parameter, Func<double, int> map) => parameter switch
    {
        ConstantParameter c => new WordTable(_ => map(c.Value)),
        DrawnParameter d => new WordTable(word => map(d.Function(RandomSequence.Uniform(word)))),
        _ => throw new InvalidOperationException($"{parameter.GetType().Name} has no table; the validator refuses it."),
    };

    /// <summary>Makes a row. Weights and delays that all synapses share are left out.</summary>
    public void Generate(int source, ProceduralRow row)
    {
        GenerateTargets(source, row);
        GenerateValues(source, row, 0, row.Count);
    }

    /// <summary>Makes the targets of a row.</summary>
    public void GenerateTargets(int source, ProceduralRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        row.Count = RowLengths[source];
        switch (Rule)
        {
            case ProceduralRule.Each: Each(source, row.Targets); break;
            case ProceduralRule.Skip: Skip(source, row.Targets, row.Words(0, row.Count + (SkipsSelf ? 1 : 0), Seed, StructureStream, source)); break;
            default: Choose(source, row.Targets, row.Words(0, row.Count, Seed, StructureStream, source)); break;
        }
    }

    /// <summary>Makes the weights and delays of some synapses of a row; those that all synapses share are left out.</summary>
    /// <param name="source">The source.</param>
    /// <param name="row">The row; its targets are made.</param>
    /// <param name="first">First synapse; a few before it may be made too.</param>
    /// <param name="end">Synapse behind the last.</param>
    public void GenerateValues(int source, ProceduralRow row, int first, int end)
    {
        ArgumentNullException.ThrowIfNull(row);
        first &= ~3; // whole blocks of words
        if (!Weights.IsConstant)
            Weights.Fill(row.Words(first, end - first, Seed, WeightStream, source), row.Weights[first..end]);
        if (!Delays.IsConstant)
            Delays.Fill(row.Words(first, end - first, Seed, DelayStream, source), row.Delays[first..end]);
    }

    void Each(int source, Span<int> targets)
    {
        for (var k = 0; k < targets.Length; k++)
            targets[k] = SkipsSelf && k >= source ? k + 1 : k;
    }

    void Skip(int source, Span<int> targets, ReadOnlySpan<uint> words)
    {
        var (target, self) = (-1, SkipsSelf ? source : -1);
        for (int draw = 0, k = 0; k < targets.Length; draw++)
        {
            target += 1 + Skips[words[draw]];
            if (target != self)
                targets[k++] = target;
        }
    }

    void Choose(int source, Span<int> targets, ReadOnlySpan<uint> words)
    {
        var choices = (ulong)(_projection.Target.Count - (SkipsSelf ? 1 : 0));
        for (var k = 0; k < targets.Length; k++)
        {
            var target = (int)(words[k] * choices >> 32);
            targets[k] = SkipsSelf && target >= source ? target + 1 : target;
        }
    }

    /// <summary>Compares every row, as the tables give it, with that of the generator: true if they are the same.</summary>
    internal bool Equals(SynapseGenerator synapses)
    {
        var same = true;
        RowWorkers.For(RowLengths.Length, () => (Row: NewRow(), Made: new SynapseBuffer()), (source, worker) =>
        {
            if (same && !Equals(source, worker.Row, synapses, worker.Made))
                Volatile.Write(ref same, false);
        });
        return same;
    }

    bool Equals(int source, ProceduralRow row, SynapseGenerator synapses, SynapseBuffer made)
    {
        synapses.Generate(source, made);
        Generate(source, row);
        if (!row.Targets.SequenceEqual(made.Partner))
            return false;
        for (var k = 0; k < row.Count; k++)
            if ((Weights.IsConstant ? Weights.First : row.Weights[k]) != ProjectionPlan.Quantise(made.Weight[k], _weightScale) || (Delays.IsConstant ? Delays.First : row.Delays[k]) != made.Delay[k])
                return false;
        return true;
    }
}
