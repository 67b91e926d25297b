using NUnit.Framework;

namespace TorchBrain.Native.Tests;

/// <summary>Learning rules against closed forms (check 13, and the Hebbian numbers of section 1.2 of the scientific reference).</summary>
public class PlasticityTests
{
    const double APlus = 0.01, AMinus = 0.012, TauPlus = 17, TauMinus = 34;

    static readonly PairStdp Rule = new() { PotentiationAmplitude = APlus, DepressionAmplitude = AMinus, TauPlusMs = TauPlus, TauMinusMs = TauMinus, MinWeight = -1, MaxWeight = 1 };

    static Simulation Pair(PairStdp rule, IEnumerable<long> pre, IEnumerable<long> post, double delayMs = 1, double weight = 0, double dt = 1) => TaughtSynapse.Of(rule, pre, post, delayMs, weight, dt);

    static float Weight(Simulation simulation) => TaughtSynapse.Weight(simulation);

    [Test]
    public void Pair_AnyLagAndDelay_ClosedForm([Values(-60, -20, -5, -1, 0, 1, 2, 10, 40)] int lag, [Values(1, 4, 20)] int delay)
    {
        const long Arrival = 100;
        using var simulation = Pair(Rule, [Arrival - delay], [Arrival + lag], delay);
        simulation.Run(200);
        var counts = new int[1];
        simulation.AddSpikeCounts(simulation.Population("post"), counts);
        Assert.That(counts[0], Is.EqualTo(1));
        var expected = lag == 0 ? 0 : lag > 0 ? APlus * Math.Exp(-lag / TauPlus) : -AMinus * Math.Exp(lag / TauMinus);
        Assert.That(Weight(simulation), Is.EqualTo(expected).Within(5e-6 * Math.Abs(expected)), "float32: the decay of the trace is multiplied up step by step");
    }

    [Test]
    public void Pair_ArrivalsFirst_SpikesThatMeetPotentiate([Values(-5, -1, 0, 1, 10)] int lag, [Values(1, 4, 20)] int delay)
    {
        using var simulation = Pair(Rule with { Order = StdpOrder.Brian2 }, [100 - delay], [100 + lag], delay);
        simulation.Run(200);
        var expected = lag >= 0 ? APlus * Math.Exp(-lag / TauPlus) : -AMinus * Math.Exp(lag / TauMinus);
        Assert.That(Weight(simulation), Is.EqualTo(expected).Within(5e-6 * Math.Abs(expected)));
    }

    [Test]
    public void Pair_ArrivalsFirst_DeliversTheWeightBeforeItsDepression()
    {
        // A spike of the cell makes y = 1; the arrival a step later takes nearly the whole weight.
        float Potential(StdpOrder order, params long[] pre)
        {
            using var simulation = Pair(Rule with { Order = order, DepressionAmplitude = 0.5 }, pre, [100], weight: 0.5);
            simulation.Run(102);
            var v = new float[1];
            simulation.ReadState(simulation.Population("post"), "v", v);
            return v[0];
        }
        var none = Potential(StdpOrder.Nest);
        Assert.That(Potential(StdpOrder.Nest, 100) - none, Is.EqualTo(0.5 - 0.5 * Math.Exp(-1 / TauMinus)).Within(1e-4));
        Assert.That(Potential(StdpOrder.Brian2, 100) - none, Is.EqualTo(0.5).Within(1e-4));
    }

    [TestCase(0.1)]
    [TestCase(0.5)]
    public void Pair_FineSteps_TimeConstantsInMs(double dt)
    {
        using var simulation = Pair(Rule, [100], [100 + (long)Math.Round(11 / dt)], dt, dt: dt);
        simulation.Run(400);
        var lag = 11 - dt;
        Assert.That(Weight(simulation), Is.EqualTo(APlus * Math.Exp(-lag / TauPlus)).Within(2e-5).Percent.Or.EqualTo(APlus * Math.Exp(-lag / TauPlus)).Within(1e-7));
    }

    [TestCase(100, 10)]
    [TestCase(50, 40)]
    [TestCase(20, 7)]
    public void Pairs_Periodic_SteadyStateFormula(int period, int lag)
    {
        var arrivals = Enumerable.Range(1, 60).Select(k => (long)k * period).ToArray();
        using var simulation = Pair(Rule with { PotentiationAmplitude = 1e-3, DepressionAmplitude = 1.2e-3 }, arrivals.Select(a => a - 3), arrivals.Select(a => a + lag), 3);
        simulation.Run(50 * period - 1);
        var before = Weight(simulation);
        simulation.Run(period);
        var expected = 1e-3 * Math.Exp(-lag / TauPlus) / (1 - Math.Exp(-period / TauPlus)) - 1.2e-3 * Math.Exp(-(period - lag) / TauMinus) / (1 - Math.Exp(-period / TauMinus));
        Assert.That(Weight(simulation) - before, Is.EqualTo(expected).Within(2e-8), "two float32 weights below 0.06 differ by a change known to some 4e-9");
    }

    [Test]
    public void Weights_PushedPastBounds_StayExactlyThere()
    {
        var arrivals = Enumerable.Range(1, 100).Select(k => (long)k * 10).ToArray();
        foreach (var (lag, bound) in new[] { (2, 0.75f), (8, -0.25f) })
        {
            using var simulation = Pair(Rule with { PotentiationAmplitude = lag == 2 ? 0.2 : 0.0, DepressionAmplitude = lag == 2 ? 0 : 0.2, MinWeight = -0.25, MaxWeight = 0.75 }, arrivals.Select(a => a - 1), arrivals.Select(a => a + lag));
            simulation.Run(1100);
            Assert.That(Weight(simulation), Is.EqualTo(bound));
        }
    }

    [Test]
    public void Weights_Multiplicative_ShareOfTheDistance()
    {
        var rule = Rule with { WeightDependence = WeightDependence.Multiplicative, MinWeight = 0, MaxWeight = 2 };
        using var up = Pair(rule, [99], [105], weight: 0.5);
        up.Run(120);
        Assert.That(Weight(up), Is.EqualTo(0.5 + APlus * 1.5 * Math.Exp(-5 / TauPlus)).Within(1e-7));
        using var down = Pair(rule, [99], [95], weight: 0.5);
        down.Run(120);
        Assert.That(Weight(down), Is.EqualTo(0.5 - AMinus * 0.5 * Math.Exp(-5 / TauMinus)).Within(1e-7));
    }

    [Test]
    public void Weight_DeliveredOnArrival_IsTheOneAfterItsOwnDepression()
    {
        // Post at 95; the arrival at 100 depresses a weight of 10 mV by half of it; the potential shows what was delivered.
        using var simulation = Pair(new PairStdp { DepressionAmplitude = 5, PotentiationAmplitude = 0, TauMinusMs = 1e6, MinWeight = 0, MaxWeight = 10 }, [99], [95], weight: 10);
        simulation.Run(101);
        var v = new float[1];
        simulation.ReadState(simulation.Population("post"), "v", v);
        Assert.That(Weight(simulation), Is.EqualTo(5).Within(1e-4));
        Assert.That(v[0], Is.EqualTo(-60).Within(1e-3));
    }

    static Simulation Hebb(int sources, int[] active, int repeats, double theta, int batch = 1)
    {
        var retina = new Population("retina", sources) { Neuron = new SpikeArray { Spikes = [.. from s in Enumerable.Range(0, repeats) from i in active select new SourceSpike(s, i)] } };
        var unit = new Population("unit", 1) { Neuron = new ThresholdLinear { Threshold = theta } };
        return Simulation.Create(new Network
        {
            Populations = [retina, unit],
            Projections = [new Projection(retina, unit) { Connectivity = new AllToAll(), Weight = 1, Learning = new WinnerTakeAllHebbian() }],
            Batch = batch,
        }, ParityRun.Cpu(1));
    }

    static (float[] Weights, float Theta) Learned(Simulation simulation)
    {
        var weights = new float[simulation.Plan.Projections[0].SynapseCount];
        var theta = new float[1];
        simulation.ReadWeights(simulation.Projection("retina", "unit"), weights);
        simulation.ReadState(simulation.Population("unit"), "theta", theta);
        return (weights, theta[0]);
    }

    [Test]
    public void Hebb_FourInputs_PublishedNumbers()
    {
        using var simulation = Hebb(4, [0, 1], 1, 2);
        simulation.Run(2);
        var (weights, theta) = Learned(simulation);
        Assert.That(weights, Is.EqualTo(new[] { 2.64150943f, 2.64150943f, 2.35849057f, 2.35849057f }).Within(5e-7));
        Assert.That(theta, Is.EqualTo(2.015).Within(5e-7));
    }

    [TestCase(1, 4.181699, 2.459823, 70.0875)]
    [TestCase(2, 11.024119, 2.296352, 70.468860)]
    [TestCase(5, 95.647942, 0.274623, 89.327416)]
    public void Hebb_ThirtyFiveOf1500_PublishedNumbers(int wins, double on, double off, double theta)
    {
        int[] active = [.. Enumerable.Range(0, 35).Select(i => i * 41)];
        using var simulation = Hebb(1500, active, 20, 70);
        simulation.Run(1 + wins);
        var (weights, found) = Learned(simulation);
        Assert.Multiple(() =>
        {
            Assert.That(active.Select(i => weights[i]), Is.All.EqualTo(on).Within(1e-5 * on));
            Assert.That(weights.Where((_, i) => !active.Contains(i)), Is.All.EqualTo(off).Within(1e-5 * off));
            Assert.That(found, Is.EqualTo(theta).Within(1e-6 * theta));
            Assert.That(weights.Average(w => (double)w), Is.EqualTo(2.5).Within(1e-6));
        });
    }

    [Test]
    public void Hebb_SixthWin_SilentInputsFallBelowTenth()
    {
        using var simulation = Hebb(1500, [.. Enumerable.Range(0, 35)], 20, 70);
        simulation.Run(6);
        Assert.That(Learned(simulation).Weights[1000], Is.GreaterThan(0.1f));
        simulation.Run(1);
        Assert.That(Learned(simulation).Weights[1000], Is.LessThan(0.1f));
    }

    [Test]
    public void Hebb_LongRun_MeanWeightInvariantAndThetaReset()
    {
        var source = new Population("retina", 200) { Neuron = new PoissonSource { RateHz = Parameter.Uniform(0, 120) } };
        var units = new Population("unit", 50) { Neuron = new ThresholdLinear { Threshold = Parameter.Normal(28, 2) } };
        var network = new Network { Populations = [source, units], Projections = [new Projection(source, units) { Connectivity = new AllToAll(), Weight = Parameter.Normal(2.5, 0.14), Learning = new WinnerTakeAllHebbian() }] };
        using var simulation = Simulation.Create(network, ParityRun.Cpu(2));
        var weights = new float[200 * 50];
        var projection = simulation.Projection("retina", "unit");
        for (var round = 0; round < 5; round++)
        {
            simulation.ReadWeights(projection, weights);
            for (var unit = 0; unit < 50; unit++)
                Assert.That(Enumerable.Range(0, 200).Average(i => (double)weights[i * 50 + unit]), Is.EqualTo(2.5).Within(2e-6), $"unit {unit} at step {simulation.StepNumber}");
            Assert.That(weights.Min(), Is.GreaterThanOrEqualTo(0));
            simulation.Run(500);
            if (simulation.StepNumber % 1000 != 0)
                continue;
            var (theta, wins, largest) = (new float[50], new int[50], new float[50]);
            simulation.ReadState(simulation.Population("unit"), "theta", theta);
            simulation.ReadBuffer<int>(simulation.Plan.Buffer(Planning.BufferKind.Wins, 0)!, wins);
            simulation.ReadBuffer<float>(simulation.Plan.Buffer(Planning.BufferKind.LargestInput, 0)!, largest);
            Assert.That(wins.Sum(), Is.GreaterThan(100));
            Assert.That(wins.Count(w => w < 200), Is.GreaterThan(0));
            for (var unit = 0; unit < 50; unit++)
                if (wins[unit] < 200)
                    Assert.That(theta[unit], Is.EqualTo(0.2f * largest[unit]));
        }
    }
}
