namespace TorchBrain.Native.Mnist;

/// <summary>The pooling layer that the waves teach, and when to stop. Defaults as published (Raghavan and Thomson 2019).</summary>
public sealed record PoolingOptions
{
    /// <summary>Units of the pooling layer.</summary>
    public int Units { get; init; } = 400;
    /// <summary>Mean initial weight; also the mean that normalisation keeps.</summary>
    public double MeanWeight { get; init; } = 2.5;
    /// <summary>Standard deviation of the initial weights.</summary>
    public double WeightDeviation { get; init; } = 0.14;
    /// <summary>Mean initial threshold.</summary>
    public double Threshold { get; init; } = 70;
    /// <summary>Standard deviation of the initial thresholds.</summary>
    public double ThresholdDeviation { get; init; } = 2;
    /// <summary>eta.</summary>
    public double LearningRate { get; init; } = 0.1;
    /// <summary>An input belongs to a unit's receptive field if its weight is at least this.</summary>
    public float FieldThreshold { get; init; } = 0.1f;
    /// <summary>A unit is formed when its receptive field is smaller than this.</summary>
    public int FormedBelow { get; init; } = 150;
    /// <summary>Growth ends when more than this fraction of the units is formed.</summary>
    public double FormedFraction { get; init; } = 0.9;
    /// <summary>Longest growth, simulated seconds.</summary>
    public int MaxSeconds { get; init; } = 600;

    /// <summary>The layer as a population.</summary>
    public Population Population(string name = "pools") => new(name, Units)
    {
        Neuron = new ThresholdLinear { Threshold = Parameter.Normal(Threshold, ThresholdDeviation), Competition = Competition.WinnerTakesAll },
    };

    /// <summary>The plastic projection from a sheet.</summary>
    public Projection Feed(Population sheet, Population pools) => new(sheet, pools)
    {
        Connectivity = new AllToAll(),
        Weight = Parameter.Normal(MeanWeight, WeightDeviation, min: 0),
        Learning = new WinnerTakeAllHebbian { LearningRate = LearningRate, MeanWeight = MeanWeight },
    };
}
