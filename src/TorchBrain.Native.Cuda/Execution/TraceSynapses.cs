using System.Runtime.InteropServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cuda;

/// <summary>Eligibility with reward, and triplets: traces whose history is written a step ahead.</summary>
sealed class TraceSynapses : RowSynapses
{
    readonly TracePlan _rule;
    readonly CudaDeviceVariable<float>[] _history;
    readonly CudaDeviceVariable<float> _post;
    readonly CudaDeviceVariable<float>? _slowPost, _eligibility, _reward;

    public TraceSynapses(ProjectionPlan plan, CudaPopulation source, CudaPopulation target, DeviceMemory memory) : base(plan, (TracePlan)plan.Learning!, source, target, memory, byTarget: true)
    {
        _rule = (TracePlan)plan.Learning!;
        CudaDeviceVariable<float> History(string name) => memory.New<float>((long)_rule.TraceSlots * plan.Source.Elements, $"{plan.Name}.{name}");
        _history = _rule is TripletStdpPlan ? [History("preTraces"), History("slowPreTraces")] : [History("preTraces")];
        _post = memory.New<float>(plan.Target.Elements, $"{plan.Name}.postTrace");
        if (_rule is TripletStdpPlan)
            _slowPost = memory.New<float>(2L * plan.Target.Elements, $"{plan.Name}.slowPostTraces");
        if (_rule is not EligibilityStdpPlan)
            return;
        _eligibility = memory.New<float>(plan.SynapseCount * Batch, $"{plan.Name}.eligibility");
        _reward = memory.New<float>(Batch, $"{plan.Name}.reward");
    }

    /// <summary>What the kernels need.</summary>
    public TraceAbi Describe(int chunkLength)
    {
        var (eligibility, triplets) = (_rule as EligibilityStdpPlan, _rule as TripletStdpPlan);
        return new()
        {
            Source = Source.Spikes,
            Target = Target.Spikes,
            RunStarts = RunStarts.DevicePointer,
            Targets = Targets.DevicePointer,
            Weights = Weights.DevicePointer,
            ColumnStarts = Columns!.Starts.DevicePointer,
            ColumnSynapses = Columns!.Synapses.DevicePointer,
            ColumnSources = Columns!.Sources.DevicePointer,
            ColumnDelays = Columns!.Delays.DevicePointer,
            Eligibility = _eligibility?.DevicePointer ?? 0,
            Reward = _reward?.DevicePointer ?? 0,
            PreTraces = _history[0].DevicePointer,
            SlowPreTraces = triplets is null ? 0 : _history[1].DevicePointer,
            PostTrace = _post.DevicePointer,
            SlowPostTraces = _slowPost?.DevicePointer ?? 0,
            Synapses = (ulong)(Plan.SynapseCount * Batch),
            Ring = Target.Ring(Plan.Channel),
            MinDelay = (uint)Plan.MinDelay,
            Delays = (uint)Delays,
            TraceMask = (uint)_rule.TraceSlots - 1,
            RunChunks = RunChunks(chunkLength),
            ColumnChunks = ColumnChunks(chunkLength),
            ChunkLength = (uint)chunkLength,
            Interval = (uint)(eligibility?.ConsolidationSteps ?? 0),
            Scale = Scale,
            DecayPlus = _rule.DecayPlus,
            DecayMinus = _rule.DecayMinus,
            APlus = _rule.APlus,
            AMinus = _rule.AMinus,
            MinWeight = _rule.Min,
            MaxWeight = _rule.Max,
            DecayX = triplets?.DecayX ?? 0,
            DecayY = triplets?.DecayY ?? 0,
            TripletPlus = triplets?.TripletPlus ?? 0,
            TripletMinus = triplets?.TripletMinus ?? 0,
            DecayReward = eligibility?.DecayReward ?? 0,
            Baseline = eligibility?.Baseline ?? 0,
            Drift = eligibility?.Drift ?? 0,
            Retention = eligibility?.Retention ?? 0,
        };
    }

    public override void Reset()
    {
        base.Reset();
        foreach (var history in _history)
            history.Clear(Memory.Stream);
        _post.Clear(Memory.Stream);
        _slowPost?.Clear(Memory.Stream);
        _eligibility?.Clear(Memory.Stream);
        _reward?.Clear(Memory.Stream);
    }

    public override void Read(BufferSpec buffer, Span<byte> destination, long step)
    {
        if (buffer.Kind == BufferKind.TraceHistory)
            CopyHistory(buffer.Index, destination, step, toDevice: false);
        else
            Floats(buffer).CopyToHost(MemoryMarshal.Cast<byte, float>(destination), First(buffer, step), Memory.Stream);
    }

    public override void Write(BufferSpec buffer, ReadOnlySpan<byte> source, long step)
    {
        if (buffer.Kind == BufferKind.TraceHistory)
            CopyHistory(buffer.Index, source.ToArray(), step, toDevice: true);
        else
            Floats(buffer).CopyToDevice(MemoryMarshal.Cast<byte, float>(source), First(buffer, step), Memory.Stream);
    }

    void CopyHistory(int index, Span<byte> host, long step, bool toDevice) =>
        Memory.CopyRows(_history[index], _rule.TraceSlots, Plan.Source.Elements, r => (step - r) & (_rule.TraceSlots - 1), host, toDevice);

    // The slow postsynaptic traces take turns between two slots.
    long First(BufferSpec buffer, long step) => buffer is { Kind: BufferKind.PostTrace, Index: 1 } ? (step & 1) * Plan.Target.Elements : 0;

    CudaDeviceVariable<float> Floats(BufferSpec buffer) => buffer switch
    {
        { Kind: BufferKind.Weights } => Weights,
        { Kind: BufferKind.Eligibility } => _eligibility!,
        { Kind: BufferKind.Reward } => _reward!,
        { Kind: BufferKind.PostTrace, Index: 0 } => _post,
        { Kind: BufferKind.PostTrace } => _slowPost!,
        _ => throw NoBuffer(buffer),
    };
}
