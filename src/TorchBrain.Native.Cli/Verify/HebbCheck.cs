using System.Globalization;

namespace TorchBrain.Native.Cli;

/// <summary>Check 15, first part: the numbers of the Hebbian rule of Torch Brain.</summary>
sealed class HebbCheck : VerifyCheck
{
    const double LearningRate = 0.1, ThresholdGain = 0.005, MeanWeight = 2.5;
    const int Nodes = 1500, Active = 35;
    const double FirstThreshold = 70, InField = 0.1;

    // Section 1.2 of the scientific reference, to the decimals that are published.
    static readonly (int Wins, double On, double Off, double Theta)[] s_published = [(1, 4.181699, 2.459823, 70.0875), (2, 11.024119, 2.296352, 70.468860), (5, 95.647942, 0.274623, 89.327416)];

    public override int Number => 15;
    public override string Title => "Torch Brain, Hebbian numbers";

    public override IEnumerable<VerifyResult> Run(VerifyContext context)
    {
        var exact = InDouble(4, 2, 2, 1);
        yield return VerifyResult.AtMost("4 inputs, one win, float64: weights", Math.Max(Math.Abs(exact.On - 2.64150943), Math.Abs(exact.Off - 2.35849057)), 5.1e-9, "", "Half of the last digit that is published.");
        yield return VerifyResult.AtMost("4 inputs, one win, float64: threshold", Math.Abs(exact.Theta - 2.015), 1e-12, "");
        var four = InEngine(context, 4, 2, 2, 1);
        yield return VerifyResult.AtMost("4 inputs, one win, engine: weights and threshold", four.Off(2.64150943, 2.35849057, 2.015), 2e-7, "relative", "Two roundings of float32.");
        foreach (var (wins, on, off, theta) in s_published)
        {
            context.Report(wins / 7.0);
            var name = string.Create(CultureInfo.InvariantCulture, $"35 of 1,500 inputs, wins: {wins}");
            exact = InDouble(Nodes, Active, FirstThreshold, wins);
            yield return VerifyResult.AtMost($"{name}, float64: weights and threshold", new[] { exact.On - on, exact.Off - off, exact.Theta - theta }.Max(Math.Abs), 5.1e-7, "", "Half of the last digit that is published.");
            var found = InEngine(context, Nodes, Active, FirstThreshold, wins);
            yield return VerifyResult.AtMost($"{name}, engine: weights and threshold", found.Off(on, off, theta), 1e-5, "relative", "float32: each win multiplies the error of the one before. The digits that are published carry 2e-6 themselves.");
        }
        yield return VerifyResult.AtLeast("silent inputs after 5 wins: weight", InEngine(context, Nodes, Active, FirstThreshold, 5).Silent.Min(), InField, "");
        yield return new VerifyResult("silent inputs after 6 wins: weight", InEngine(context, Nodes, Active, FirstThreshold, 6).Silent.Max(), 0, Math.BitDecrement(InField), "");
    }

    static (double On, double Off, double Theta) InDouble(int inputs, int active, double theta, int wins)
    {
        var (on, off) = (MeanWeight, MeanWeight);
        for (var win = 0; win < wins; win++)
        {
            var y = active * on - theta;
            on += LearningRate * y;
            theta += ThresholdGain * y;
            var scale = MeanWeight / ((active * on + (inputs - active) * off) / inputs);
            (on, off) = (on * scale, off * scale);
        }
        return (on, off, theta);
    }

    sealed record Learned(float[] Firing, float[] Silent, float Theta)
    {
        /// <summary>The largest relative distance from numbers that are expected.</summary>
        public double Off(double on, double off, double theta) =>
            Firing.Select(w => w / on).Concat(Silent.Select(w => w / off)).Append(Theta / theta).Max(ratio => Math.Abs(ratio - 1));
    }

    static Learned InEngine(VerifyContext context, int inputs, int active, double theta, int wins)
    {
        int[] firing = [.. Enumerable.Range(0, active).Select(i => i * (inputs / active))];
        var retina = new Population("retina", inputs) { Neuron = new SpikeArray { Spikes = [.. from step in Enumerable.Range(0, wins) from i in firing select new SourceSpike(step, i)] } };
        var unit = new Population("unit", 1) { Neuron = new ThresholdLinear { Threshold = theta } };
        using var simulation = context.Simulate(new Network
        {
            Populations = [retina, unit],
            Projections = [new Projection(retina, unit) { Connectivity = new AllToAll(), Weight = 1, Learning = new WinnerTakeAllHebbian { LearningRate = LearningRate, ThresholdGain = ThresholdGain, MeanWeight = MeanWeight } }],
        });
        simulation.Run(1 + wins);
        var (weights, thresholds) = (new float[inputs], new float[1]);
        simulation.ReadWeights(simulation.Projection("retina", "unit"), weights);
        simulation.ReadState(simulation.Population("unit"), "theta", thresholds);
        return new Learned([.. firing.Select(i => weights[i])], [.. weights.Where((_, i) => !firing.Contains(i))], thresholds[0]);
    }
}
