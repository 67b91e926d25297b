using System.Runtime.InteropServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cuda;

/// <summary>Pair-based plasticity: weights, and traces per element.</summary>
sealed class StdpSynapses : RowSynapses
{
    readonly PairStdpPlan _rule;
    readonly CudaDeviceVariable<float> _history, _pre, _post;
    readonly LazyRuns? _lazy;

    public StdpSynapses(ProjectionPlan plan, CudaPopulation source, CudaPopulation target, DeviceMemory memory, CudaPlasticity plasticity)
        : base(plan, (PairStdpPlan)plan.Learning!, source, target, memory, byTarget: plasticity == CudaPlasticity.Column)
    {
        _rule = (PairStdpPlan)plan.Learning!;
        _history = memory.New<float>((long)_rule.TraceSlots * plan.Source.Elements, $"{plan.Name}.preTraces");
        _pre = memory.New<float>(plan.Source.Elements, $"{plan.Name}.preTrace");
        _post = memory.New<float>(plan.Target.Elements, $"{plan.Name}.postTrace");
        _lazy = plasticity == CudaPlasticity.Lazy ? new LazyRuns(plan, memory) : null;
    }

    /// <summary>What weights have seen, where they take up spikes late; null where they do at once.</summary>
    public LazyRuns? Lazy => _lazy;

    /// <summary>What the kernels need.</summary>
    public StdpAbi Describe(int chunkLength) => new()
    {
        Source = Source.Spikes,
        Target = Target.Spikes,
        RunStarts = RunStarts.DevicePointer,
        Targets = Targets.DevicePointer,
        Weights = Weights.DevicePointer,
        ColumnStarts = Columns?.Starts.DevicePointer ?? 0,
        ColumnSynapses = Columns?.Synapses.DevicePointer ?? 0,
        ColumnSources = Columns?.Sources.DevicePointer ?? 0,
        ColumnDelays = Columns?.Delays.DevicePointer ?? 0,
        SpikeWords = _lazy?.SpikeWords ?? 0,
        RunStates = _lazy?.States ?? 0,
        TraceHistory = _history.DevicePointer,
        PreTrace = _pre.DevicePointer,
        PostTrace = _post.DevicePointer,
        Ring = Target.Ring(Plan.Channel),
        MinDelay = (uint)Plan.MinDelay,
        Delays = (uint)Delays,
        TraceMask = (uint)_rule.TraceSlots - 1,
        RunChunks = RunChunks(chunkLength),
        ColumnChunks = ColumnChunks(chunkLength),
        ChunkLength = (uint)chunkLength,
        ArrivalsFirst = _rule.ArrivalsFirst ? 1u : 0u,
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
        base.Reset();
        _history.Clear(Memory.Stream);
        _pre.Clear(Memory.Stream);
        _post.Clear(Memory.Stream);
        _lazy?.Reset();
    }

    public override void LeaveClock(long from, long to) => _lazy?.LeaveClock(from, to);

    public override void Read(BufferSpec buffer, Span<byte> destination, long step)
    {
        if (buffer.Kind == BufferKind.Weights)
            _lazy?.CatchUp(step);
        if (buffer.Kind == BufferKind.PreTrace)
            CopyHistory(destination, step, toDevice: false);
        else
            Floats(buffer).CopyToHost(MemoryMarshal.Cast<byte, float>(destination), 0, Memory.Stream);
    }

    public override void Write(BufferSpec buffer, ReadOnlySpan<byte> source, long step)
    {
        _lazy?.CatchUp(step);
        if (buffer.Kind == BufferKind.PreTrace)
        {
            CopyHistory(source.ToArray(), step, toDevice: true);
            _lazy?.Restart();
        }
        else
            Floats(buffer).CopyToDevice(MemoryMarshal.Cast<byte, float>(source), 0, Memory.Stream);
    }

    void CopyHistory(Span<byte> host, long step, bool toDevice) =>
        Memory.CopyRows(_history, _rule.TraceSlots, Plan.Source.Elements, r => (step - 1 - r) & (_rule.TraceSlots - 1), host, toDevice);

    CudaDeviceVariable<float> Floats(BufferSpec buffer) => buffer.Kind switch
    {
        BufferKind.Weights => Weights,
        BufferKind.PreTraceNow => _pre,
        BufferKind.PostTrace => _post,
        _ => throw NoBuffer(buffer),
    };
}
