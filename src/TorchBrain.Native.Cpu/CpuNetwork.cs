using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// A network on the processor. <see cref="RunMember"/> is the step, in order, as each thread does it; one barrier per step separates what a thread
/// writes for all (spikes) from what all read.
/// </summary>
sealed class CpuNetwork<V> : ICompiledNetwork where V : struct, ILanes<V>
{
    readonly CpuPopulation[] _populations;
    readonly NeuronUpdate<V>[] _updates;
    readonly SynapseKernel?[] _projections;
    readonly SynapseKernel[] _plastic, _dense;
    readonly BitmaskStatic<V>[] _bitmasks;
    readonly InputSums _sums;
    readonly SpikeBoard? _board;
    readonly SparseDelivery _sparse;
    readonly PendingInput _pending;
    readonly CpuRecording[] _recordings, _samples;
    readonly SpikeHashChain _hash;
    readonly WorkerTeam _team;
    readonly CpuChoices _choices;
    long _end;

    public CpuNetwork(NetworkPlan plan, CpuChoices choices)
    {
        Plan = plan;
        _choices = choices;
        var threads = choices.Threads;
        int[][] starts = [.. plan.Populations.Select(p => CpuPopulation.Partition(p, threads))];
        _sums = new InputSums(plan, starts, SlotsOf(plan, choices.Push), choices.HugePages);
        _board = threads > 1 ? new SpikeBoard(starts) : null;
        _populations = [.. plan.Populations.Select(p => new CpuPopulation(p, starts[p.Index], _sums, _board))];
        _updates = [.. _populations.Select(p => new NeuronUpdate<V>(p, _sums, plan))];
        BitmaskRows?[] bitmasks = [.. plan.Projections.Select(p => choices.Bitmasks && BitmaskRows.Include(p) ? new BitmaskRows(p, _populations[p.Target.Index]) : null)];
        _projections = [.. plan.Projections.Select(p => Lower(p, threads, bitmasks[p.Index]))];
        _plastic = [.. Kernels(p => p.Learning is not null)];
        _dense = [.. Kernels(p => p.Storage is SynapseStorage.DenseInt16 or SynapseStorage.Stencil or SynapseStorage.Procedural)];
        _bitmasks = [.. _projections.OfType<BitmaskStatic<V>>()];
        _sparse = new SparseDelivery(plan, _populations, _sums, choices, bitmasks);
        _pending = new PendingInput(plan, _populations, _sums, [_sparse, .. _bitmasks]);
        _recordings = [.. plan.Recordings.Select(r => new CpuRecording(r, _populations[r.Population.Index], _updates[r.Population.Index].Kernel))];
        _samples = [.. _recordings.Where(r => r.IsOfState)];
        _hash = new SpikeHashChain(plan);
        _team = new WorkerTeam(threads, RunMember);
        Reset();
    }

    public NetworkPlan Plan { get; }
    public long Step { get; private set; }
    public UInt128 SpikeHash => _hash.Value;

    public string Describe() => $"cpu: {_choices.Why}{(_bitmasks.Length == 0 ? "" : $", bitmasks for {string.Join(", ", _bitmasks.Select(b => b.Name))} (one weight, one delay, dense enough)")}";

    IEnumerable<SynapseKernel> Kernels(Func<ProjectionPlan, bool> which) => Plan.Projections.Where(which).Select(p => _projections[p.Index]!);

    // Only what is written ahead needs slots. That of the step itself is empty again when its spikes set out, so the longest delay may use it.
    static int SlotsOf(NetworkPlan plan, bool push)
    {
        var ahead = plan.Projections.Where(p => p.Learning is null && (push || p.Storage != SynapseStorage.SparseInt16)).Select(p => p.MaxDelay).DefaultIfEmpty(0).Max();
        return (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, ahead));
    }

    // Static sparse projections are delivered together, but for what has a bitmask.
    SynapseKernel? Lower(ProjectionPlan p, int threads, BitmaskRows? bitmask)
    {
        var (source, target) = (_populations[p.Source.Index], _populations[p.Target.Index]);
        return p.Storage switch
        {
            SynapseStorage.DenseInt16 => new DenseStatic<V>(p, source, target, threads),
            SynapseStorage.Stencil => new StencilStatic<V>(p, source, target, threads),
            SynapseStorage.Procedural => new ProceduralStatic(p, source, target, threads),
            SynapseStorage.SparseInt16 => bitmask is null ? null : new BitmaskStatic<V>(p, source, target, threads, bitmask),
            SynapseStorage.DenseFloat => new WinnerTakeAllSynapses<V>(p, source, target, threads),
            SynapseStorage.SparseFloat => TraceKernels.Create<V>(p, source, target, threads),
            _ => throw new InvalidOperationException($"The CPU backend has no synapses for {p.Storage}."),
        };
    }

    public void Run(long steps)
    {
        _end = Step + steps;
        if (steps > 0)
            _team.Run();
        Step = _end;
    }

    // The step, in the order of the plan. Between two barriers a thread writes only what it owns, and reads of others only spikes of steps that are complete.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void RunMember(int thread)
    {
        for (var step = Step; step < _end; step++)
        {
            _pending.Arrive(thread, step);
            _sparse.Arrive(thread, step);
            foreach (var p in _bitmasks)
                p.Arrive(thread, step);
            foreach (var p in _plastic)
                p.Arrive(thread, step);
            foreach (var p in _updates)
                p.Run(thread, step);
            _team.Barrier();
            _board?.Prefetch(thread, step);
            foreach (var p in _plastic)
                p.Learn(thread, step);
            foreach (var r in _samples)
                r.RecordState(thread, step);
            foreach (var p in _dense)
                p.Propagate(thread, step);
            foreach (var p in _bitmasks)
                p.Propagate(thread, step);
            _sparse.Propagate(thread, step);
            if (thread != 0)
                continue;
            for (var p = 0; p < _populations.Length; p++)
                _hash.Add(step, p, _populations[p].CopyNewSpikes(step, _hash.Elements));
            foreach (var r in _recordings)
                r.RecordSpikes(step);
        }
    }

    public void Synchronize() { }

    public void Reset()
    {
        Step = 0;
        _hash.Value = 0;
        foreach (var p in _populations)
            p.Reset();
        foreach (var u in _updates)
            u.Kernel.Accept();
        _pending.Reset();
        foreach (var p in _projections)
            p?.Reset();
        foreach (var r in _recordings)
            r.Reset(0);
    }

    public void SetClock(long step, UInt128 spikeHash)
    {
        Step = step;
        _hash.Value = spikeHash;
        _pending.Reset(); // what is on its way belongs to the old clock; the input of the new one is written next
        foreach (var r in _recordings)
            r.Reset(step);
    }

    public void Read(BufferSpec buffer, Span<byte> destination)
    {
        switch (buffer.Kind)
        {
            case BufferKind.State:
                _updates[buffer.Owner].Kernel.Publish(0, _populations[buffer.Owner].Padded);
                MemoryMarshal.AsBytes(_populations[buffer.Owner].State[buffer.Index].Span(0, _populations[buffer.Owner].Plan.Elements)).CopyTo(destination);
                break;
            case BufferKind.InjectedCurrent:
                _populations[buffer.Owner].Currents[buffer.Index]!.Read(MemoryMarshal.Cast<byte, float>(destination)[.._populations[buffer.Owner].Plan.Elements]);
                break;
            case BufferKind.PendingInput:
                _pending.Read(buffer, destination, Step);
                break;
            case BufferKind.SpikeHistory or BufferKind.Alive:
                CanonicalState.Read(_populations[buffer.Owner], buffer, destination, Step);
                break;
            default:
                _projections[buffer.Owner]!.Read(buffer, destination, Step);
                break;
        }
    }

    public void Write(BufferSpec buffer, ReadOnlySpan<byte> source)
    {
        switch (buffer.Kind)
        {
            case BufferKind.State:
                _updates[buffer.Owner].Kernel.Publish(0, _populations[buffer.Owner].Padded);
                source.CopyTo(MemoryMarshal.AsBytes(_populations[buffer.Owner].State[buffer.Index].Span(0, _populations[buffer.Owner].Plan.Elements)));
                _updates[buffer.Owner].Kernel.Accept();
                break;
            case BufferKind.InjectedCurrent:
                _populations[buffer.Owner].Currents[buffer.Index]!.Write(MemoryMarshal.Cast<byte, float>(source));
                break;
            case BufferKind.PendingInput:
                _pending.Write(buffer, source, Step);
                break;
            case BufferKind.SpikeHistory or BufferKind.Alive:
                CanonicalState.Write(_populations[buffer.Owner], buffer, source, Step);
                break;
            default:
                _projections[buffer.Owner]!.Write(buffer, source, Step);
                break;
        }
    }

    public void WriteCurrent(int population, int input, ReadOnlySpan<float> current) => _populations[population].Currents[input]!.Write(current);

    public int ReadSpikes(int population, Span<int> elements) => _populations[population].CopySpikes(Step - 1, elements);

    public void AddSpikeCounts(int population, Span<int> counts)
    {
        var total = _populations[population].TotalSpikes;
        for (var e = 0; e < counts.Length; e++)
            counts[e] += total[e];
    }

    public (long First, long Count) RecordedSteps(int recording) => _recordings[recording].Held(Step);

    public void DrainSpikes(int recording, ISpikeSink sink) => _recordings[recording].DrainSpikes(Step, sink);

    public void DrainState(int recording, Action<long, ReadOnlySpan<float>> sink) => _recordings[recording].DrainState(Step, sink);

    public void Dispose()
    {
        _team.Dispose();
        foreach (var u in _updates)
            u.Dispose();
        foreach (var p in _projections)
            p?.Dispose();
        _sparse.Dispose();
        _pending.Dispose();
        _sums.Dispose();
        _board?.Dispose();
        foreach (var r in _recordings)
            r.Dispose();
        foreach (var p in _populations)
            p.Dispose();
    }
}
