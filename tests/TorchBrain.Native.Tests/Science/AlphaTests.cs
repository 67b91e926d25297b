using NUnit.Framework;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Tests;

/// <summary>Alpha currents against closed forms (checks 1 and 2 of the scientific reference).</summary>
public class AlphaTests
{
    [Test]
    public void Propagators_PublishedConstants_To1e13()
    {
        const double P31 = 1.92808067106369e-5, P32 = 3.8820409248454e-4; // tau_m 10, C 250, tau_s 2, h 0.1: printed to 14 digits
        Assert.That(LifPropagators.P31(0.1, 10, 250, 2), Is.EqualTo(P31).Within(3e-13 * P31));
        Assert.That(LifPropagators.P21(0.1, 10, 250, 2), Is.EqualTo(P32).Within(3e-13 * P32));
        var plan = (AlphaLifPlan)new Network
        {
            TimeStepMs = 0.1,
            Populations = [new Population("p", 1) { Neuron = new LeakyIntegrateAndFire { TauMs = 10, CapacitancePf = 250, Synapses = new AlphaSynapses { TauMs = 2 } } }],
        }.Plan().Populations[0].Neuron;
        Assert.That((plan.RiseToPotential[0][0], plan.P21[0][0]), Is.EqualTo(((float)(Math.E / 2 * LifPropagators.P31(0.1, 10, 250, 2)), (float)P32)));
        Assert.That(plan.RiseToCurrent[0], Is.EqualTo((float)(Math.E / 2 * 0.1 * Math.Exp(-0.05))));
    }

    // The defining integral, P31 = (1/C) Int_0^h e^(-(h-s)/tau_m) s e^(-s/tau_s) ds, as a power series in h that knows nothing of equal time constants: with a = -1/tau_m and b = -1/tau_s
    // it is (1/C) sum h^n / n! h_(n-2)(a, b, b), the complete homogeneous polynomial of degree n - 2.
    static double P31Series(double h, double tauM, double c, double tauS)
    {
        double a = -1 / tauM, b = -1 / tauS, sum = 0, factorial = 1;
        for (var n = 2; n < 60; n++)
        {
            factorial *= n;
            var polynomial = 0.0;
            for (var k = 0; k <= n - 2; k++)
                polynomial += Math.Pow(a, k) * (n - 1 - k) * Math.Pow(b, n - 2 - k);
            sum += Math.Pow(h, n) / factorial * polynomial;
        }
        return sum / c;
    }

    [Test]
    public void P31_EqualOrNearlyEqualTimeConstants_IsTheLimit([Values(0.01, 0.1, 1, 2.5)] double h, [Values(0.0, 1e-15, 1e-12, 1e-9, -1e-9, 1e-6, 1e-3, 0.3, -0.4)] double apart)
    {
        const double TauM = 10, C = 250;
        var tauS = TauM * (1 + apart);
        var exact = P31Series(h, TauM, C, tauS);
        Assert.That(LifPropagators.P31(h, TauM, C, tauS), Is.EqualTo(exact).Within(1e-13 * exact));
        if (apart == 0)
            Assert.That(LifPropagators.P31(h, TauM, C, tauS), Is.EqualTo(h * h / (2 * C) * Math.Exp(-h / TauM)).Within(1e-13 * exact));
    }

    // Far from equal the closed form loses nothing; where the branches meet, it and the series must agree.
    [TestCase(0.1, 10, 0.0905)]
    [TestCase(0.1, 10, 0.0913)]
    [TestCase(0.1, 0.0905, 10)]
    [TestCase(0.1, 0.0913, 10)]
    [TestCase(1, 20, 0.3258)]
    [TestCase(5, 0.5, 40)]
    public void P31_FarFromEqual_ClosedForm(double h, double tauM, double tauS)
    {
        var b = tauM * tauS / (tauM - tauS);
        var exact = b / 250 * (b * (Math.Exp(-h / tauM) - Math.Exp(-h / tauS)) - h * Math.Exp(-h / tauS));
        Assert.That(LifPropagators.P31(h, tauM, 250, tauS), Is.EqualTo(exact).Within(1e-12 * exact));
    }

    [TestCase(1e-3, 1e7)]
    [TestCase(1e7, 0.02)]
    [TestCase(1e-3, 0.02)]
    [TestCase(1e7, 1e6)]
    public void P31_AtTheEdgesOfTheRange_IsFiniteAndNotNegative(double tauM, double tauS) =>
        Assert.That(LifPropagators.P31(10, tauM, 250, tauS), Is.GreaterThanOrEqualTo(0).And.LessThan(double.PositiveInfinity));

    static float[] Trace(double h, double tauM, double tauS, double pa, double ms, string variable = "v")
    {
        var clock = new Population("clock", 1) { Neuron = new SpikeArray { Spikes = [new(0, 0)] } };
        var cell = new Population("cell", 1) { Neuron = new LeakyIntegrateAndFire { TauMs = tauM, RestMv = 0, ThresholdMv = 15, ResetMv = 0, Synapses = new AlphaSynapses { TauMs = tauS } } };
        using var simulation = Simulation.Create(new Network
        {
            TimeStepMs = h,
            Populations = [clock, cell],
            Projections = [new Projection(clock, cell) { Connectivity = new OneToOne(), Weight = pa }],
            Recordings = [new StateRecording(cell, variable) { Steps = 20_000 }],
        }, ParityRun.Cpu(1));
        simulation.Run((long)Math.Round(ms / h) + 2);
        var trace = new List<float>();
        StateRecorder.Open(simulation, "cell", variable).Drain((_, v) => trace.Add(v[0]));
        return [.. trace.Skip(1)]; // the spike of step 0 arrives at the end of step 1: entry k is k h later
    }

    // Time and size of the peak per pA: section 3 of the scientific reference.
    [TestCase(20, 0.5, 2.7565855, 4.835553642e-3)]
    [TestCase(10, 2, 6.6509976, 1.3000662476e-2)]
    public void Psp_Peak_IsThatOfTheClosedForm(double tauM, double tauS, double timeMs, double mvPerPa)
    {
        const double H = 0.01, Pa = 100;
        var v = Trace(H, tauM, tauS, Pa, 20);
        var peak = Array.IndexOf(v, v.Max());
        Assert.That(peak * H, Is.EqualTo(timeMs).Within(0.15), "flat at the top: float32 does not tell neighbours apart");
        Assert.That(v[(int)Math.Round(timeMs / H)], Is.EqualTo(mvPerPa * Pa).Within(1e-5 * mvPerPa * Pa));
        Assert.That(v.Max(), Is.EqualTo(mvPerPa * Pa).Within(1e-5 * mvPerPa * Pa));
    }

    [TestCase(0.1)]
    [TestCase(0.01)]
    public void Psp_OneSpike_SameOnEveryGrid(double h)
    {
        const double TauM = 10, TauS = 2, Pa = 50;
        var v = Trace(h, TauM, TauS, Pa, 25);
        var b = TauM * TauS / (TauM - TauS);
        Assert.That(v[0], Is.Zero, "the jump is of the slope of the current");
        foreach (var t in new[] { 0.5, 1, 2, 5, 6.6, 10, 20 })
        {
            var exact = Pa * Math.E / TauS / 250 * b * (b * (Math.Exp(-t / TauM) - Math.Exp(-t / TauS)) - t * Math.Exp(-t / TauS));
            Assert.That(v[(int)Math.Round(t / h)], Is.EqualTo(exact).Within((2e-6 + 3e-8 * t / h) * exact), $"at {t} ms");
        }
    }

    [Test]
    public void Current_OneSpike_PeaksAtItsWeightAfterTau()
    {
        var i = Trace(0.1, 10, 2, 50, 20, "i");
        Assert.That(i[20], Is.EqualTo(50).Within(1e-4));
        Assert.That(i.Max(), Is.EqualTo(i[20]));
    }

    [Test]
    public void Silence_RestExactly()
    {
        var p = new Population("p", 100) { Neuron = new LeakyIntegrateAndFire { RestMv = Parameter.Uniform(-70, -60), ResetMv = -75, Synapses = new AlphaSynapses { TauInhibitoryMs = 5 } } };
        using var simulation = Simulation.Create(new Network { TimeStepMs = 0.1, Populations = [p], Inputs = [new CurrentInjection(p)] }, ParityRun.Cpu(1));
        simulation.Run(10_000);
        var v = new float[100];
        simulation.ReadState(simulation.Population("p"), "v", v);
        Assert.That(v, Is.EqualTo(simulation.Plan.Populations[0].Neuron.State[0].Offset!.Values.ToArray()), "E_L to the last bit");
    }
}
