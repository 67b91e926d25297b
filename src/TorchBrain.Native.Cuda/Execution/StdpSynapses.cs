using System.Runtime.InteropServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cuda;

/// <summary>Sparse float weights with pair-based plasticity: rows in canonical order for arrivals, an index by target for potentiation, traces per element.</summary>
sealed class StdpSynapses : CudaProjection
{
    readonly PairStdpPlan _rule;
    readonly float[] _initial;
    readonly CudaDeviceVariable<long> _runStarts, _columnStarts;
    readonly CudaDeviceVariable<int> _targets, _columnSynapses, _columnSources, _columnDelays;
    readonly CudaDeviceVariable<float> _weights, _history, _pre, _post;
    readonly long _longestRun, _longestColumn;

    public StdpSynapses(ProjectionPlan plan, CudaPopulation source, CudaPopulation target, DeviceMemory memory) : base(plan, source, target, memory)
    {
        _rule = (PairStdpPlan)plan.Learning!;
        var rows = SourceRows.Canonical(plan);
        var (runs, columns) = (RunStarts(plan, rows), ColumnStarts(plan, rows));
        _longestRun = Longest(runs);
        _longestColumn = Longest(columns);
        _runStarts = memory.Upload<long>(runs, $"{plan.Name}.runs");
        _columnStarts = memory.Upload<long>(columns, $"{plan.Name}.columns");
        _targets = memory.Upload<int>([.. rows.SelectMany(r => r.Select(e => e.Target))], $"{plan.Name}.targets");
        _initial = [.. rows.SelectMany(r => r.Select(e => Math.Max(_rule.Min, Math.Min(_rule.Max, e.Weight))))];

        var (synapses, sources, delays) = (new int[plan.SynapseCount], new int[plan.SynapseCount], new int[plan.SynapseCount]);
        var (next, synapse) = (columns.ToArray(), 0);
        for (var i = 0; i < rows.Length; i++)
            foreach (var entry in rows[i])
            {
                var at = next[entry.Target]++;
                (synapses[at], sources[at], delays[at]) = (synapse++, i, entry.Delay);
            }
        _columnSynapses = memory.Upload<int>(synapses, $"{plan.Name}.columnSynapses");
        _columnSources = memory.Upload<int>(sources, $"{plan.Name}.columnSources");
        _columnDelays = memory.Upload<int>(delays, $"{plan.Name}.columnDelays");
        _weights = memory.New<float>(plan.SynapseCount * Batch, $"{plan.Name}.weights");
        _history = memory.New<float>((long)_rule.TraceSlots * plan.Source.Elements, $"{plan.Name}.preTraces");
        _pre = memory.New<float>(plan.Source.Elements, $"{plan.Name}.preTrace");
        _post = memory.New<float>(plan.Target.Elements, $"{plan.Name}.postTrace");
    }

    /// <summary>Different delays of the projection.</summary>
    public int Delays => Plan.MaxDelay - Plan.MinDelay + 1;

    // A run: the synapses of one source with one delay.
    static long[] RunStarts(ProjectionPlan plan, RowEntry[][] rows)
    {
        var delays = plan.MaxDelay - plan.MinDelay + 1;
        var starts = new long[(long)rows.Length * delays + 1];
        for (var i = 0; i < rows.Length; i++)
            foreach (var entry in rows[i])
                starts[(long)i * delays + (entry.Delay - plan.MinDelay) + 1]++;
        return Sums(starts);
    }

    static long[] ColumnStarts(ProjectionPlan plan, RowEntry[][] rows)
    {
        var starts = new long[plan.Target.Count + 1];
        foreach (var row in rows)
            foreach (var entry in row)
                starts[entry.Target + 1]++;
        return Sums(starts);
    }

    static long[] Sums(long[] counts)
    {
        for (var i = 1; i < counts.Length; i++)
            counts[i] += counts[i - 1];
        return counts;
    }

    static long Longest(long[] starts)
    {
        var longest = 0L;
        for (var i = 1; i < starts.Length; i++)
            longest = Math.Max(longest, starts[i] - starts[i - 1]);
        return longest;
    }

    /// <summary>Most items that a step can bring: arrivals, or postsynaptic spikes.</summary>
    public long MostItems(int chunkLength) => Math.Max((long)Plan.Source.Elements * Delays * Work.Chunks(_longestRun, chunkLength), (long)Plan.Target.Elements * Work.Chunks(_longestColumn, chunkLength));

    /// <summary>What the kernels need.</summary>
    public StdpAbi Describe(int chunkLength) => new()
    {
        Source = Source.Spikes,
        Target = Target.Spikes,
        RunStarts = _runStarts.DevicePointer,
        Targets = _targets.DevicePointer,
        Weights = _weights.DevicePointer,
        ColumnStarts = _columnStarts.DevicePointer,
        ColumnSynapses = _columnSynapses.DevicePointer,
        ColumnSources = _columnSources.DevicePointer,
        ColumnDelays = _columnDelays.DevicePointer,
        TraceHistory = _history.DevicePointer,
        PreTrace = _pre.DevicePointer,
        PostTrace = _post.DevicePointer,
        Ring = Target.Ring(Plan.Channel),
        MinDelay = (uint)Plan.MinDelay,
        Delays = (uint)Delays,
        TraceMask = (uint)_rule.TraceSlots - 1,
        RunChunks = (uint)Work.Chunks(_longestRun, chunkLength),
        ColumnChunks = (uint)Work.Chunks(_longestColumn, chunkLength),
        ChunkLength = (uint)chunkLength,
        Scale = Scale,
        DecayPlus = _rule.DecayPlus,
        DecayMinus = _rule.DecayMinus,
        APlus = _rule.APlus,
        AMinus = _rule.AMinus,
        MinWeight = _rule.Min,
        MaxWeight = _rule.Max,
        Exponent = _rule.Exponent,
    };

    public override void Reset()
    {
        UploadToInstances(_initial, _weights);
        _history.Clear(Memory.Stream);
        _pre.Clear(Memory.Stream);
        _post.Clear(Memory.Stream);
    }

    public override void Read(BufferSpec buffer, Span<byte> destination, long step)
    {
        if (buffer.Kind == BufferKind.PreTrace)
            CopyHistory(destination, step, toDevice: false);
        else
            Floats(buffer).CopyToHost(MemoryMarshal.Cast<byte, float>(destination), 0, Memory.Stream);
    }

    public override void Write(BufferSpec buffer, ReadOnlySpan<byte> source, long step)
    {
        if (buffer.Kind == BufferKind.PreTrace)
            CopyHistory(source.ToArray(), step, toDevice: true);
        else
            Floats(buffer).CopyToDevice(MemoryMarshal.Cast<byte, float>(source), 0, Memory.Stream);
    }

    void CopyHistory(Span<byte> host, long step, bool toDevice) =>
        Memory.CopyRows(_history, _rule.TraceSlots, Plan.Source.Elements, r => (step - 1 - r) & (_rule.TraceSlots - 1), host, toDevice);

    CudaDeviceVariable<float> Floats(BufferSpec buffer) => buffer.Kind switch
    {
        BufferKind.Weights => _weights,
        BufferKind.PreTraceNow => _pre,
        BufferKind.PostTrace => _post,
        _ => throw NoBuffer(buffer),
    };
}
