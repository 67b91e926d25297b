namespace TorchBrain.Native.Planning;

/// <summary>One synapse of a source's row.</summary>
/// <param name="Target">Target neuron.</param>
/// <param name="Delay">Delay in steps.</param>
/// <param name="Weight">Weight.</param>
/// <param name="Order">Order of creation, among those of one pair.</param>
public readonly record struct RowEntry(int Target, int Delay, float Weight, int Order)
{
    /// <summary>The canonical order of a row: by delay, then target, then creation.</summary>
    public static readonly Comparison<RowEntry> Canonical = (a, b) =>
        a.Delay != b.Delay ? a.Delay.CompareTo(b.Delay) : a.Target != b.Target ? a.Target.CompareTo(b.Target) : a.Order.CompareTo(b.Order);
}

/// <summary>The synapses of a projection by source, whichever way its rule makes them. What is made by target is turned around once, in memory.</summary>
public sealed class SourceRows
{
    readonly ProjectionPlan _plan;
    readonly RowEntry[]? _transposed;
    readonly long[]? _starts;

    /// <summary>Prepares the rows of a sparse projection.</summary>
    public SourceRows(ProjectionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        _plan = plan;
        if (plan.Synapses.ByTarget)
            (_transposed, _starts) = Transpose(plan);
    }

    /// <summary>Replaces the buffer's content by the synapses of one source, in no particular order. Safe to call from many threads with a buffer each.</summary>
    public void Row(int source, SynapseBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        if (_transposed is null)
        {
            _plan.Synapses.Generate(source, buffer);
            return;
        }
        buffer.Clear();
        for (var at = _starts![source]; at < _starts[source + 1]; at++)
            buffer.Add(_transposed[at].Target, _transposed[at].Weight, _transposed[at].Delay);
    }

    /// <summary>Hands out the rows of the sources [first, end), on several threads at once and in any order. A visitor may sort the span it gets.</summary>
    public void ForEach(int first, int end, Action<int, Span<RowEntry>> visit) =>
        Parallel.For(first, end, () => (Buffer: new SynapseBuffer(), Entries: new RowEntry[256]), (source, _, local) =>
        {
            if (_transposed is not null)
            {
                visit(source, _transposed.AsSpan((int)_starts![source], (int)(_starts[source + 1] - _starts[source])));
                return local;
            }
            _plan.Synapses.Generate(source, local.Buffer);
            if (local.Entries.Length < local.Buffer.Count)
                local.Entries = new RowEntry[Math.Max(local.Buffer.Count, 2 * local.Entries.Length)];
            for (var k = 0; k < local.Buffer.Count; k++)
                local.Entries[k] = new RowEntry(local.Buffer.Partner[k], local.Buffer.Delay[k], local.Buffer.Weight[k], k);
            visit(source, local.Entries.AsSpan(0, local.Buffer.Count));
            return local;
        }, _ => { });

    /// <summary>All rows of a projection, each in canonical order.</summary>
    public static RowEntry[][] Canonical(ProjectionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var rows = new RowEntry[plan.Source.Count][];
        new SourceRows(plan).ForEach(0, rows.Length, (source, entries) =>
        {
            entries.Sort(RowEntry.Canonical);
            rows[source] = entries.ToArray();
        });
        return rows;
    }

    static (RowEntry[], long[]) Transpose(ProjectionPlan plan)
    {
        var starts = new long[plan.Source.Count + 1];
        for (var i = 0; i < plan.Source.Count; i++)
            starts[i + 1] = starts[i] + plan.RowLengths[i];
        var next = starts.AsSpan(0, plan.Source.Count).ToArray();
        var entries = new RowEntry[starts[^1]];
        var buffer = new SynapseBuffer();
        for (var target = 0; target < plan.Target.Count; target++)
        {
            plan.Synapses.Generate(target, buffer);
            for (var k = 0; k < buffer.Count; k++)
                entries[next[buffer.Partner[k]]++] = new RowEntry(target, buffer.Delay[k], buffer.Weight[k], k);
        }
        return (entries, starts);
    }
}
