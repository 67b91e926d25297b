using NUnit.Framework;

namespace TorchBrain.Native.Tests;

/// <summary>Triplet plasticity against the numbers of the fitted sets (check 13; section 5 of the scientific reference).</summary>
public class TripletTests
{
    static TripletStdp Free(TripletStdp rule) => rule with { MinWeight = -2, MaxWeight = 2 };

    static double After60Pairs(TripletStdp rule, double hz, int lag, int delay)
    {
        var period = (long)Math.Round(1000 / hz);
        long[] arrivals = [.. Enumerable.Range(1, 60).Select(k => k * period)];
        using var simulation = TaughtSynapse.Of(Free(rule), arrivals.Select(a => a - delay), arrivals.Select(a => a + lag), delay);
        simulation.Run(61 * period + 20);
        return TaughtSynapse.Weight(simulation);
    }

    [TestCase(0.1, 10, 0.000000), TestCase(0.1, -10, -0.312161)]
    [TestCase(10, 10, 0.132053), TestCase(10, -10, -0.333623)]
    [TestCase(20, 10, 0.246962), TestCase(20, -10, -0.351622)]
    [TestCase(40, 10, 0.533723), TestCase(40, -10, 0.154795)]
    [TestCase(50, 10, 0.740906), TestCase(50, -10, 0.727247)]
    public void Pairs_VisualCortex_AsComputed(double hz, int lag, double expected) =>
        Assert.That(After60Pairs(TripletStdp.VisualCortex, hz, lag, hz > 30 ? 7 : 1), Is.EqualTo(expected).Within(4e-6), "float32: a slow trace that decays over a hundred steps is known to some 4e-6 of itself");

    [TestCase(0.1, 10, 0), TestCase(0.1, -10, -0.316620)]
    [TestCase(10, 10, 0.118641), TestCase(10, -10, -0.332213)]
    [TestCase(20, 10, 0.227795), TestCase(20, -10, -0.341735)]
    [TestCase(40, 10, 0.532112), TestCase(40, -10, 0.173715)]
    [TestCase(50, 10, 0.762731), TestCase(50, -10, 0.749177)]
    public void Pairs_VisualCortexMinimal_AsComputed(double hz, int lag, double expected) =>
        Assert.That(After60Pairs(TripletStdp.VisualCortexMinimal, hz, lag, 1), Is.EqualTo(expected).Within(4e-6));

    [Test]
    public void Triplets_Single_AsComputed([Values(1, 9, 20)] int delay)
    {
        using var postPrePost = TaughtSynapse.Of(Free(TripletStdp.VisualCortex), [105 - delay], [100, 115], delay);
        postPrePost.Run(150);
        Assert.That(TaughtSynapse.Weight(postPrePost), Is.EqualTo(-0.0030025276).Within(2e-9));
        using var prePostPre = TaughtSynapse.Of(Free(TripletStdp.VisualCortex), [100 - delay, 120 - delay], [110], delay);
        prePostPre.Run(150);
        Assert.That(TaughtSynapse.Weight(prePostPre), Is.EqualTo(-0.0053429172).Within(3e-9));
    }

    [Test]
    public void Spikes_ThatMeetInAStep_DoNotSeeEachOther()
    {
        using var simulation = TaughtSynapse.Of(Free(TripletStdp.VisualCortex), [96], [100], 4);
        simulation.Run(120);
        Assert.That(TaughtSynapse.Weight(simulation), Is.Zero);
    }

    [Test]
    public void Weights_PushedPastBounds_StayExactlyThere()
    {
        long[] arrivals = [.. Enumerable.Range(1, 100).Select(k => k * 10L)];
        foreach (var (lag, bound) in new[] { (2, 0.75f), (8, 0.25f) })
        {
            var rule = new TripletStdp { PairPotentiation = lag == 2 ? 0.2 : 0, TripletPotentiation = 0, PairDepression = lag == 2 ? 0 : 0.2, MinWeight = 0.25, MaxWeight = 0.75 };
            using var simulation = TaughtSynapse.Of(rule, arrivals.Select(a => a - 1), arrivals.Select(a => a + lag), weight: 0.5);
            simulation.Run(1100);
            Assert.That(TaughtSynapse.Weight(simulation), Is.EqualTo(bound));
        }
    }
}
