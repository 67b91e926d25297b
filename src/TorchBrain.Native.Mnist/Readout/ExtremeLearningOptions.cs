namespace TorchBrain.Native.Mnist;

/// <summary>Options of <see cref="ExtremeLearningReadout"/>; the defaults are the published protocol.</summary>
public sealed record ExtremeLearningOptions
{
    /// <summary>The seed of the bias row, uniform in (0, 1).</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The constant appended to the samples of each image, finite.</summary>
    public float Appended { get; init; } = 0.1f;

    /// <summary>The ridge strength, absolute; finite, not negative.</summary>
    public double Strength { get; init; } = 1.0 / (1 << 30);

    /// <summary>Threads to use, at least 1; the result is the same for any number.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
