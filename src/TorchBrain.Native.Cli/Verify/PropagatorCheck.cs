using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cli;

/// <summary>Check 1: the propagators of exact integration, the singular limit of equal time constants among them.</summary>
sealed class PropagatorCheck : VerifyCheck
{
    const double CapacitancePf = 250, TauMs = 10;

    // Alpha currents of tau_s 2 ms in steps of 0.1 ms.
    const double AlphaTauMs = 2, AlphaP31 = 1.92808067106369e-5, AlphaP32 = 3.8820409248454e-4;

    public override int Number => 1;
    public override string Title => "propagators";

    public override IEnumerable<VerifyResult> Run(VerifyContext context)
    {
        const double h = 0.1, tauS = 0.5;
        var (p11, p22, p21, p20) = (0.81873075307798182, 0.99004983374916811, 3.606717487814448e-4, 3.9800665003327575e-4);
        var worst = Largest(Off(LifPropagators.P11(h, tauS), p11), Off(LifPropagators.P22(h, TauMs), p22), Off(LifPropagators.P21(h, TauMs, CapacitancePf, tauS), p21),
            Off(LifPropagators.P20(h, TauMs, CapacitancePf), p20));
        yield return VerifyResult.AtMost("P11, P22, P21, P20 against the published constants, float64", worst, 1e-13, "relative");
        yield return VerifyResult.AtMost("the same in the plan, float32", InPlan(h, tauS, p11, p22, p21, p20), 1e-6, "relative", "The plan keeps 1 - P22 in the place of P22.");

        double limit = 0, single = 0;
        foreach (var step in (double[])[0.01, 0.1, 1, 2.5])
            foreach (var apart in (double[])[0, 1e-15, 1e-12, 1e-9, -1e-9, 1e-6, 1e-3, 0.3, -0.4])
            {
                var synapse = TauMs * (1 + apart);
                var exact = P21Series(step, TauMs, CapacitancePf, synapse);
                limit = Math.Max(limit, Off(LifPropagators.P21(step, TauMs, CapacitancePf, synapse), exact));
                single = Math.Max(single, InPlan(step, synapse, Math.Exp(-step / synapse), Math.Exp(-step / TauMs), exact, LifPropagators.P20(step, TauMs, CapacitancePf)));
            }
        yield return VerifyResult.AtMost("P21 at equal and nearly equal time constants against the power series, float64", limit, 1e-13, "relative");
        yield return VerifyResult.AtMost("P21 at tau_m = tau_s against (h / C) exp(-h / tau_m), float64",
            Off(LifPropagators.P21(h, TauMs, CapacitancePf, TauMs), h / CapacitancePf * Math.Exp(-h / TauMs)), 1e-13, "relative");
        yield return VerifyResult.AtMost("all of them in the plan at equal and nearly equal time constants, float32", single, 1e-6, "relative");
        yield return VerifyResult.AtMost("alpha currents: P31, P32 against the published constants, float64",
            Largest(Off(LifPropagators.P31(h, TauMs, CapacitancePf, AlphaTauMs), AlphaP31), Off(LifPropagators.P21(h, TauMs, CapacitancePf, AlphaTauMs), AlphaP32)), 1e-13, "relative");
        yield return VerifyResult.AtMost("alpha currents: P31 at tau_m = tau_s against (h^2 / 2 C) exp(-h / tau_m), float64",
            Off(LifPropagators.P31(h, TauMs, CapacitancePf, TauMs), h * h / (2 * CapacitancePf) * Math.Exp(-h / TauMs)), 1e-13, "relative");
        yield return VerifyResult.AtMost("alpha currents: all of them in the plan, float32", AlphaInPlan(h), 1e-6, "relative");
    }

    static double Off(double found, double expected) => Math.Abs(found / expected - 1);

    static double Largest(params double[] values) => values.Max();

    static double InPlan(double h, double tauS, double p11, double p22, double p21, double p20)
    {
        var plan = (LifPlan)new Network
        {
            TimeStepMs = h,
            Populations = [new Population("p", 1) { Neuron = new LeakyIntegrateAndFire { TauMs = TauMs, CapacitancePf = CapacitancePf, RefractoryMs = 10, Synapses = new ExponentialSynapses { TauMs = tauS } } }],
        }.Plan().Populations[0].Neuron;
        return Largest(Off(plan.P11[0], p11), Off(plan.Q22[0], 1 - p22), Off(plan.P21[0][0], p21), Off(plan.P20[0], p20));
    }

    // A spike raises the slope of an alpha current by e / tau_s times its weight, which the plan has multiplied in.
    static double AlphaInPlan(double h)
    {
        var plan = (AlphaLifPlan)new Network
        {
            TimeStepMs = h,
            Populations = [new Population("p", 1) { Neuron = new LeakyIntegrateAndFire { TauMs = TauMs, CapacitancePf = CapacitancePf, Synapses = new AlphaSynapses { TauMs = AlphaTauMs } } }],
        }.Plan().Populations[0].Neuron;
        var slope = Math.E / AlphaTauMs;
        return Largest(Off(plan.RiseToPotential[0][0], slope * AlphaP31), Off(plan.P21[0][0], AlphaP32), Off(plan.RiseToCurrent[0], slope * h * Math.Exp(-h / AlphaTauMs)));
    }

    // The defining integral (1/C) Int_0^h exp(-(h-s)/tau_m) exp(-s/tau_s) ds as a power series in h, which knows nothing of equal time constants.
    static double P21Series(double h, double tauM, double capacitance, double tauS)
    {
        double a = -1 / tauM, b = -1 / tauS, sum = 0, factorial = 1;
        for (var n = 1; n < 60; n++)
        {
            factorial *= n;
            var divided = 0.0; // (a^n - b^n) / (a - b)
            for (var k = 0; k < n; k++)
                divided += Math.Pow(a, k) * Math.Pow(b, n - 1 - k);
            sum += Math.Pow(h, n) / factorial * divided;
        }
        return sum / capacitance;
    }
}
