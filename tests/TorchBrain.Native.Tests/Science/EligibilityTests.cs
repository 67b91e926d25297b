using NUnit.Framework;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Tests;

/// <summary>Eligibility, consolidation and reward against closed forms (check 13).</summary>
public class EligibilityTests
{
    static readonly EligibilityStdp Rule = new()
    {
        PotentiationAmplitude = 0.01,
        DepressionAmplitude = 0.012,
        TauPlusMs = 17,
        TauMinusMs = 34,
        ConsolidationIntervalMs = 1000,
        Retention = 0.9,
        Drift = 0,
        Baseline = 1,
        MaxWeight = 1,
    };

    static float Eligibility(Simulation simulation)
    {
        var e = new float[1];
        simulation.ReadBuffer<float>(simulation.Plan.Buffer(BufferKind.Eligibility, 0)!, e);
        return e[0];
    }

    [Test]
    public void Pair_AnyLagAndDelay_ClosedForm([Values(-60, -20, -5, -1, 0, 1, 2, 10, 40)] int lag, [Values(1, 4, 20)] int delay)
    {
        using var simulation = TaughtSynapse.Of(Rule, [100 - delay], [100 + lag], delay, weight: 0.5);
        simulation.Run(200);
        var expected = lag == 0 ? 0 : lag > 0 ? 0.01 * Math.Exp(-lag / 17.0) : -0.012 * Math.Exp(lag / 34.0);
        Assert.That(Eligibility(simulation), Is.EqualTo(expected).Within(5e-6 * Math.Abs(expected)), "float32: the decay of the trace is multiplied up step by step");
        Assert.That(TaughtSynapse.Weight(simulation), Is.EqualTo(0.5f), "weights wait for the interval to end");
    }

    [Test]
    public void Traces_OfSeveralSpikes_AreThoseOfTheLast()
    {
        using var potentiated = TaughtSynapse.Of(Rule, [80, 90, 99], [105]);
        potentiated.Run(120);
        Assert.That(Eligibility(potentiated), Is.EqualTo(0.01 * Math.Exp(-5 / 17.0)).Within(1e-8));
        using var depressed = TaughtSynapse.Of(Rule, [109], [80, 90, 100]);
        depressed.Run(120);
        Assert.That(Eligibility(depressed), Is.EqualTo(-0.012 * Math.Exp(-10 / 34.0)).Within(1e-8));
    }

    [Test]
    public void Consolidation_EveryInterval_AddsDriftAndEligibility()
    {
        using var simulation = TaughtSynapse.Of(Rule with { Drift = 0.02, ConsolidationIntervalMs = 50 }, [9], [15], weight: 0.3);
        simulation.Run(49);
        var e = Eligibility(simulation);
        Assert.That((TaughtSynapse.Weight(simulation), e), Is.EqualTo((0.3f, 0.01f * (float)Math.Exp(-5 / 17.0))).Within(1e-8f));
        simulation.Run(1);
        Assert.That((TaughtSynapse.Weight(simulation), Eligibility(simulation)), Is.EqualTo((0.3f + 0.02f + e, 0.9f * e)).Within(1e-7f));
        simulation.Run(50);
        Assert.That((TaughtSynapse.Weight(simulation), Eligibility(simulation)), Is.EqualTo((0.3f + 0.04f + 1.9f * e, 0.81f * e)).Within(1e-7f));
    }

    [TestCase(0.1, 1f)]
    [TestCase(-0.1, 0f)]
    public void Weights_DriftingPastBounds_StayExactlyThere(double drift, float bound)
    {
        using var simulation = TaughtSynapse.Of(Rule with { Drift = drift, ConsolidationIntervalMs = 10 }, [], [], weight: 0.35);
        simulation.Run(200);
        Assert.That(TaughtSynapse.Weight(simulation), Is.EqualTo(bound));
    }

    // tau_c = 1 s as 0.99 every 10 ms; without a baseline the weight moves with the reward alone.
    [TestCase(1000), TestCase(2000), TestCase(3000)]
    public void Reward_AfterALag_ClosedForm(int lag)
    {
        const double TauRewardMs = 200, IntervalMs = 10, Reward = 0.5;
        var rule = Rule with { Baseline = 0, ConsolidationIntervalMs = IntervalMs, Retention = Math.Exp(-IntervalMs / 1000), TauRewardMs = TauRewardMs };
        using var simulation = TaughtSynapse.Of(rule, [99], [105], weight: 0.5);
        simulation.Run(200 + lag);
        simulation.AddReward(simulation.Projection("pre", "post"), (float)Reward);
        var e = Eligibility(simulation);
        Assert.That(e, Is.EqualTo(0.01 * Math.Exp(-5 / 17.0) * Math.Exp(-(100 + lag) / 1000.0)).Within(0.01).Percent, "what is left at the end of the lag, an interval after the pair's own");
        simulation.Run(8000);
        // The reward that each interval sees has decayed through its 10 steps; both decay from interval to interval.
        var left = Math.Exp(-IntervalMs / TauRewardMs);
        var expected = e * Reward * left / (1 - left * Math.Exp(-IntervalMs / 1000));
        Assert.That(TaughtSynapse.Weight(simulation) - 0.5, Is.EqualTo(expected).Within(3e-6), "a weight of 0.5 in float32 takes 100 steps that are known to 3e-8 each");
        Assert.That(expected, Is.EqualTo(e * Reward / (1 / 1000.0 + 1 / TauRewardMs) / IntervalMs).Within(3).Percent, "the continuous formula, in units of the interval");
        var reward = new float[1];
        simulation.ReadReward(simulation.Projection("pre", "post"), reward);
        Assert.That(reward[0], Is.EqualTo(Reward * Math.Exp(-8000 / TauRewardMs)).Within(0.1).Percent);
    }

    // Distal reward (Izhikevich 2007): one synapse of 200 is rewarded, one second after its pre cell fired and then its post cell, within 20 ms.
    [Test]
    public void Reward_AfterOneSynapse_ThatSynapseGrows()
    {
        var pre = new Population("pre", 20) { Neuron = new PoissonSource { RateHz = 2 } };
        var post = new Population("post", 10) { Neuron = new Izhikevich() };
        var network = new Network
        {
            Seed = 3,
            Populations = [pre, post],
            Projections =
            [
                new Projection(pre, post)
                {
                    Connectivity = new AllToAll(), Weight = 1,
                    Learning = new EligibilityStdp { PotentiationAmplitude = 0.1, DepressionAmplitude = 0.15, ConsolidationIntervalMs = 10, Retention = 0.99, Drift = 0, Baseline = 0.002, TauRewardMs = 200, MaxWeight = 4 },
                },
            ],
            Inputs = [new GaussianNoise(post) { Deviation = 5 }],
        };
        using var simulation = Simulation.Create(network, ParityRun.Cpu(1));
        var projection = simulation.Projection("pre", "post");
        var (before, after) = (simulation.Population("pre"), simulation.Population("post"));
        var (spikes, weights) = (new int[20], new float[200]);
        var due = new Queue<long>();
        var fired = long.MinValue / 2;
        for (var step = 0L; step < 600_000; step++)
        {
            if (due.Count > 0 && due.Peek() == step)
            {
                simulation.AddReward(projection, 0.5f);
                due.Dequeue();
            }
            simulation.Step();
            if (spikes.AsSpan(0, simulation.ReadSpikes(after, spikes)).Contains(0) && step - fired < 20)
            {
                due.Enqueue(step + 1000);
                fired = long.MinValue / 2;
            }
            if (spikes.AsSpan(0, simulation.ReadSpikes(before, spikes)).Contains(0))
                fired = step;
        }
        simulation.ReadWeights(projection, weights);
        var strong = weights.Skip(1).Count(w => w > 3);
        TestContext.Out.WriteLine($"rewarded {weights[0]:F3}; others {weights.Skip(1).Average():F3}, {strong} of them above 3");
        Assert.That(weights[0], Is.GreaterThan(3.9), "0 to 4 within the hour");
        Assert.That(weights.Skip(1).Average(), Is.LessThan(1), "what is not rewarded fades: depression prevails");
        Assert.That(strong, Is.AtMost(15), "of 199, by chance");
    }
}
