using NUnit.Framework;

namespace TorchBrain.Native.Tests;

/// <summary>The power law of Morrison, Aertsen and Diesmann (2007): its arithmetic, and where uncorrelated spikes leave the weights.</summary>
public class PowerLawTests
{
    [Test]
    public void Pow_FromTinyToLarge_RelativeErrorAsStated([Values(0.01f, 0.3f, 0.4f, 0.5f, 0.9f, 1f)] float exponent)
    {
        var worst = 0.0;
        for (var x = 1e-9f; x < 1e9f; x *= 1.0003f)
            worst = Math.Max(worst, Math.Abs(StepPower.Pow(x, exponent) / Math.Pow(x, exponent) - 1));
        Assert.That(worst, Is.LessThan(2e-6));
    }

    [Test]
    public void Pow_AtTheEdges_Exact()
    {
        Assert.That(StepPower.Pow(0, 0.4f), Is.Zero);
        Assert.That(StepPower.Pow(1e-40f, 0.4f), Is.Zero);
        Assert.That(StepPower.Pow(1, 0.4f), Is.EqualTo(1f));
        Assert.That(StepPower.Pow(4, 0.5f), Is.EqualTo(2f));
    }

    [Test]
    public void Weights_UncorrelatedSpikes_SettleAtTheFixedPoint()
    {
        const double Lambda = 0.1, Alpha = 0.0513, Mu = 0.4, TauPlus = 15, TauMinus = 30;
        var expected = Math.Pow(TauPlus / (Alpha * TauMinus), 1 / (1 - Mu));
        Assert.That(expected, Is.EqualTo(44.5).Within(0.1), "pA, as NEST's hpc_benchmark has it");
        // In steps of 1 ms the trace that a random spike meets is the sum of exp(-k dt / tau), k from 1.
        double Area(double tau) => 1 / (Math.Exp(1 / tau) - 1);
        expected = Math.Pow(Area(TauPlus) / (Alpha * Area(TauMinus)), 1 / (1 - Mu));

        // Each post cell is made to spike by a random teacher of its own; what is learned is too weak to matter.
        var source = new Population("pre", 60) { Neuron = new PoissonSource { RateHz = 80 } };
        var teacher = new Population("teacher", 60) { Neuron = new PoissonSource { RateHz = 80 } };
        var target = new Population("post", 60) { Neuron = new LeakyIntegrateAndFire { RefractoryMs = 0, TauMs = 0.5, Synapses = new ExponentialSynapses { TauMs = 0.1 } } };
        using var simulation = Simulation.Create(new Network
        {
            TimeStepMs = 1,
            Populations = [source, teacher, target],
            Projections =
            [
                new Projection(source, target)
                {
                    Connectivity = new AllToAll(), Weight = Parameter.Uniform(35, 55),
                    Learning = new PairStdp
                    {
                        PotentiationAmplitude = Lambda, DepressionAmplitude = Lambda * Alpha, TauPlusMs = TauPlus, TauMinusMs = TauMinus,
                        WeightDependence = WeightDependence.PowerLaw, Exponent = Mu, ReferenceWeight = 1, MaxWeight = 1000,
                    },
                },
                new Projection(teacher, target) { Connectivity = new OneToOne(), Weight = 1e6 },
            ],
        }, ParityRun.Cpu(1));
        var weights = new float[3600];
        var mean = 0.0;
        simulation.Run(8000);
        for (var k = 0; k < 8; k++)
        {
            simulation.Run(1000);
            simulation.ReadWeights(simulation.Projection("pre", "post"), weights);
            mean += weights.Average() / 8;
        }
        var counts = new int[60];
        simulation.AddSpikeCounts(simulation.Population("post"), counts);
        Assert.That(counts.Average() / 16, Is.EqualTo(80).Within(8), "the teachers decide when cells spike");
        Assert.That(mean, Is.EqualTo(expected).Within(3).Percent);
    }
}
