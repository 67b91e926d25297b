using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// Sparse float weights with pair-based plasticity. Each thread holds the synapses onto its targets: rows by source, sorted by delay and target, for arrivals, and an
/// index by target for potentiation. Traces decay once per step and element.
/// </summary>
sealed class PairStdpSynapses<V> : SynapseKernel where V : struct, ILanes<V>
{
    readonly PairStdpPlan _rule;
    readonly PlasticSlice[] _slices;
    readonly AlignedBuffer<float> _pre, _preHistory, _post;
    readonly bool _oneDelay;

    public PairStdpSynapses(ProjectionPlan plan, CpuPopulation source, CpuPopulation target, int threads) : base(plan, source, target, threads)
    {
        _rule = (PairStdpPlan)plan.Learning!;
        _slices = PlasticLayout.Build(plan, target, threads, Batch);
        _pre = new AlignedBuffer<float>(source.Padded, source.HugePages);
        _preHistory = new AlignedBuffer<float>((long)_rule.TraceSlots * source.Padded, source.HugePages);
        _post = new AlignedBuffer<float>(target.Padded, target.HugePages);
        _oneDelay = plan.MinDelay == plan.MaxDelay;
    }

    float Scale => (float)Math.ScaleB(1, Plan.Target.Channels[Plan.Channel].ScaleLog2);

    long TraceStart(long step) => (step & (_rule.TraceSlots - 1)) * Source.Padded;

    public override void Reset()
    {
        _pre.Clear();
        _preHistory.Clear();
        _post.Clear();
        foreach (var slice in _slices)
            slice.FillInitial(_rule.Min, _rule.Max, Batch);
    }

    // Depression, then delivery, row by row of the spikes that arrive in this step.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Arrive(int thread, long step)
    {
        var slice = _slices[thread];
        var slot = Origin(thread, step);
        var scale = Scale;
        for (var delay = Plan.MinDelay; delay <= Plan.MaxDelay && delay <= step; delay++)
            for (var k = 0; k < Threads; k++)
                foreach (var spike in Source.Spikes(k, step - delay))
                {
                    var (source, instance) = Math.DivRem(spike, Batch);
                    var (from, to) = slice.Run(source, delay);
                    for (var n = from; n < to; n++)
                    {
                        var element = slice.Targets[n] * Batch + instance;
                        ref var weight = ref slice.Weights.At(n * Batch + instance);
                        weight = Depressed(weight, _post.At(element));
                        Add(slot + element, (int)MathF.Round(weight * scale));
                    }
                }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    float Depressed(float weight, float post)
    {
        var amount = _rule.Multiplicative ? _rule.AMinus * (weight - _rule.Min) : _rule.AMinus;
        return Math.Max(_rule.Min, Math.Min(_rule.Max, MathF.FusedMultiplyAdd(-amount, post, weight)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    float Potentiated(float weight, float pre)
    {
        var amount = _rule.Multiplicative ? _rule.APlus * (_rule.Max - weight) : _rule.APlus;
        return Math.Max(_rule.Min, Math.Min(_rule.Max, MathF.FusedMultiplyAdd(amount, pre, weight)));
    }

    public override void Learn(int thread, long step)
    {
        Potentiate(thread, step);
        AdvancePre(thread, step);
        AdvancePost(thread, step);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Potentiate(int thread, long step)
    {
        var slice = _slices[thread];
        foreach (var spike in Target.Spikes(thread, step))
        {
            var (target, instance) = Math.DivRem(spike, Batch);
            var (from, to) = slice.Column(target);
            for (var n = from; n < to; n++)
            {
                var synapse = slice.ColumnSynapses[n];
                var delay = _oneDelay ? Plan.MinDelay : slice.ColumnDelays[n];
                var pre = delay > step ? 0 : _preHistory.At(TraceStart(step - delay) + slice.ColumnSources[n] * Batch + instance);
                ref var weight = ref slice.Weights.At((long)synapse * Batch + instance);
                weight = Potentiated(weight, pre);
            }
        }
    }

    // The history keeps the trace before the spikes of the step: spikes that meet do not see each other.
    void AdvancePre(int thread, long step)
    {
        var decay = V.Splat(_rule.DecayPlus);
        var history = TraceStart(step);
        for (var e = Source.Starts[thread]; e < Source.Starts[thread + 1]; e += V.Count)
        {
            var trace = V.Load(ref _pre.At(e)) * decay;
            V.Store(trace, ref _pre.At(e));
            V.Store(trace, ref _preHistory.At(history + e));
        }
        foreach (var spike in Source.Spikes(thread, step))
            _pre.At(spike) += 1;
    }

    // Kept as the arrivals of the next step will see it.
    void AdvancePost(int thread, long step)
    {
        foreach (var spike in Target.Spikes(thread, step))
            _post.At(spike) += 1;
        var decay = V.Splat(_rule.DecayMinus);
        for (var e = Target.Starts[thread]; e < Target.Starts[thread + 1]; e += V.Count)
            V.Store(V.Load(ref _post.At(e)) * decay, ref _post.At(e));
    }

    public override void Read(BufferSpec buffer, Span<byte> destination, long step)
    {
        var values = MemoryMarshal.Cast<byte, float>(destination);
        switch (buffer.Kind)
        {
            case BufferKind.Weights:
                foreach (var slice in _slices)
                    for (var n = 0; n < slice.Targets.Length; n++)
                        for (var b = 0; b < Batch; b++)
                            values[slice.Canonical[n] * Batch + b] = slice.Weights.At((long)n * Batch + b);
                break;
            case BufferKind.PreTraceNow:
                _pre.Span(0, Source.Plan.Elements).CopyTo(values);
                break;
            case BufferKind.PostTrace:
                _post.Span(0, Target.Plan.Elements).CopyTo(values);
                break;
            case BufferKind.PreTrace:
                for (var r = 0; r < _rule.TraceSlots; r++)
                    _preHistory.Span(TraceStart(step - 1 - r), Source.Plan.Elements).CopyTo(values[(r * Source.Plan.Elements)..]);
                break;
            default:
                throw NoBuffer(buffer);
        }
    }

    public override void Write(BufferSpec buffer, ReadOnlySpan<byte> source, long step)
    {
        var values = MemoryMarshal.Cast<byte, float>(source);
        switch (buffer.Kind)
        {
            case BufferKind.Weights:
                foreach (var slice in _slices)
                    for (var n = 0; n < slice.Targets.Length; n++)
                        for (var b = 0; b < Batch; b++)
                            slice.Weights.At((long)n * Batch + b) = values[slice.Canonical[n] * Batch + b];
                break;
            case BufferKind.PreTraceNow:
                values.CopyTo(_pre.Span(0, Source.Plan.Elements));
                break;
            case BufferKind.PostTrace:
                values.CopyTo(_post.Span(0, Target.Plan.Elements));
                break;
            case BufferKind.PreTrace:
                for (var r = 0; r < _rule.TraceSlots; r++)
                    values.Slice(r * Source.Plan.Elements, Source.Plan.Elements).CopyTo(_preHistory.Span(TraceStart(step - 1 - r), Source.Plan.Elements));
                break;
            default:
                throw NoBuffer(buffer);
        }
    }

    public override void Dispose()
    {
        _pre.Dispose();
        _preHistory.Dispose();
        _post.Dispose();
        foreach (var slice in _slices)
            slice.Weights.Dispose();
    }
}
