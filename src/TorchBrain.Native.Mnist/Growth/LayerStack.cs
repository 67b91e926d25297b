namespace TorchBrain.Native.Mnist;

/// <summary>The second sheet and pooling layer of a stack.</summary>
public sealed record StackOptions
{
    /// <summary>Units of the second pooling layer.</summary>
    public int Units { get; init; } = 100;
    /// <summary>r_o of the second sheet, in lengths of the first sheet's spacing: the sheet is sparser, so its lengths are scaled by the square root of the ratio of densities.</summary>
    public double InhibitRadius { get; init; } = 4;
    /// <summary>A_e of the second sheet.</summary>
    public double ExciteWeight { get; init; } = 1;
    /// <summary>A_i of the second sheet, positive.</summary>
    public double InhibitWeight { get; init; } = 2;
    /// <summary>Current of one step that the winner of the first pooling layer sends to its node of the second sheet.</summary>
    public double DriveWeight { get; init; } = 40;
    /// <summary>Standard deviation of the second sheet's own noise.</summary>
    public double NoiseDeviation { get; init; } = 1;
    /// <summary>A unit of the second pooling layer is formed when its field holds less than this fraction of the second sheet.</summary>
    public double FormedBelow { get; init; } = 1.0 / 3;
    /// <summary>Longest growth of the second pooling layer, simulated seconds.</summary>
    public int MaxSeconds { get; init; } = 400;
}

/// <summary>A stack of two sheets and two pooling layers, grown one after the other.</summary>
/// <param name="First">Growth of the first pooling layer.</param>
/// <param name="Second">The second pooling layer over the nodes of the second sheet.</param>
/// <param name="SecondComplete">True if more than 90 % of the second layer's units formed.</param>
/// <param name="SecondSeconds">Simulated seconds the second layer took.</param>
/// <param name="FormedBySecond">Fraction of formed units of the second layer after each simulated second.</param>
/// <param name="RateHz">Mean rate of the second sheet, Hz.</param>
/// <param name="SpikeHash">Hash of all spikes of the second stage.</param>
public sealed record StackResult(GrowthResult First, GrownLayer Second, bool SecondComplete, int SecondSeconds, IReadOnlyList<float> FormedBySecond, double RateHz, string SpikeHash)
{
    /// <summary>How strongly each node of the first sheet drives a unit of the second pooling layer, through its pools: a share of the unit's whole input.</summary>
    /// <param name="unit">Unit of the second pooling layer.</param>
    public float[] FieldOnFirstSheet(int unit)
    {
        var first = First.Layer;
        var formed = Enumerable.Range(0, first.Units).Where(first.IsFormed).ToArray();
        var field = new float[first.Inputs];
        var row = Second.Row(unit);
        for (var node = 0; node < formed.Length; node++)
        {
            if (row[node] < Second.Options.FieldThreshold)
                continue;
            var pool = first.Row(formed[node]);
            for (var i = 0; i < field.Length; i++)
                if (pool[i] >= first.Options.FieldThreshold)
                    field[i] += row[node] / first.FieldSizes[formed[node]];
        }
        var sum = field.Sum();
        for (var i = 0; i < field.Length && sum > 0; i++)
            field[i] /= sum;
        return field;
    }
}

/// <summary>
/// Three layers stacked (after Raghavan, Lin and Thomson 2020): a first sheet whose waves taught a pooling layer; a second sheet whose nodes lie at the centres of the
/// pools' fields, coupled by the same centre-surround kernel and driven by the winners below, so that waves travel upward; and a pooling layer that those waves teach by
/// the same rule. Layers grow one after the other; the lower weights then stay as they are.
/// </summary>
public static class LayerStack
{
    /// <summary>Grows the stack.</summary>
    /// <param name="sheet">The first sheet.</param>
    /// <param name="pooling">The first pooling layer.</param>
    /// <param name="options">The second sheet and pooling layer.</param>
    /// <param name="backend">Where to run.</param>
    /// <param name="progress">Told of each stage once per simulated second.</param>
    /// <param name="cancellation">Ends a stage early with what it has.</param>
    public static StackResult Grow(SheetOptions sheet, PoolingOptions pooling, StackOptions options, IBackend backend, IProgress<GrowthProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var growth = new PoolingGrowth(sheet, pooling, backend);
        var first = growth.Run(progress, cancellation);
        var theta = new float[growth.Pools.Count];
        growth.Simulation.ReadState(growth.Pools, "theta", theta);
        return GrowSecond(sheet, pooling, options, first, theta, backend, progress, cancellation);
    }

    static StackResult GrowSecond(SheetOptions sheet, PoolingOptions pooling, StackOptions options, GrowthResult first, float[] theta, IBackend backend,
        IProgress<GrowthProgress>? progress, CancellationToken cancellation)
    {
        var layer = first.Layer;
        var formed = Enumerable.Range(0, layer.Units).Where(layer.IsFormed).ToArray();
        if (formed.Length == 0)
            throw new TorchBrainException(ErrorCode.Incompatible, "No unit of the first pooling layer has formed.", "Let it grow longer.");
        var retina = sheet.Population();
        var pools = new Population("pools", formed.Length)
        {
            Neuron = new ThresholdLinear { Threshold = Parameter.Values(formed.Select(u => theta[u]).ToArray()), Competition = Competition.WinnerTakesAll },
        };
        var spread = Math.Sqrt((double)sheet.Nodes / formed.Length);
        var upper = sheet with
        {
            Nodes = formed.Length,
            Geometry = new Points([.. formed.Select(layer.Centre)]) { Metric = sheet.Geometry },
            ExciteRadius = sheet.ExciteRadius * spread,
            InhibitRadius = options.InhibitRadius * spread,
            DecayLength = sheet.DecayLength * spread,
            ExciteWeight = options.ExciteWeight,
            InhibitWeight = options.InhibitWeight,
            NoiseDeviation = options.NoiseDeviation,
            Excitability = Excitability.Shared,
        };
        var upperPooling = pooling with { Units = options.Units, MaxSeconds = options.MaxSeconds, FormedBelow = (int)(options.FormedBelow * formed.Length) };
        var sheet2 = upper.Population("sheet2");
        var pools2 = upperPooling.Population("pools2");
        var network = new Network
        {
            Name = "stack",
            Seed = sheet.Seed,
            Populations = [retina, pools, sheet2, pools2],
            Projections =
            [
                sheet.Coupling(retina),
                pooling.Feed(retina, pools) with
                {
                    Weight = Parameter.Values(FormedWeights(layer, formed)),
                    Learning = new WinnerTakeAllHebbian { LearningRate = 0, ThresholdGain = 0, MeanWeight = pooling.MeanWeight, ResetEverySteps = 0 },
                },
                new(pools, sheet2) { Connectivity = new OneToOne(), Weight = options.DriveWeight },
                upper.Coupling(sheet2),
                upperPooling.Feed(sheet2, pools2),
            ],
            Inputs = [sheet.Noise(retina), upper.Noise(sheet2)],
        };
        using var simulation = Simulation.Create(network, backend);
        return Run(simulation, first, upperPooling, simulation.Plan.Populations[2].Positions!, progress, cancellation);
    }

    static float[] FormedWeights(GrownLayer layer, int[] formed)
    {
        var weights = new float[layer.Inputs * formed.Length];
        for (var j = 0; j < formed.Length; j++)
            for (var i = 0; i < layer.Inputs; i++)
                weights[i * formed.Length + j] = layer.Row(formed[j])[i];
        return weights;
    }

    static StackResult Run(Simulation simulation, GrowthResult first, PoolingOptions options, IReadOnlyList<Position> nodes, IProgress<GrowthProgress>? progress, CancellationToken cancellation)
    {
        var feed = simulation.Projection("sheet2", "pools2");
        var formed = new List<float>();
        var layer = Layer(simulation, feed, options, nodes);
        var complete = false;
        while (formed.Count < options.MaxSeconds && !complete && !cancellation.IsCancellationRequested)
        {
            simulation.Run(1000);
            layer = Layer(simulation, feed, options, nodes);
            formed.Add(layer.WithFieldBelow(options.FormedBelow) / (float)layer.Units);
            complete = formed[^1] > options.FormedFraction;
            progress?.Report(new GrowthProgress(formed.Count, formed[^1], options.MaxSeconds));
        }
        var counts = new int[nodes.Count];
        simulation.AddSpikeCounts(simulation.Population("sheet2"), counts);
        return new StackResult(first, layer, complete, formed.Count, formed, counts.Sum(c => (double)c) / nodes.Count / Math.Max(1e-3, simulation.TimeMs * 1e-3), simulation.SpikeHash);
    }

    static GrownLayer Layer(Simulation simulation, ProjectionHandle feed, PoolingOptions options, IReadOnlyList<Position> nodes)
    {
        var bySource = new float[feed.SynapseCount];
        simulation.ReadWeights(feed, bySource);
        return new GrownLayer(GrownLayer.ByUnit(bySource, nodes.Count, options.Units), nodes, options);
    }
}
