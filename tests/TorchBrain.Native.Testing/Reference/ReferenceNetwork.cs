using System.IO.Hashing;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Tests;

/// <summary>Runs the operations of the plan in order, step by step.</summary>
sealed class ReferenceNetwork : ICompiledNetwork
{
    readonly ReferencePopulation[] _populations;
    readonly ReferenceSynapses[] _projections;
    readonly ReferenceRecording[] _recordings;

    public ReferenceNetwork(NetworkPlan plan)
    {
        Plan = plan;
        _populations = [.. plan.Populations.Select(p => new ReferencePopulation(p, plan))];
        _projections = [.. plan.Projections.Select(Synapses)];
        _recordings = [.. plan.Recordings.Select(r => new ReferenceRecording(r))];
        Reset();
    }

    ReferenceSynapses Synapses(ProjectionPlan p)
    {
        var (source, target) = (_populations[p.Source.Index], _populations[p.Target.Index]);
        return p.Learning switch
        {
            WinnerTakeAllPlan rule => new ReferenceWinnerTakeAll(p, rule, source, target, Plan.Batch),
            EligibilityStdpPlan rule => new ReferenceEligibility(p, rule, source, target, Plan.Batch),
            TripletStdpPlan rule => new ReferenceTriplet(p, rule, source, target, Plan.Batch),
            PairStdpPlan rule => new ReferencePairStdp(p, rule, source, target, Plan.Batch),
            _ => new ReferenceStatic(p, source, target, Plan.Batch),
        };
    }

    public NetworkPlan Plan { get; }
    public long Step { get; private set; }
    public UInt128 SpikeHash { get; private set; }

    public string Describe() => "reference: one thread, one number at a time";

    public void Run(long steps)
    {
        for (var end = Step + steps; Step < end; Step++)
        {
            foreach (var operation in Plan.Ops)
                Do(operation, Step);
            ChainHash(Step);
        }
    }

    void Do(StepOp operation, long step)
    {
        switch (operation)
        {
            case ArriveOp a: _projections[a.Projection.Index].Arrive(step); break;
            case UpdateNeuronsOp u: _populations[u.Population.Index].Update(step); break;
            case LearnOp l: _projections[l.Projection.Index].Learn(step); break;
            case PropagateOp p: _projections[p.Projection.Index].Propagate(step); break;
            case RecordOp r: _recordings[r.Recording.Index].Record(_populations[r.Recording.Population.Index], step); break;
            default: throw new InvalidOperationException($"The reference does not know {operation}.");
        }
    }

    void ChainHash(long step)
    {
        for (var p = 0; p < _populations.Length; p++)
        {
            var elements = _populations[p].SpikesOf(step);
            if (elements.Length == 0)
                continue;
            using var block = new MemoryStream();
            using var writer = new BinaryWriter(block); // little-endian
            writer.Write((ulong)SpikeHash);
            writer.Write((ulong)(SpikeHash >> 64));
            writer.Write(step);
            writer.Write(p);
            writer.Write(elements.Length);
            foreach (var element in elements)
                writer.Write(element);
            writer.Flush();
            SpikeHash = XxHash128.HashToUInt128(block.ToArray());
        }
    }

    public void Synchronize() { }

    public void Reset()
    {
        foreach (var p in _populations)
            p.Reset();
        foreach (var p in _projections)
            p.Reset();
        SetClock(0, 0);
    }

    public void SetClock(long step, UInt128 spikeHash)
    {
        Step = step;
        SpikeHash = spikeHash;
        foreach (var r in _recordings)
            r.Restart(step);
    }

    public void Read(BufferSpec buffer, Span<byte> destination)
    {
        switch (buffer.Kind)
        {
            case BufferKind.State or BufferKind.PendingInput or BufferKind.SpikeHistory or BufferKind.Alive or BufferKind.InjectedCurrent:
                _populations[buffer.Owner].Read(buffer, destination, Step);
                break;
            default:
                _projections[buffer.Owner].Read(buffer, destination, Step);
                break;
        }
    }

    public void Write(BufferSpec buffer, ReadOnlySpan<byte> source)
    {
        switch (buffer.Kind)
        {
            case BufferKind.State or BufferKind.PendingInput or BufferKind.SpikeHistory or BufferKind.Alive or BufferKind.InjectedCurrent:
                _populations[buffer.Owner].Write(buffer, source, Step);
                break;
            default:
                _projections[buffer.Owner].Write(buffer, source, Step);
                break;
        }
    }

    public void WriteCurrent(int population, int input, ReadOnlySpan<float> current) => current.CopyTo(_populations[population].Currents[input]!);

    public int ReadSpikes(int population, Span<int> elements)
    {
        var spikes = _populations[population].SpikesOf(Step - 1);
        spikes.CopyTo(elements);
        return spikes.Length;
    }

    public void AddSpikeCounts(int population, Span<int> counts)
    {
        for (var e = 0; e < counts.Length; e++)
            counts[e] += _populations[population].TotalSpikes[e];
    }

    public (long First, long Count) RecordedSteps(int recording) => (_recordings[recording].First, Step - _recordings[recording].First);

    public void DrainSpikes(int recording, ISpikeSink sink) => _recordings[recording].DrainSpikes(sink, Step);

    public void DrainState(int recording, Action<long, ReadOnlySpan<float>> sink) => _recordings[recording].DrainState(sink, Step);

    public void Dispose() { }
}

/// <summary>What one recording holds since it was last drained.</summary>
sealed class ReferenceRecording(RecordingPlan plan)
{
    readonly List<(long Step, int[] Elements)> _spikes = [];
    readonly List<(long Step, float[] Values)> _samples = [];

    public long First { get; private set; }

    public void Restart(long step)
    {
        First = step;
        _spikes.Clear();
        _samples.Clear();
    }

    public void Record(ReferencePopulation population, long step)
    {
        if (plan.Variable < 0)
            _spikes.Add((step, population.SpikesOf(step)));
        else if (step % plan.EverySteps == 0)
            _samples.Add((step, [.. population.State[plan.Variable]]));
    }

    public void DrainSpikes(ISpikeSink sink, long now)
    {
        foreach (var (step, elements) in _spikes)
            sink.Accept(step, elements);
        Restart(now);
    }

    public void DrainState(Action<long, ReadOnlySpan<float>> sink, long now)
    {
        foreach (var (step, values) in _samples)
            sink(step, values);
        Restart(now);
    }
}
