using System.Globalization;
using TorchBrain.Native.Cpu;

namespace TorchBrain.Native.Cli;

/// <summary>Check 8: what the engine draws, as its neurons receive it.</summary>
sealed class RandomCheck : VerifyCheck
{
    const int Draws = 1_000_000;

    // Standard errors that a mean or variance may be off, p = 1e-3.
    const double Errors = 3.3;

    public override int Number => 8;
    public override string Title => "random numbers";

    public override IEnumerable<VerifyResult> Run(VerifyContext context)
    {
        context.Report(0);
        var normal = Received(context, cell => new GaussianNoise(cell) { Deviation = 250 }, perCurrent: true);
        var (mean, variance) = Statistics.Moments(normal);
        yield return VerifyResult.Near("normal, 1e6 draws: mean", mean, 0, Errors / Math.Sqrt(Draws), "");
        yield return VerifyResult.Near("normal, 1e6 draws: variance", variance, 1, Errors * Math.Sqrt(2.0 / Draws), "");
        yield return VerifyResult.Probability("normal, 1e6 draws: Kolmogorov-Smirnov", Statistics.KolmogorovP(normal, Statistics.NormalCdf));

        double[] means = [0.01, 1, 3, 17.5, 64];
        for (var k = 0; k < means.Length; k++)
        {
            context.Report(0.2 + 0.1 * k);
            var expected = means[k];
            var name = string.Create(CultureInfo.InvariantCulture, $"Poisson of mean {expected}, 1e6 draws");
            // Named, and so drawn from a random stream of its own: the means do not stand and fall together.
            var counts = Received(context, cell => new PoissonInput(cell) { RateHz = expected * 1000, Weight = 1, Name = name }, perCurrent: false);
            (mean, variance) = Statistics.Moments(counts);
            yield return VerifyResult.Near($"{name}: mean", mean, expected, Errors * Math.Sqrt(expected / Draws), "");
            if (expected >= 1) // events too rare leave a standard error above the band
                yield return VerifyResult.Near($"{name}: Fano factor", variance / mean, 1, 0.005, "");
            yield return VerifyResult.Probability($"{name}: chi-square", Statistics.CountsP(counts.Select(c => (int)Math.Round(c)), Statistics.Poisson(expected)));
        }

        context.Report(0.8);
        var (fine, coarse) = (Intervals(context, 0.1, 100, 200, 100_000), Intervals(context, 1, 1000, 400, 20_000));
        yield return VerifyResult.Probability("Poisson source, 20,000 intervals in steps of 0.1 ms: Kolmogorov-Smirnov",
            Statistics.KolmogorovP([.. fine.Select(i => (i - 0.5) * 0.1)], ms => 1 - Math.Exp(-RateHz * 1e-3 * Math.Max(0, ms))));
        var p = 1 - Math.Exp(-RateHz * 1e-3);
        yield return VerifyResult.Probability("Poisson source, 400,000 intervals in steps of 1 ms: chi-square", Statistics.CountsP(coarse.Select(i => i - 1), k => p * Math.Pow(1 - p, k)));

        context.Report(0.95);
        var hash = Hash(context, context.Backend);
        var differ = 0;
        foreach (var threads in (int[])[1, 2, 3])
        {
            using var backend = new CpuBackend(new CpuOptions { Threads = threads });
            differ += Hash(context, backend) == hash ? 0 : 1;
        }
        yield return VerifyResult.Exactly("spikes that depend on threads: 1, 2, 3 on the processor against the backend of this run", differ, 0, "hashes");
    }

    const double RateHz = 40;

    // One step of a million neurons that add up what they receive: a current times P20, or counts of jumps of 1 mV.
    static double[] Received(VerifyContext context, Func<Population, Input> input, bool perCurrent)
    {
        var cell = new Population("cell", Draws) { Neuron = new LeakyIntegrateAndFire { RestMv = 0, ResetMv = 0, ThresholdMv = 1000, Synapses = new DeltaSynapses() } };
        using var simulation = context.Simulate(new Network { Seed = context.Seed, Populations = [cell], Inputs = [input(cell)] });
        simulation.Run(1);
        var v = new float[Draws];
        simulation.ReadState(simulation.Population("cell"), "v", v);
        var unit = perCurrent ? 250 * Planning.LifPropagators.P20(1, 10, 250) : 1;
        return Array.ConvertAll(v, x => x / unit);
    }

    // The first intervals of each unit, equally many of all, so that the end of the run does not prefer short ones.
    static List<int> Intervals(VerifyContext context, double stepMs, int units, int each, long steps)
    {
        var source = new Population("source", units) { Neuron = new PoissonSource { RateHz = RateHz } };
        using var simulation = context.Simulate(new Network { Seed = context.Seed, TimeStepMs = stepMs, Populations = [source], Recordings = [new SpikeRecording(source)] });
        var recorder = SpikeRecorder.Open(simulation, "source");
        var raster = recorder.NewRaster();
        recorder.Run(steps, raster);
        var (last, taken, intervals) = (new long[units], new int[units], new List<int>());
        Array.Fill(last, -1);
        for (var s = 0; s < raster.Count; s++)
        {
            var (unit, step) = (raster.Elements[s], raster.Steps[s]);
            if (last[unit] >= 0 && taken[unit]++ < each)
                intervals.Add((int)(step - last[unit]));
            last[unit] = step;
        }
        return intervals;
    }

    static string Hash(VerifyContext context, IBackend backend)
    {
        var source = new Population("source", 5000) { Neuron = new PoissonSource { RateHz = RateHz } };
        var cells = new Population("cells", 5000) { Neuron = new LeakyIntegrateAndFire() };
        using var simulation = Simulation.Create(new Network
        {
            Seed = context.Seed,
            Populations = [source, cells],
            Projections = [new Projection(source, cells) { Connectivity = new FixedInDegree(50), Weight = Parameter.Normal(80, 20) }],
            Inputs = [new GaussianNoise(cells) { Deviation = 100 }, new PoissonInput(cells) { RateHz = 2000, Weight = 40 }],
        }, backend);
        simulation.Run(300);
        return simulation.SpikeHash;
    }
}
