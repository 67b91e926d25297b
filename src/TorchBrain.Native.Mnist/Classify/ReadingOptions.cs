namespace TorchBrain.Native.Mnist;

/// <summary>How images run through the spiking layers above a pooling layer.</summary>
public sealed record ReadingOptions
{
    /// <summary>Steps (ms) per image; also the largest spike count but for the delay of the layers.</summary>
    public int Steps { get; init; } = 44;
    /// <summary>Local random units above the pools; 0 reads the pools alone.</summary>
    public int HiddenUnits { get; init; } = 4500;
    /// <summary>Smallest reach of a hidden unit, sheet units.</summary>
    public double ReachMin { get; init; } = 3;
    /// <summary>Largest reach of a hidden unit, sheet units.</summary>
    public double ReachMax { get; init; } = 9;
    /// <summary>Spikes per step of a white pixel.</summary>
    public double EyeGain { get; init; } = 0.9;
    /// <summary>Spikes per step of a pool whose whole field fires in every step.</summary>
    public double PoolGain { get; init; } = 1.5;
    /// <summary>Gain of the random weights: the summed square of the weights of a hidden unit is its square.</summary>
    public double HiddenGain { get; init; } = 2.0;
    /// <summary>Standard deviation of the constant current of hidden units, thresholds per step.</summary>
    public double BiasDeviation { get; init; } = 0.03;
    /// <summary>Seed of the random units.</summary>
    public ulong Seed { get; init; } = 1;
}
