using NUnit.Framework;
using TorchBrain.Native.Cpu;

namespace TorchBrain.Native.Networks.Tests;

/// <summary>The catalogue, its bands, and the measures they are made of.</summary>
public class PublishedNetworkTests
{
    static NetworkActivity Run(PublishedNetwork network, ulong seed)
    {
        using var backend = new CpuBackend();
        using var simulation = Simulation.Create(network.Make(1, seed, 500), backend);
        return NetworkActivity.Measure(simulation, network.SettleMs, network.MeasureMs);
    }

    // The quick ones, with another seed than the command's; the others: torchbrain run.
    [TestCase("cuba", 7UL), TestCase("izhikevich", 7UL)]
    public void Network_AtFullScale_LiesInItsBands(string name, ulong seed)
    {
        var network = PublishedNetwork.Named(name);
        var activity = Run(network, seed);
        foreach (var band in network.Bands)
            Assert.That(band.Of(activity), Is.InRange(band.Low, band.High), band.Quantity);
    }

    [Test]
    public void Band_OfAnotherNetwork_DoesNotHold()
    {
        var cuba = PublishedNetwork.Named("cuba");
        var other = Run(cuba with { Make = (_, seed, window) => new Cuba { Seed = seed, FixedInDegree = false, Scale = 0.25 }.Network(window), MeasureMs = 500 }, 1);
        Assert.That(cuba.Bands.All(b => b.Holds(other)), Is.False);
    }

    [Test]
    public void Names_AreUnique_AndUnknownOnesAreRefused()
    {
        Assert.That(PublishedNetwork.All.Select(n => n.Name), Is.Unique);
        Assert.That(() => PublishedNetwork.Named("hopfield"), Throws.TypeOf<TorchBrainException>().With.Message.Contains("hopfield").And.Message.Contains("brunel-a"));
    }

    [TestCaseSource(nameof(All))]
    public void Network_Small_IsPlannedAndRuns(PublishedNetwork network)
    {
        using var backend = new CpuBackend();
        using var simulation = Simulation.Create(network.Make(0.01, 3, 20), backend);
        var activity = NetworkActivity.Measure(simulation, 0, 20 * simulation.Plan.TimeStepMs);
        Assert.That(activity.Populations, Has.Count.EqualTo(simulation.Plan.Populations.Count));
    }

    static IEnumerable<TestCaseData> All => PublishedNetwork.All.Select(n => new TestCaseData(n).SetArgDisplayNames(n.Name));

    [Test]
    public void Brunel_Constants_AreThoseOfThePaper()
    {
        Assert.That(Brunel.ThresholdRateHz, Is.EqualTo(10).Within(1e-12));
        var network = new Brunel { State = BrunelState.SlowOscillation }.Network();
        Assert.That(network.Inputs.OfType<PoissonInput>().Select(i => (i.RateHz, i.Weight)), Is.All.EqualTo((9000.0, 0.1)));
        Assert.That(network.Projections.Select(p => ((FixedInDegree)p.Connectivity).InDegree), Is.EqualTo(new[] { 1000, 1000, 250, 250 }));
    }

    [Test]
    public void Hpc_Constants_AreThoseOfTheSource()
    {
        Assert.That(HpcBenchmark.DriveHz, Is.EqualTo(9000 * 2.317).Within(0.05).Percent);
        var network = new HpcBenchmark { Scale = 10 }.Network();
        Assert.That(network.Populations.Select(p => p.Count), Is.EqualTo(new[] { 90_000, 22_500 }));
        Assert.That(network.Projections.Select(p => ((FixedInDegree)p.Connectivity).InDegree), Is.EqualTo(new[] { 9000, 9000, 2250, 2250 }), "in-degrees do not grow with the scale");
        Assert.That(network.Projections.Select(p => p.Learning is PairStdp { WeightDependence: WeightDependence.PowerLaw }), Is.EqualTo(new[] { true, false, false, false }));
        // One spike: 0.14 mV, 1.700759 ms after it arrives.
        var (tauM, tauS) = (10.0, HpcBenchmark.SynapticTauMs);
        var rate = 1 / tauS - 1 / tauM;
        double Potential(double t) => HpcBenchmark.WeightPa / 250 * Math.E / tauS * (Math.Exp(-t / tauM) / (rate * rate) - Math.Exp(-t / tauS) * (t / rate + 1 / (rate * rate)));
        Assert.That(Potential(1.700759), Is.EqualTo(0.14).Within(1e-5));
        Assert.That(Potential(1.700759), Is.GreaterThan(Math.Max(Potential(1.69), Potential(1.71))));
        var rule = (PairStdp)network.Projections[0].Learning!;
        var settles = Math.Pow(rule.TauPlusMs * rule.PotentiationAmplitude / (rule.DepressionAmplitude * rule.TauMinusMs), 1 / (1 - rule.Exponent));
        Assert.That(settles, Is.EqualTo(44.5).Within(0.1), "near the initial weight");
    }

    [Test]
    public void Hpc_BandsAndWords_FollowTheScale()
    {
        var hpc = PublishedNetwork.Named("hpc_benchmark");
        Assert.That((hpc.HasBandsFor(1, 250), hpc.HasBandsFor(10, 250), hpc.HasBandsFor(12.5, 250), hpc.HasBandsFor(10, 100)), Is.EqualTo((false, true, true, false)));
        Assert.That(hpc.Elsewhere, Does.Contain("synchronises"));
        var cuba = PublishedNetwork.Named("cuba");
        Assert.That((cuba.HasBandsFor(1, 2500), cuba.HasBandsFor(0.5, 2500), cuba.HasBandsFor(2, 2500)), Is.EqualTo((true, false, false)));
    }

    // Neuron 0: every 10 steps; neuron 1: gaps of 5 and 15 in turn; neuron 2: once; neuron 3: never.
    [Test]
    public void Activity_OfAKnownRaster_IsExact()
    {
        var raster = new SpikeRaster(4, 1.0);
        for (var step = 0; step < 400; step++)
        {
            List<int> now = [];
            if (step % 10 == 0)
                now.Add(0);
            if (step % 20 is 0 or 5)
                now.Add(1);
            if (step == 7)
                now.Add(2);
            raster.Accept(step, now.ToArray());
        }
        var activity = PopulationActivity.Of("p", raster);
        Assert.That(activity.RateHz, Is.EqualTo(81 / 0.4 / 4).Within(1e-9));
        Assert.That(activity.SilentFraction, Is.EqualTo(0.25));
        // 39 gaps: 20 of 5 and 19 of 15; the regular neuron has none.
        var mean = (20 * 5 + 19 * 15) / 39.0;
        var deviation = Math.Sqrt((20 * 25 + 19 * 225) / 39.0 - mean * mean);
        Assert.That(activity.IsiCv, Is.EqualTo(deviation / mean / 2).Within(1e-9));
        // A stretch of 100 steps holds 5 gaps of 5 and 4 of 15; one longer than the raster is all of it.
        mean = (5 * 5 + 4 * 15) / 9.0;
        deviation = Math.Sqrt((5 * 25 + 4 * 225) / 9.0 - mean * mean);
        Assert.That(PopulationActivity.IsiCvOfStretches(raster, 100), Is.EqualTo(deviation / mean / 2).Within(1e-9));
        Assert.That(PopulationActivity.IsiCvOfStretches(raster, 1000), Is.EqualTo(activity.IsiCv).Within(1e-12));
        var measured = new NetworkActivity([activity], [raster], 400);
        Assert.That(measured.IsiCv("p", 100), Is.EqualTo(deviation / mean / 2).Within(1e-9));
    }

    [Test]
    public void Peak_OfARhythm_IsItsFrequency()
    {
        var raster = new SpikeRaster(200, 1.0);
        var random = new RandomSequence(1, 2);
        for (var step = 0; step < 4000; step++)
        {
            var rate = 0.02 * (1 + Math.Sin(2 * Math.PI * 40 * step / 1000.0));
            raster.Accept(step, [.. Enumerable.Range(0, 200).Where(_ => random.NextUniform() < rate)]);
        }
        Assert.That(PopulationActivity.Of("p", raster).PeakHz, Is.EqualTo(40));
    }
}
