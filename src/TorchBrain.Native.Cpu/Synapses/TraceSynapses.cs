using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// Sparse float weights with a rule by traces that is applied at once: an arriving spike works through its run, in lanes, a postsynaptic spike through the column of its neuron. Slots of
/// presynaptic traces are written a step ahead, so that no thread reads what another may still be writing.
/// </summary>
sealed class TraceSynapses<V, TRule> : SynapseKernel where V : struct, ILanes<V> where TRule : struct, ITraceRule<V>
{
    const int Ahead = 16;

    readonly TracePlan _plan;
    readonly TRule _rule;
    readonly PlasticSlice[] _slices;
    readonly SynapseColumns[] _columns;
    readonly int[] _firstSlice;
    readonly AlignedBuffer<float>[] _eligibility, _history, _post;
    readonly float[] _decayPre, _decayPost;
    readonly RunScratch[] _scratch;
    readonly Consolidation<V>? _consolidation;
    readonly int _delays;

    /// <param name="plan">The projection.</param>
    /// <param name="rule">What spikes do.</param>
    /// <param name="decayPre">Decays of the presynaptic traces: the fast one, and the slow one where the rule has it.</param>
    /// <param name="decayPost">Decays of the postsynaptic traces, likewise.</param>
    /// <param name="source">Presynaptic population.</param>
    /// <param name="target">Postsynaptic population.</param>
    /// <param name="threads">Number of threads.</param>
    public TraceSynapses(ProjectionPlan plan, TRule rule, float[] decayPre, float[] decayPost, CpuPopulation source, CpuPopulation target, int threads) : base(plan, source, target, threads)
    {
        (_plan, _rule, _decayPre, _decayPost) = ((TracePlan)plan.Learning!, rule, decayPre, decayPost);
        _slices = PlasticLayout.Build(plan, target, Batch, logged: false);
        _columns = [.. _slices.Select(s => new SynapseColumns(s, Batch, target.HugePages))];
        _firstSlice = [.. Enumerable.Range(0, threads + 1).Select(t => _slices.Count(s => s.Thread < t))];
        _eligibility = TRule.Consolidates ? [.. _slices.Select(s => new AlignedBuffer<float>(s.Weights.Length, target.HugePages))] : [];
        _history = [.. decayPre.Select(_ => new AlignedBuffer<float>((long)_plan.TraceSlots * source.Padded, source.HugePages))];
        _post = [.. decayPost.Select(_ => new AlignedBuffer<float>(target.Padded, target.HugePages))];
        _scratch = [.. Enumerable.Range(0, threads).Select(_ => new RunScratch())];
        _consolidation = TRule.Consolidates ? new Consolidation<V>((EligibilityStdpPlan)_plan, Batch, threads) : null;
        _delays = plan.MaxDelay - plan.MinDelay + 1;
    }

    long TraceStart(long step) => (step & (_plan.TraceSlots - 1)) * Source.Padded;

    // What the rule moves.
    AlignedBuffer<float> Values(int slice) => TRule.Consolidates ? _eligibility[slice] : _slices[slice].Weights;

    public override void Reset()
    {
        foreach (var buffer in _eligibility.Concat(_history).Concat(_post))
            buffer.Clear();
        _consolidation?.Reset();
        Parallel.ForEach(_slices, slice => slice.FillInitial(_plan.Min, _plan.Max));
    }

    public override void Arrive(int thread, long step)
    {
        for (var s = _firstSlice[thread]; s < _firstSlice[thread + 1]; s++)
            for (var delay = Plan.MinDelay; delay <= Plan.MaxDelay && delay <= step; delay++)
                for (var k = 0; k < Threads; k++)
                    Arrive(s, _scratch[thread], Source.Spikes(k, step - delay), delay, step);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Arrive(int s, RunScratch scratch, ReadOnlySpan<int> spikes, int delay, long step)
    {
        var slice = _slices[s];
        var origin = Origin(slice.Thread, step) + slice.FirstElement;
        for (var n = 0; n < spikes.Length; n++)
        {
            if (n + 1 < spikes.Length)
                Prefetch(s, spikes[n + 1], delay);
            var spike = spikes[n];
            var (source, instance) = Batch == 1 ? (spike, 0) : Math.DivRem(spike, Batch);
            var run = source * _delays + (delay - Plan.MinDelay);
            long from = slice.Starts.At(run), at = slice.WeightStart(run, instance);
            var length = (int)(slice.Starts.At(run + 1) - from);
            var slow = _history.Length > 1 ? _history[1].At(TraceStart(step - delay) + spike) : 0;
            for (var done = 0; done < length; done += RunScratch.Chunk)
                Arrive(slice, Values(s), scratch, from + done, at + done, Math.Min(RunScratch.Chunk, length - done), instance, slow, origin);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Prefetch(int s, int spike, int delay)
    {
        var slice = _slices[s];
        var (source, instance) = Batch == 1 ? (spike, 0) : Math.DivRem(spike, Batch);
        var run = source * _delays + (delay - Plan.MinDelay);
        var at = slice.WeightStart(run, instance);
        for (var line = 0; line < 8; line++)
        {
            slice.Weights.Prefetch(at + 16 * line);
            if (TRule.Consolidates)
                _eligibility[s].Prefetch(at + 16 * line);
        }
        for (var line = 0; line < 4; line++)
            slice.Targets.Prefetch(slice.Starts.At(run) + 32 * line);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Arrive(PlasticSlice slice, AlignedBuffer<float> moved, RunScratch scratch, long from, long at, int length, int instance, float slowTrace, long origin)
    {
        ref var values = ref moved.At(at);
        ref var weights = ref slice.Weights.At(at);
        ref var targets = ref slice.Targets.At(from);
        ref var post = ref _post[0].At(slice.FirstElement + instance);
        ref var traces = ref scratch.Traces.At(0);
        ref var amounts = ref scratch.Amounts.At(0);
        for (nint k = 0; k < length; k++)
            Unsafe.Add(ref traces, k) = Unsafe.Add(ref post, (nint)Unsafe.Add(ref targets, k));
        var (rule, scale, slow) = (_rule, V.Splat(Scale), V.Splat(slowTrace));
        for (nint k = 0; k < length; k += V.Count)
        {
            ref var place = ref Unsafe.Add(ref values, k);
            var old = V.Load(ref place);
            var value = rule.Arrive(old, V.Load(ref Unsafe.Add(ref traces, k)), slow);
            var weight = TRule.Consolidates ? V.Load(ref Unsafe.Add(ref weights, k)) : value;
            V.StoreBits(V.RoundToInt(weight * scale), ref Unsafe.Add(ref amounts, k));
            // What lies behind the run is of the same thread and stays as it is.
            V.Store(k + V.Count <= length ? value : V.Select(V.Greater(V.Splat(length - k), V.IntToFloat(V.Iota)), value, old), ref place);
        }
        Deliver(ref targets, ref amounts, length, origin + instance);
    }

    public override void Learn(int thread, long step)
    {
        for (var s = _firstSlice[thread]; s < _firstSlice[thread + 1]; s++)
            foreach (var spike in Target.Spikes(thread, step))
                if (spike >= _slices[s].FirstElement && spike < _slices[s].EndElement)
                    Fire(s, spike, step);
        for (var k = 0; k < _history.Length; k++)
            AdvancePre(_history[k], _decayPre[k], thread, step);
        for (var k = 0; k < _post.Length; k++)
            AdvancePost(_post[k], _decayPost[k], thread, step);
        if (_consolidation?.Advance(thread, step) == true)
            for (var s = _firstSlice[thread]; s < _firstSlice[thread + 1]; s++)
                _consolidation.Apply(_slices[s], _eligibility[s], thread);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Fire(int s, int spike, long step)
    {
        var (slice, columns, values, history) = (_slices[s], _columns[s], Values(s), _history[0]);
        var (neuron, instance) = Math.DivRem(spike - slice.FirstElement, Batch);
        var slow = _post.Length > 1 ? _post[1].At(spike) : 0;
        var (rule, batch, delays, latest) = (_rule, Batch, (uint)_delays, step - Plan.MinDelay);
        var end = columns.Starts[neuron + 1];
        for (var c = columns.Starts[neuron]; c < end; c++)
        {
            // The synapses of a column lie in as many rows.
            if (c + Ahead < end)
                values.Prefetch(slice.WeightPlace(columns.Places.At(c + Ahead), instance));
            var place = columns.Places.At(c);
            var (source, delay) = delays == 1 ? ((uint)place.Run, 0) : Math.DivRem((uint)place.Run, delays);
            var x = history.At(TraceStart(latest - delay) + source * batch + instance);
            ref var value = ref values.At(slice.WeightPlace(place, instance));
            value = rule.Fire(value, x, slow);
        }
    }

    void AdvancePre(AlignedBuffer<float> history, float decay, int thread, long step)
    {
        long now = TraceStart(step), next = TraceStart(step + 1);
        for (var e = Source.Starts[thread]; e < Source.Starts[thread + 1]; e += V.Count)
            V.Store(V.Load(ref history.At(now + e)) * V.Splat(decay), ref history.At(next + e));
        foreach (var spike in Source.Spikes(thread, step))
            history.At(next + spike) = (TRule.Adds ? history.At(now + spike) + 1 : 1) * decay;
    }

    void AdvancePost(AlignedBuffer<float> post, float decay, int thread, long step)
    {
        foreach (var spike in Target.Spikes(thread, step))
            post.At(spike) = TRule.Adds ? post.At(spike) + 1 : 1;
        for (var e = Target.Starts[thread]; e < Target.Starts[thread + 1]; e += V.Count)
            V.Store(V.Load(ref post.At(e)) * V.Splat(decay), ref post.At(e));
    }

    public override void Read(BufferSpec buffer, Span<byte> destination, long step)
    {
        var values = MemoryMarshal.Cast<byte, float>(destination);
        switch (buffer.Kind)
        {
            case BufferKind.Weights:
                CanonicalSynapses.Read(_slices, s => s.Weights, Batch, values);
                break;
            case BufferKind.Eligibility:
                CanonicalSynapses.Read(_slices, s => _eligibility[Array.IndexOf(_slices, s)], Batch, values);
                break;
            case BufferKind.PostTrace:
                _post[buffer.Index].Span(0, Target.Plan.Elements).CopyTo(values);
                break;
            case BufferKind.TraceHistory:
                for (var r = 0; r < _plan.TraceSlots; r++)
                    _history[buffer.Index].Span(TraceStart(step - r), Source.Plan.Elements).CopyTo(values[(r * Source.Plan.Elements)..]);
                break;
            case BufferKind.Reward:
                _consolidation!.Reward.CopyTo(values);
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
                CanonicalSynapses.Write(_slices, s => s.Weights, Batch, values);
                break;
            case BufferKind.Eligibility:
                CanonicalSynapses.Write(_slices, s => _eligibility[Array.IndexOf(_slices, s)], Batch, values);
                break;
            case BufferKind.PostTrace:
                values.CopyTo(_post[buffer.Index].Span(0, Target.Plan.Elements));
                break;
            case BufferKind.TraceHistory:
                for (var r = 0; r < _plan.TraceSlots; r++)
                    values.Slice(r * Source.Plan.Elements, Source.Plan.Elements).CopyTo(_history[buffer.Index].Span(TraceStart(step - r), Source.Plan.Elements));
                break;
            case BufferKind.Reward:
                _consolidation!.SetReward(values);
                break;
            default:
                throw NoBuffer(buffer);
        }
    }

    public override void Dispose()
    {
        foreach (var buffer in _eligibility.Concat(_history).Concat(_post))
            buffer.Dispose();
        foreach (var columns in _columns)
            columns.Dispose();
        foreach (var slice in _slices)
            slice.Dispose();
        foreach (var scratch in _scratch)
            scratch.Dispose();
    }
}

/// <summary>What a thread needs to work on a piece of a run.</summary>
sealed class RunScratch : IDisposable
{
    /// <summary>Synapses that are worked on together.</summary>
    public const int Chunk = 512;
    const int Padding = 16;

    /// <summary>The postsynaptic traces of the synapses.</summary>
    public AlignedBuffer<float> Traces { get; } = new(Chunk + Padding, hugePages: false);
    /// <summary>What is delivered.</summary>
    public AlignedBuffer<int> Amounts { get; } = new(Chunk + Padding, hugePages: false);

    public void Dispose()
    {
        Traces.Dispose();
        Amounts.Dispose();
    }
}
