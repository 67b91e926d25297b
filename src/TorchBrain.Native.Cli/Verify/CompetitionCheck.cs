namespace TorchBrain.Native.Cli;

/// <summary>
/// Check 14: one neuron under 1,000 plastic excitatory and 200 inhibitory inputs (Song, Miller and Abbott, Nature Neuroscience 3:919, 2000), at three rates, until the weights have settled: 3,000 s
/// in steps of 0.1 ms, the mean of a batch of four. Conductances are given there in units of the leak, here the leak is 10 nS. The published rates belong to <see cref="StdpOrder.Brian2"/>.
/// </summary>
sealed class CompetitionCheck : VerifyCheck
{
    const double LeakNs = 10, LargestNs = 0.015 * LeakNs, InhibitoryNs = 0.05 * LeakNs, SettleSeconds = 2500, MeasureSeconds = 500;
    const int Excitatory = 1000, Inhibitory = 200, StepsPerSecond = 10_000;

    // Cells that learn side by side: rates of single ones spread by some 0.8 Hz.
    const int Cells = 4;

    const string RateNote = "In steps of 0.1 ms this rate hangs on the order of a step, here arrivals first: docs/decisions/0022-order-of-a-step.md.";

    public override int Number => 14;
    public override string Title => "competition of synapses (Song and Abbott)";
    public override bool Quick => false;

    public override IEnumerable<VerifyResult> Run(VerifyContext context)
    {
        (double InputHz, double PostHz, double Within, double Weight)[] rows = [(10, 12.4, 1.5, 0.545), (20, 17.6, 2, 0.28), (40, 21.9, 2.5, 0.142)];
        for (var r = 0; r < rows.Length; r++)
        {
            var row = rows[r];
            var (rate, weights) = Settle(context, row.InputHz, (double)r / rows.Length, 1.0 / rows.Length);
            yield return VerifyResult.Near($"{row.InputHz} Hz in: rate out", rate, row.PostHz, row.Within, "Hz", RateNote);
            yield return VerifyResult.Near($"{row.InputHz} Hz in: mean weight", weights.Average() / LargestNs, row.Weight, 0.03, "of the largest");
            yield return VerifyResult.AtMost($"{row.InputHz} Hz in: weights between 0.2 and 0.8", weights.Count(w => w > 0.2 * LargestNs && w < 0.8 * LargestNs) / (double)weights.Length, 0.1, "of all");
        }
    }

    static (double RateHz, float[] Weights) Settle(VerifyContext context, double inputHz, double done, double part)
    {
        using var simulation = context.Simulate(Network(context.Seed, inputHz));
        void Seconds(double count, double before)
        {
            for (var s = 0; s < count; s++)
            {
                simulation.Run(StepsPerSecond);
                context.Report(done + part * (before + s) / (SettleSeconds + MeasureSeconds));
            }
        }
        var cell = simulation.Population("cell");
        var (first, last) = (new int[Cells], new int[Cells]);
        Seconds(SettleSeconds, 0);
        simulation.AddSpikeCounts(cell, first);
        Seconds(MeasureSeconds, SettleSeconds);
        simulation.AddSpikeCounts(cell, last);
        var weights = new float[Excitatory * Cells];
        simulation.ReadWeights(simulation.Projection("E", "cell"), weights);
        return ((last.Sum() - first.Sum()) / (MeasureSeconds * Cells), weights);
    }

    static Network Network(ulong seed, double inputHz)
    {
        var e = new Population("E", Excitatory) { Neuron = new PoissonSource { RateHz = inputHz } };
        var i = new Population("I", Inhibitory) { Neuron = new PoissonSource { RateHz = 10 } };
        var cell = new Population("cell", 1)
        {
            Neuron = new LeakyIntegrateAndFire
            {
                TauMs = 20,
                CapacitancePf = 20 * LeakNs,
                RestMv = -70,
                ThresholdMv = -54,
                ResetMv = -60,
                RefractoryMs = 0,
                Synapses = new ConductanceSynapses { TauMs = 5, TauInhibitoryMs = 5, ReversalMv = 0, InhibitoryReversalMv = -70, Scheme = ConductanceScheme.ExponentialEuler },
            },
        };
        return new Network
        {
            Name = "competition",
            Seed = seed,
            Batch = Cells,
            TimeStepMs = 1000.0 / StepsPerSecond,
            Populations = [e, i, cell],
            Projections =
            [
                new Projection(e, cell)
                {
                    Connectivity = new AllToAll(),
                    Weight = Parameter.Uniform(0, LargestNs),
                    Receptor = Receptor.Excitatory,
                    Learning = new PairStdp
                    {
                        PotentiationAmplitude = 0.005 * LargestNs,
                        DepressionAmplitude = 1.05 * 0.005 * LargestNs,
                        TauPlusMs = 20,
                        TauMinusMs = 20,
                        MaxWeight = LargestNs,
                        Order = StdpOrder.Brian2,
                    },
                },
                new Projection(i, cell) { Connectivity = new AllToAll(), Weight = InhibitoryNs, Receptor = Receptor.Inhibitory },
            ],
        };
    }
}
