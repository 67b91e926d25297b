using System.Runtime.InteropServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Tests;

/// <summary>The synapses of one projection.</summary>
abstract class ReferenceSynapses(ProjectionPlan plan, ReferencePopulation source, ReferencePopulation target, int batch)
{
    protected ProjectionPlan Plan { get; } = plan;
    protected ReferencePopulation Source { get; } = source;
    protected ReferencePopulation Target { get; } = target;
    protected int Batch { get; } = batch;

    protected readonly record struct Connection(int Source, int Target, int Delay, float Weight);

    /// <summary>Every synapse in canonical order: by source, delay, target; several of one kind as they were made.</summary>
    protected List<Connection> Connections()
    {
        var all = new List<Connection>();
        var buffer = new SynapseBuffer();
        for (var row = 0; row < Plan.Synapses.Rows; row++)
        {
            Plan.Synapses.Generate(row, buffer);
            for (var k = 0; k < buffer.Count; k++)
                all.Add(Plan.Synapses.ByTarget ? new Connection(buffer.Partner[k], row, buffer.Delay[k], buffer.Weight[k])
                    : new Connection(row, buffer.Partner[k], buffer.Delay[k], buffer.Weight[k]));
        }
        return [.. all.OrderBy(c => c.Source).ThenBy(c => c.Delay).ThenBy(c => c.Target)];
    }

    protected void Deliver(int targetNeuron, int instance, long step, long fixedWeight) =>
        Target.Input[Plan.Channel][step][targetNeuron * Batch + instance] += fixedWeight;

    /// <summary>A plastic weight in the fixed point of the target's channel.</summary>
    protected long Fixed(float weight) =>
        (int)MathF.Round(weight * MathF.ScaleB(1f, Plan.Target.Channels[Plan.Channel].ScaleLog2), MidpointRounding.ToEven);

    public abstract void Reset();
    public virtual void Arrive(long step) { }
    public virtual void Learn(long step) { }
    public virtual void Propagate(long step) { }

    protected abstract Array? Buffer(BufferSpec buffer, long now);
    protected abstract void Restore(BufferSpec buffer, ReadOnlySpan<byte> content, long now);

    public void Read(BufferSpec buffer, Span<byte> destination, long now)
    {
        switch (Buffer(buffer, now))
        {
            case float[] f: MemoryMarshal.AsBytes(f.AsSpan()).CopyTo(destination); break;
            case int[] i: MemoryMarshal.AsBytes(i.AsSpan()).CopyTo(destination); break;
            default: throw new InvalidOperationException($"{Plan} has no buffer {buffer}.");
        }
    }

    public void Write(BufferSpec buffer, ReadOnlySpan<byte> source, long now) => Restore(buffer, source, now);
}

/// <summary>Weights that no rule changes: rounded to 16 bits.</summary>
sealed class ReferenceStatic(ProjectionPlan plan, ReferencePopulation source, ReferencePopulation target, int batch) : ReferenceSynapses(plan, source, target, batch)
{
    readonly List<(Connection Made, short Weight)>[] _rows = [.. Enumerable.Range(0, plan.Source.Count).Select(_ => new List<(Connection, short)>())];
    short[]? _writable;

    public override void Reset()
    {
        foreach (var row in _rows)
            row.Clear();
        _writable = Plan.HasWeightBuffer ? new short[Plan.Source.Count * Plan.Target.Count] : null;
        foreach (var c in Connections())
            if (_writable is null)
                _rows[c.Source].Add((c, Plan.Quantise(c.Weight)));
            else
                _writable[c.Source * Plan.Target.Count + c.Target] += Plan.Quantise(c.Weight);
    }

    public override void Propagate(long step)
    {
        for (var i = 0; i < Plan.Source.Count; i++)
            for (var instance = 0; instance < Batch; instance++)
                if (Source.Spiked(i * Batch + instance, step))
                    Spread(i, instance, step);
    }

    void Spread(int i, int instance, long step)
    {
        foreach (var (c, weight) in _rows[i])
            Deliver(c.Target, instance, step + c.Delay, (long)weight << Plan.Shift);
        if (_writable is not null)
            for (var j = 0; j < Plan.Target.Count; j++)
                Deliver(j, instance, step + Plan.MaxDelay, (long)_writable[i * Plan.Target.Count + j] << Plan.Shift);
    }

    protected override Array? Buffer(BufferSpec buffer, long now) => _writable is null ? null : Array.ConvertAll(_writable, Plan.Dequantise);

    protected override void Restore(BufferSpec buffer, ReadOnlySpan<byte> content, long now) =>
        _writable = Array.ConvertAll(MemoryMarshal.Cast<byte, float>(content).ToArray(), Plan.Quantise);
}

/// <summary>Pair spike-timing-dependent plasticity.</summary>
sealed class ReferencePairStdp(ProjectionPlan plan, PairStdpPlan rule, ReferencePopulation source, ReferencePopulation target, int batch)
    : ReferenceSynapses(plan, source, target, batch)
{
    readonly StepRing<float> _history = new(rule.TraceSlots, source.Plan.Elements);
    readonly float[] _pre = new float[source.Plan.Elements];
    readonly float[] _post = new float[target.Plan.Elements];
    List<Connection> _synapses = [];
    float[] _weights = [];

    public override void Reset()
    {
        _synapses = Connections();
        _weights = [.. _synapses.SelectMany(s => Enumerable.Repeat(Clamp(s.Weight), Batch))];
        _history.Clear(0);
        Array.Clear(_pre);
        Array.Clear(_post);
    }

    float Clamp(float w) => MathF.Max(rule.Min, MathF.Min(rule.Max, w));

    public override void Arrive(long step)
    {
        for (var k = 0; k < _synapses.Count; k++)
            for (var instance = 0; instance < Batch; instance++)
            {
                var s = _synapses[k];
                if (step < s.Delay || !Source.Spiked(s.Source * Batch + instance, step - s.Delay))
                    continue;
                ref var w = ref _weights[k * Batch + instance];
                var a = rule.PowerLaw ? rule.AMinus * w : rule.Multiplicative ? rule.AMinus * (w - rule.Min) : rule.AMinus;
                var before = w;
                w = Clamp(MathF.FusedMultiplyAdd(-a, _post[s.Target * Batch + instance], w));
                Deliver(s.Target, instance, step, Fixed(rule.ArrivalsFirst ? before : w));
            }
    }

    public override void Learn(long step)
    {
        for (var k = 0; k < _synapses.Count; k++)
            for (var instance = 0; instance < Batch; instance++)
            {
                var s = _synapses[k];
                if (!Target.Spiked(s.Target * Batch + instance, step))
                    continue;
                var x = step < s.Delay ? 0f : _history[step - s.Delay][s.Source * Batch + instance];
                ref var w = ref _weights[k * Batch + instance];
                var a = rule.PowerLaw ? rule.APlus * StepPower.Pow(w, rule.Exponent) : rule.Multiplicative ? rule.APlus * (rule.Max - w) : rule.APlus;
                w = Clamp(MathF.FusedMultiplyAdd(a, x, w));
            }
        for (var i = 0; i < _pre.Length; i++)
        {
            _pre[i] *= rule.DecayPlus;
            _history[step][i] = _pre[i];
            if (Source.Spiked(i, step))
                _pre[i] += 1;
            if (rule.ArrivalsFirst)
                _history[step][i] = _pre[i];
        }
        for (var j = 0; j < _post.Length; j++)
        {
            if (Target.Spiked(j, step))
                _post[j] += 1;
            _post[j] *= rule.DecayMinus;
        }
    }

    protected override Array? Buffer(BufferSpec buffer, long now) => buffer.Kind switch
    {
        BufferKind.Weights => _weights,
        BufferKind.PreTraceNow => _pre,
        BufferKind.PostTrace => _post,
        BufferKind.PreTrace => Enumerable.Range(0, _history.Slots).SelectMany(r => _history[now - 1 - r]).ToArray(),
        _ => null,
    };

    protected override void Restore(BufferSpec buffer, ReadOnlySpan<byte> content, long now)
    {
        var values = MemoryMarshal.Cast<byte, float>(content);
        if (buffer.Kind == BufferKind.PreTrace)
            for (var r = 0; r < _history.Slots; r++)
                values.Slice(r * _pre.Length, _pre.Length).CopyTo(_history[now - 1 - r]);
        else
            values.CopyTo((float[])Buffer(buffer, now)!);
    }
}

/// <summary>Winner-take-all Hebbian learning.</summary>
sealed class ReferenceWinnerTakeAll(ProjectionPlan plan, WinnerTakeAllPlan rule, ReferencePopulation source, ReferencePopulation target, int batch)
    : ReferenceSynapses(plan, source, target, batch)
{
    readonly float[] _weights = new float[source.Plan.Elements * target.Plan.Count];
    readonly int[] _wins = new int[target.Plan.Elements];
    readonly float[] _largest = new float[target.Plan.Elements];

    int Sources => Plan.Source.Count;
    int Targets => Plan.Target.Count;

    ref float Weight(int i, int j, int instance) => ref _weights[(i * Targets + j) * Batch + instance];

    public override void Reset()
    {
        for (var k = 0; k < _weights.Length; k++)
            _weights[k] = rule.InitialWeights[k / Batch];
        Array.Clear(_wins);
        Array.Clear(_largest);
    }

    bool Arrives(int i, int instance, long step) => step >= Plan.MaxDelay && Source.Spiked(i * Batch + instance, step - Plan.MaxDelay);

    public override void Arrive(long step)
    {
        for (var i = 0; i < Sources; i++)
            for (var instance = 0; instance < Batch; instance++)
                if (Arrives(i, instance, step))
                    for (var j = 0; j < Targets; j++)
                        Deliver(j, instance, step, Fixed(Weight(i, j, instance)));
    }

    public override void Learn(long step)
    {
        var (x, theta) = (Target.State[0], Target.State[1]);
        for (var e = 0; e < Target.Plan.Elements; e++)
            if (x[e] > _largest[e])
                _largest[e] = x[e];
        for (var e = 0; e < Target.Plan.Elements; e++)
            if (Target.Spiked(e, step))
                Win(e / Batch, e % Batch, x[e] - theta[e], ref theta[e], step);
        if (rule.ResetEverySteps > 0 && (step + 1) % rule.ResetEverySteps == 0)
            for (var e = 0; e < Target.Plan.Elements; e++)
                if (_wins[e] < rule.ResetBelowWins)
                    theta[e] = rule.ResetFraction * _largest[e];
    }

    void Win(int j, int instance, float y, ref float theta, long step)
    {
        for (var i = 0; i < Sources; i++)
            if (Arrives(i, instance, step))
                Weight(i, j, instance) += rule.LearningRate * y;
        theta = MathF.FusedMultiplyAdd(rule.ThresholdGain, y, theta);
        _wins[j * Batch + instance]++;
        var partial = new float[32];
        for (var i = 0; i < Sources; i++)
            partial[i % 32] += Weight(i, j, instance);
        for (var h = 16; h > 0; h /= 2)
            for (var k = 0; k < h; k++)
                partial[k] += partial[k + h];
        var scale = rule.WeightSum / partial[0];
        for (var i = 0; i < Sources; i++)
            Weight(i, j, instance) *= scale;
    }

    protected override Array? Buffer(BufferSpec buffer, long now) => buffer.Kind switch
    {
        BufferKind.Weights => _weights,
        BufferKind.Wins => _wins,
        BufferKind.LargestInput => _largest,
        _ => null,
    };

    protected override void Restore(BufferSpec buffer, ReadOnlySpan<byte> content, long now)
    {
        if (Buffer(buffer, now) is float[] floats)
            MemoryMarshal.Cast<byte, float>(content).CopyTo(floats);
        else
            MemoryMarshal.Cast<byte, int>(content).CopyTo(_wins);
    }
}
