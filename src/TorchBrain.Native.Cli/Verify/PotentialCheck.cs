using System.Globalization;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cli;

/// <summary>Check 2: the postsynaptic potential of one spike does not depend on the grid.</summary>
sealed class PotentialCheck : VerifyCheck
{
    const double WeightPa = 87.80849353, TauMs = 10, TauSynapseMs = 0.5, CapacitancePf = 250;

    // 0.15 mV at the peak; section 3 of the scientific reference.
    static readonly (double TimeMs, double Mv)[] s_published =
        [(0.5, .107838070), (1, .142250154), (1.6, .149991989), (2, .147964727), (5, .112114857), (10, .068006188), (20, .025018079)];

    public override int Number => 2;
    public override string Title => "potential of one spike";

    public override IEnumerable<VerifyResult> Run(VerifyContext context)
    {
        var (coarse, fine) = (InDouble(0.1), InDouble(0.01));
        yield return VerifyResult.AtMost("float64 propagators at 7 times, step 0.1 ms", Worst(coarse), 1e-9, "mV");
        yield return VerifyResult.AtMost("float64 propagators at 7 times, step 0.01 ms", Worst(fine), 1e-9, "mV");
        yield return VerifyResult.AtMost("float64 propagators, one grid against the other", coarse.Zip(fine, (a, b) => Math.Abs(a - b)).Max(), 1e-13, "mV", "Identical but for the rounding of 2,000 products.");
        foreach (var h in (double[])[0.1, 0.01])
        {
            context.Report(h > 0.05 ? 0 : 0.2);
            var (share, mv) = InEngine(context, h);
            yield return VerifyResult.AtMost(string.Create(CultureInfo.InvariantCulture, $"engine at 7 times, step {h} ms, error as a share of 2e-6 + 1.2e-8 per step"), share, 1, "",
                string.Create(CultureInfo.InvariantCulture,
                    $"At most {mv:0.0e0} mV. The band of 1e-9 mV is for float64. In float32 values carry 2e-6, and a decay per step that is rounded by up to 1.2e-8 of it gathers step by step."));
        }
    }

    static double Worst(double[] found) => found.Zip(s_published, (v, p) => Math.Abs(v - p.Mv)).Max();

    static double[] InDouble(double h)
    {
        var (p11, p21, p22) = (LifPropagators.P11(h, TauSynapseMs), LifPropagators.P21(h, TauMs, CapacitancePf, TauSynapseMs), LifPropagators.P22(h, TauMs));
        var found = new List<double>();
        double v = 0, current = WeightPa;
        for (long step = 1; found.Count < s_published.Length; step++)
        {
            v = p22 * v + p21 * current;
            current *= p11;
            if (step == (long)Math.Round(s_published[found.Count].TimeMs / h))
                found.Add(v);
        }
        return [.. found];
    }

    static (double Share, double Mv) InEngine(VerifyContext context, double h)
    {
        var clock = new Population("clock", 1) { Neuron = new SpikeArray { Spikes = [new(0, 0)] } };
        var cell = new Population("cell", 1)
        {
            Neuron = new LeakyIntegrateAndFire { TauMs = TauMs, CapacitancePf = CapacitancePf, RestMv = 0, ThresholdMv = 15, ResetMv = 0, Synapses = new ExponentialSynapses { TauMs = TauSynapseMs } },
        };
        using var simulation = context.Simulate(new Network
        {
            TimeStepMs = h,
            Populations = [clock, cell],
            Projections = [new Projection(clock, cell) { Connectivity = new OneToOne(), Weight = WeightPa }],
            Recordings = [new StateRecording(cell, "v") { Steps = 3000 }],
        });
        simulation.Run((long)Math.Round(21 / h) + 3);
        var trace = new Dictionary<long, double>();
        StateRecorder.Open(simulation, "cell", "v").Drain((step, v) => trace[step] = v[0]);
        // The spike of step 0 jumps the current at the end of step 1, and the potential not yet: the time counts from there.
        var (share, mv) = (trace[1] == 0 ? 0 : double.PositiveInfinity, 0.0);
        foreach (var (time, expected) in s_published)
        {
            var steps = time / h;
            var off = Math.Abs(trace[1 + (long)Math.Round(steps)] - expected);
            (share, mv) = (Math.Max(share, off / ((2e-6 + 1.2e-8 * steps) * expected)), Math.Max(mv, off));
        }
        return (share, mv);
    }
}
