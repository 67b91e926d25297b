using System.Runtime.InteropServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Tests;

/// <summary>Rules by traces whose history is written a step ahead: the trace of a step is the one before the spikes of that step.</summary>
abstract class ReferenceTraceRule(ProjectionPlan plan, TracePlan rule, ReferencePopulation source, ReferencePopulation target, int batch) : ReferenceSynapses(plan, source, target, batch)
{
    List<Connection> _synapses = [];

    protected float[] Weights { get; private set; } = [];
    protected IReadOnlyList<Connection> Synapses => _synapses;

    public override void Reset()
    {
        _synapses = Connections();
        Weights = [.. _synapses.SelectMany(s => Enumerable.Repeat(Clamp(s.Weight), Batch))];
    }

    protected float Clamp(float w) => MathF.Max(rule.Min, MathF.Min(rule.Max, w));

    protected StepRing<float> NewHistory() => new(rule.TraceSlots, Source.Plan.Elements);

    public override void Arrive(long step)
    {
        for (var k = 0; k < Weights.Length; k++)
        {
            var (s, instance) = (_synapses[k / Batch], k % Batch);
            if (step < s.Delay || !Source.Spiked(s.Source * Batch + instance, step - s.Delay))
                continue;
            Arrive(k, s, s.Target * Batch + instance, s.Source * Batch + instance, step);
            Deliver(s.Target, instance, step, Fixed(Weights[k]));
        }
    }

    public override void Learn(long step)
    {
        for (var k = 0; k < Weights.Length; k++)
        {
            var (s, instance) = (_synapses[k / Batch], k % Batch);
            if (Target.Spiked(s.Target * Batch + instance, step))
                Fire(k, s.Target * Batch + instance, s.Source * Batch + instance, step - s.Delay);
        }
        Advance(step);
    }

    protected abstract void Arrive(int synapse, Connection connection, int target, int source, long step);
    protected abstract void Fire(int synapse, int target, int source, long seen);
    protected abstract void Advance(long step);

    protected static void AdvancePre(StepRing<float> history, float decay, bool adds, ReferencePopulation source, long step)
    {
        for (var i = 0; i < source.Plan.Elements; i++)
        {
            var x = history[step][i];
            if (source.Spiked(i, step))
                x = adds ? x + 1 : 1;
            history[step + 1][i] = x * decay;
        }
    }

    protected static void AdvancePost(float[] post, float decay, bool adds, ReferencePopulation target, long step)
    {
        for (var j = 0; j < post.Length; j++)
        {
            if (target.Spiked(j, step))
                post[j] = adds ? post[j] + 1 : 1;
            post[j] *= decay;
        }
    }

    protected abstract StepRing<float> History(int index);

    protected override void Restore(BufferSpec buffer, ReadOnlySpan<byte> content, long now)
    {
        var values = MemoryMarshal.Cast<byte, float>(content);
        if (buffer.Kind == BufferKind.TraceHistory)
            for (var r = 0; r < rule.TraceSlots; r++)
                values.Slice(r * Source.Plan.Elements, Source.Plan.Elements).CopyTo(History(buffer.Index)[now - r]);
        else
            values.CopyTo((float[])Buffer(buffer, now)!);
    }

    protected float[] Flat(StepRing<float> history, long now) => [.. Enumerable.Range(0, history.Slots).SelectMany(r => history[now - r])];
}

/// <summary>Nearest neighbours into an eligibility, which becomes weight now and then.</summary>
sealed class ReferenceEligibility : ReferenceTraceRule
{
    readonly EligibilityStdpPlan _rule;
    readonly StepRing<float> _history;
    readonly float[] _post, _reward;
    float[] _eligibility = [];

    public ReferenceEligibility(ProjectionPlan plan, EligibilityStdpPlan rule, ReferencePopulation source, ReferencePopulation target, int batch) : base(plan, rule, source, target, batch)
    {
        _rule = rule;
        _history = NewHistory();
        _post = new float[target.Plan.Elements];
        _reward = new float[batch];
    }

    public override void Reset()
    {
        base.Reset();
        _eligibility = new float[Weights.Length];
        _history.Clear(0);
        Array.Clear(_post);
        Array.Clear(_reward);
    }

    protected override void Arrive(int synapse, Connection connection, int target, int source, long step) =>
        _eligibility[synapse] = MathF.FusedMultiplyAdd(-_rule.AMinus, _post[target], _eligibility[synapse]);

    protected override void Fire(int synapse, int target, int source, long seen) =>
        _eligibility[synapse] = MathF.FusedMultiplyAdd(_rule.APlus, _history[seen][source], _eligibility[synapse]);

    protected override void Advance(long step)
    {
        AdvancePre(_history, _rule.DecayPlus, adds: false, Source, step);
        AdvancePost(_post, _rule.DecayMinus, adds: false, Target, step);
        for (var b = 0; b < Batch; b++)
            _reward[b] *= _rule.DecayReward;
        if ((step + 1) % _rule.ConsolidationSteps != 0)
            return;
        for (var k = 0; k < Weights.Length; k++)
        {
            Weights[k] = Clamp(MathF.FusedMultiplyAdd(_rule.Baseline + _reward[k % Batch], _eligibility[k], Weights[k] + _rule.Drift));
            _eligibility[k] *= _rule.Retention;
        }
    }

    protected override StepRing<float> History(int index) => _history;

    protected override Array? Buffer(BufferSpec buffer, long now) => buffer.Kind switch
    {
        BufferKind.Weights => Weights,
        BufferKind.Eligibility => _eligibility,
        BufferKind.PostTrace => _post,
        BufferKind.TraceHistory => Flat(_history, now),
        BufferKind.Reward => _reward,
        _ => null,
    };
}

/// <summary>Triplets, all to all.</summary>
sealed class ReferenceTriplet : ReferenceTraceRule
{
    readonly TripletStdpPlan _rule;
    readonly StepRing<float>[] _history;
    readonly float[][] _post;

    public ReferenceTriplet(ProjectionPlan plan, TripletStdpPlan rule, ReferencePopulation source, ReferencePopulation target, int batch) : base(plan, rule, source, target, batch)
    {
        _rule = rule;
        _history = [NewHistory(), NewHistory()];
        _post = [new float[target.Plan.Elements], new float[target.Plan.Elements]];
    }

    public override void Reset()
    {
        base.Reset();
        for (var k = 0; k < 2; k++)
        {
            _history[k].Clear(0);
            Array.Clear(_post[k]);
        }
    }

    protected override void Arrive(int synapse, Connection connection, int target, int source, long step)
    {
        var a = MathF.FusedMultiplyAdd(_rule.TripletMinus, _history[1][step - connection.Delay][source], _rule.AMinus);
        Weights[synapse] = Clamp(MathF.FusedMultiplyAdd(-a, _post[0][target], Weights[synapse]));
    }

    protected override void Fire(int synapse, int target, int source, long seen)
    {
        var a = MathF.FusedMultiplyAdd(_rule.TripletPlus, _post[1][target], _rule.APlus);
        Weights[synapse] = Clamp(MathF.FusedMultiplyAdd(a, _history[0][seen][source], Weights[synapse]));
    }

    protected override void Advance(long step)
    {
        AdvancePre(_history[0], _rule.DecayPlus, adds: true, Source, step);
        AdvancePre(_history[1], _rule.DecayX, adds: true, Source, step);
        AdvancePost(_post[0], _rule.DecayMinus, adds: true, Target, step);
        AdvancePost(_post[1], _rule.DecayY, adds: true, Target, step);
    }

    protected override StepRing<float> History(int index) => _history[index];

    protected override Array? Buffer(BufferSpec buffer, long now) => buffer.Kind switch
    {
        BufferKind.Weights => Weights,
        BufferKind.PostTrace => _post[buffer.Index],
        BufferKind.TraceHistory => Flat(_history[buffer.Index], now),
        _ => null,
    };
}
