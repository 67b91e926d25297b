using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// Sparse float weights with pair-based plasticity. Postsynaptic spikes are logged and not applied at once: a weight matters when a spike arrives over it, so the run of the arriving
/// spike, which lies together, then takes up the postsynaptic spikes since the arrival before, in the order of time, and is depressed and delivered. No weight is touched out of its
/// run, which is what learning by target would cost. The presynaptic trace of a run decays between two arrivals, so its values are made again from one number.
/// </summary>
sealed class PairStdpSynapses<V, TRule> : SynapseKernel where V : struct, ILanes<V> where TRule : struct, IPairRule<V>
{
    // Cache lines that are asked for before they are used: see SparseDelivery.
    const int FewLines = 96, ManyLines = 192;
    // Runs of which the place is asked for before that.
    const int RunsAhead = 16;

    readonly PairStdpPlan _plan;
    readonly TRule _rule;
    readonly PlasticSlice[] _slices;
    readonly PairScratch[] _scratch;
    readonly int[] _firstSlice;
    readonly AlignedBuffer<float> _pre, _preHistory;
    readonly int _delays;

    public PairStdpSynapses(ProjectionPlan plan, TRule rule, CpuPopulation source, CpuPopulation target, int threads) : base(plan, source, target, threads)
    {
        _plan = (PairStdpPlan)plan.Learning!;
        _rule = rule;
        _slices = PlasticLayout.Build(plan, target, Batch, logged: true);
        _firstSlice = [.. Enumerable.Range(0, threads + 1).Select(t => _slices.Count(s => s.Thread < t))];
        _scratch = [.. Enumerable.Range(0, threads).Select(_ => new PairScratch(32 * V.Count))];
        _pre = new AlignedBuffer<float>(source.Padded, source.HugePages);
        _preHistory = new AlignedBuffer<float>((long)_plan.TraceSlots * source.Padded, source.HugePages);
        _delays = plan.MaxDelay - plan.MinDelay + 1;
    }

    long TraceStart(long step) => (step & (_plan.TraceSlots - 1)) * Source.Padded;

    // The trace before the spikes of a step.
    float TraceBefore(long step, int element) => _plan.ArrivalsFirst ? TraceAt(step - 1, element) * _plan.DecayPlus : TraceAt(step, element);

    // The trace as postsynaptic spikes of a step meet it over a delay.
    float TraceAt(long step, int element) => step < 0 ? 0 : _preHistory.At(TraceStart(step) + element);

    public override void Reset()
    {
        _pre.Clear();
        _preHistory.Clear();
        Parallel.ForEach(_slices, slice =>
        {
            slice.FillInitial(_plan.Min, _plan.Max);
            slice.Chains.Posts.Clear();
            Restart(slice, 0);
        });
    }

    public override void Arrive(int thread, long step)
    {
        for (var s = _firstSlice[thread]; s < _firstSlice[thread + 1]; s++)
        {
            if (_slices[s].Chains.IsFull)
                CatchUp(_slices[s], _scratch[thread]);
            for (var delay = Plan.MinDelay; delay <= Plan.MaxDelay && delay <= step; delay++)
                for (var k = 0; k < Threads; k++)
                    Arrive(_slices[s], _scratch[thread], Source.Spikes(k, step - delay), delay, step);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Arrive(PlasticSlice slice, PairScratch scratch, ReadOnlySpan<int> spikes, int delay, long step)
    {
        var origin = Origin(slice.Thread, step) + slice.FirstElement;
        for (var n = 0; n < spikes.Length && n < RunsAhead; n++)
            FetchPlace(slice, spikes[n], delay);
        for (int i = 0, fetched = 0, underWay = 0; i < spikes.Length; i++)
        {
            if (underWay < FewLines)
                for (; fetched < spikes.Length && underWay < ManyLines; fetched++)
                {
                    if (fetched + RunsAhead < spikes.Length)
                        FetchPlace(slice, spikes[fetched + RunsAhead], delay);
                    underWay += Fetch(slice, spikes[fetched], delay);
                }
            var (source, instance) = Batch == 1 ? (spikes[i], 0) : Math.DivRem(spikes[i], Batch);
            var run = source * _delays + (delay - Plan.MinDelay);
            long from = slice.Starts.At(run), weights = slice.WeightStart(run, instance);
            var length = (int)(slice.Starts.At(run + 1) - from);
            underWay -= Lines(length);
            if (length == 0)
                continue;
            ref var state = ref slice.States.At((long)run * Batch + instance);
            var first = slice.Chains.FirstEntry(state.UpTo);
            state = scratch.BeginRun(slice.Chains, state, step, _plan.DecayPlus);
            for (var at = 0; at < length; at += PairScratch.Chunk)
            {
                var part = Math.Min(PairScratch.Chunk, length - at);
                ref var weight = ref slice.Weights.At(weights + at);
                PotentiateOlder(scratch, ref weight, scratch.Find(slice, from + at, part, instance, first));
                PotentiateAndDepress(scratch, ref weight, part);
                Deliver(ref slice.Targets.At(from + at), ref scratch.Amounts.At(0), part, origin + instance);
            }
            var after = state.Before + 1;
            state = state with { Before = _plan.ArrivalsFirst ? after : state.Before, After = after };
        }
    }

    // Cache lines of a run: weights of 4 bytes, targets of 2, and its state.
    static int Lines(int length) => length / 16 + length / 32 + 2;

    // Asks for where a run lies and for its state: to ask for the run itself is to wait for them.
    void FetchPlace(PlasticSlice slice, int spike, int delay)
    {
        var (source, instance) = Batch == 1 ? (spike, 0) : Math.DivRem(spike, Batch);
        var run = source * _delays + (delay - Plan.MinDelay);
        slice.Starts.Prefetch(run);
        slice.States.Prefetch((long)run * Batch + instance);
    }

    // Asks for a whole run and returns its cache lines.
    int Fetch(PlasticSlice slice, int spike, int delay)
    {
        var (source, instance) = Batch == 1 ? (spike, 0) : Math.DivRem(spike, Batch);
        var run = source * _delays + (delay - Plan.MinDelay);
        var from = slice.Starts.At(run);
        var length = (int)(slice.Starts.At(run + 1) - from);
        var weights = slice.WeightStart(run, instance);
        for (var at = 0; at < length + 16; at += 16)
            slice.Weights.Prefetch(weights + at);
        for (var at = 0; at < length + 32; at += 32)
            slice.Targets.Prefetch(from + at);
        return Lines(length);
    }

    // Spikes older than the last of a target, from the last round to the first.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void PotentiateOlder(PairScratch scratch, ref float weights, int rounds)
    {
        ref var synapses = ref scratch.Synapses.At(0);
        ref var met = ref scratch.OlderMet.At(0);
        ref var gathered = ref scratch.Gathered.At(0);
        var rule = _rule;
        for (var round = rounds; --round >= 0;)
        {
            nint begin = scratch.RoundStarts[round], count = scratch.RoundStarts[round + 1] - begin;
            ref var synapse = ref Unsafe.Add(ref synapses, begin);
            ref var trace = ref Unsafe.Add(ref met, begin);
            for (nint k = 0; k < count; k++)
                Unsafe.Add(ref gathered, k) = Unsafe.Add(ref weights, (nint)Unsafe.Add(ref synapse, k));
            for (nint k = 0; k < count; k += V.Count)
                V.Store(rule.Potentiate(V.Load(ref Unsafe.Add(ref gathered, k)), V.Load(ref Unsafe.Add(ref trace, k))), ref Unsafe.Add(ref gathered, k));
            for (nint k = 0; k < count; k++)
                Unsafe.Add(ref weights, (nint)Unsafe.Add(ref synapse, k)) = Unsafe.Add(ref gathered, k);
        }
    }

    // The last spike of each target.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V PotentiateLast(TRule rule, V weight, V lastMet, V zero) => V.SelectReached(lastMet, zero, rule.Potentiate(weight, lastMet), weight);

    // What lies behind a run is of the same thread and stays as it is.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V WithinRun(V weight, V old, nint left) => left >= V.Count ? weight : V.Select(V.Greater(V.Splat(left), V.IntToFloat(V.Iota)), weight, old);

    // A piece of a run takes up the spikes of its targets since the arrival before.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Potentiate(PairScratch scratch, ref float weights, nint length)
    {
        ref var last = ref scratch.LastMet.At(0);
        var (rule, zero) = (_rule, V.Splat(0));
        for (nint k = 0; k < length; k += V.Count)
        {
            ref var place = ref Unsafe.Add(ref weights, k);
            var old = V.Load(ref place);
            V.Store(WithinRun(PotentiateLast(rule, old, V.Load(ref Unsafe.Add(ref last, k)), zero), old, length - k), ref place);
        }
    }

    // The same, and then the spike that arrives.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void PotentiateAndDepress(PairScratch scratch, ref float weights, nint length)
    {
        ref var last = ref scratch.LastMet.At(0);
        ref var traces = ref scratch.PostTraces.At(0);
        ref var amounts = ref scratch.Amounts.At(0);
        var (rule, scale, zero, arrivalsFirst) = (_rule, V.Splat(Scale), V.Splat(0), _plan.ArrivalsFirst);
        for (nint k = 0; k < length; k += V.Count)
        {
            ref var place = ref Unsafe.Add(ref weights, k);
            var old = V.Load(ref place);
            var before = PotentiateLast(rule, old, V.Load(ref Unsafe.Add(ref last, k)), zero);
            var after = rule.Depress(before, V.Load(ref Unsafe.Add(ref traces, k)));
            V.StoreBits(V.RoundToInt((arrivalsFirst ? before : after) * scale), ref Unsafe.Add(ref amounts, k));
            V.Store(WithinRun(after, old, length - k), ref place);
        }
    }

    public override void Learn(int thread, long step)
    {
        for (var s = _firstSlice[thread]; s < _firstSlice[thread + 1]; s++)
        {
            var slice = _slices[s];
            foreach (var spike in Target.Spikes(thread, step))
                if (spike >= slice.FirstElement && spike < slice.EndElement)
                    slice.Chains.Add(spike - slice.FirstElement);
            slice.Chains.EndOfStep();
            DecayPosts(slice.Chains);
        }
        AdvancePre(thread, step);
    }

    // The history keeps the trace as postsynaptic spikes meet it: before the spikes of the step, or after them where arrivals come first.
    void AdvancePre(int thread, long step)
    {
        var decay = V.Splat(_plan.DecayPlus);
        var history = TraceStart(step);
        for (var e = Source.Starts[thread]; e < Source.Starts[thread + 1]; e += V.Count)
        {
            var trace = V.Load(ref _pre.At(e)) * decay;
            V.Store(trace, ref _pre.At(e));
            V.Store(trace, ref _preHistory.At(history + e));
        }
        foreach (var spike in Source.Spikes(thread, step))
        {
            _pre.At(spike) += 1;
            if (_plan.ArrivalsFirst)
                _preHistory.At(history + spike) = _pre.At(spike);
        }
    }

    // Kept as the arrivals of the next step will see it. Every second lane is a trace.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void DecayPosts(SpikeChains chains)
    {
        var (decay, isTrace) = (V.Splat(_plan.DecayMinus), V.ShiftRightArithmetic(V.ShiftLeft(V.Iota, 31), 31));
        ref var first = ref Unsafe.As<PostState, float>(ref chains.Posts.At(0));
        for (nint k = 0; k < 2 * chains.Elements; k += V.Count)
        {
            var posts = V.Load(ref Unsafe.Add(ref first, k));
            V.Store(V.Select(isTrace, (posts & isTrace) * decay, posts), ref Unsafe.Add(ref first, k));
        }
    }

    // All weights see all spikes of the log, which then starts again. Other threads may still be writing traces, so none is read.
    void CatchUp(PlasticSlice slice, PairScratch scratch)
    {
        var chains = slice.Chains;
        for (var run = 0; run < slice.Runs; run++)
            for (var instance = 0; instance < Batch; instance++)
            {
                long from = slice.Starts.At(run), weights = slice.WeightStart(run, instance);
                var length = (int)(slice.Starts.At(run + 1) - from);
                ref var state = ref slice.States.At((long)run * Batch + instance);
                var first = chains.FirstEntry(state.UpTo);
                state = scratch.BeginRun(chains, state, chains.EndStep, _plan.DecayPlus);
                for (var at = 0; at < length; at += PairScratch.Chunk)
                {
                    var part = Math.Min(PairScratch.Chunk, length - at);
                    ref var weight = ref slice.Weights.At(weights + at);
                    PotentiateOlder(scratch, ref weight, scratch.Find(slice, from + at, part, instance, first));
                    Potentiate(scratch, ref weight, part);
                }
            }
        chains.Begin(chains.EndStep);
    }

    // All weights have seen everything before a step; traces are those of the history. A spike that arrives in the step adds to its trace when it does.
    void Restart(PlasticSlice slice, long step)
    {
        slice.Chains.Begin(step);
        for (var run = 0; run < slice.Runs; run++)
            for (var instance = 0; instance < Batch; instance++)
            {
                var trace = TraceBefore(step - Plan.MinDelay - run % _delays, run / _delays * Batch + instance);
                slice.States.At((long)run * Batch + instance) = new RunState(step, trace, trace);
            }
    }

    void CatchUpAll() => Parallel.For(0, Threads, thread =>
    {
        for (var s = _firstSlice[thread]; s < _firstSlice[thread + 1]; s++)
            CatchUp(_slices[s], _scratch[thread]);
    });

    public override void Read(BufferSpec buffer, Span<byte> destination, long step)
    {
        var values = MemoryMarshal.Cast<byte, float>(destination);
        switch (buffer.Kind)
        {
            case BufferKind.Weights:
                CatchUpAll();
                CanonicalSynapses.Read(_slices, s => s.Weights, Batch, values);
                break;
            case BufferKind.PreTraceNow:
                _pre.Span(0, Source.Plan.Elements).CopyTo(values);
                break;
            case BufferKind.PostTrace:
                foreach (var slice in _slices)
                    for (var e = slice.FirstElement; e < slice.EndElement; e++)
                        values[e] = slice.Chains.Posts.At(e - slice.FirstElement).Trace;
                break;
            case BufferKind.PreTrace:
                for (var r = 0; r < _plan.TraceSlots; r++)
                    _preHistory.Span(TraceStart(step - 1 - r), Source.Plan.Elements).CopyTo(values[(r * Source.Plan.Elements)..]);
                break;
            default:
                throw NoBuffer(buffer);
        }
    }

    public override void Write(BufferSpec buffer, ReadOnlySpan<byte> source, long step)
    {
        CatchUpAll();
        var values = MemoryMarshal.Cast<byte, float>(source);
        switch (buffer.Kind)
        {
            case BufferKind.Weights:
                CanonicalSynapses.Write(_slices, s => s.Weights, Batch, values);
                break;
            case BufferKind.PreTraceNow:
                values.CopyTo(_pre.Span(0, Source.Plan.Elements));
                break;
            case BufferKind.PostTrace:
                foreach (var slice in _slices)
                    for (var e = slice.FirstElement; e < slice.EndElement; e++)
                        slice.Chains.Posts.At(e - slice.FirstElement).Trace = values[e];
                break;
            case BufferKind.PreTrace:
                for (var r = 0; r < _plan.TraceSlots; r++)
                    values.Slice(r * Source.Plan.Elements, Source.Plan.Elements).CopyTo(_preHistory.Span(TraceStart(step - 1 - r), Source.Plan.Elements));
                break;
            default:
                throw NoBuffer(buffer);
        }
        foreach (var slice in _slices)
            Restart(slice, step);
    }

    public override void Dispose()
    {
        _pre.Dispose();
        _preHistory.Dispose();
        foreach (var slice in _slices)
            slice.Dispose();
        foreach (var scratch in _scratch)
            scratch.Dispose();
    }
}
