namespace TorchBrain.Native.Mnist;

/// <summary>What the ridge strength is measured in.</summary>
public enum RidgeScale
{
    /// <summary>The strength is added to the diagonal as it is.</summary>
    Absolute,

    /// <summary>The strength is multiplied by the mean of the diagonal, so that it does not depend on the units of the features or on the number of rows.</summary>
    MeanDiagonal,
}

/// <summary>What is done to each feature before the fit; the read-out does the same to what it predicts from.</summary>
public enum FeatureScaling
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Mean 0 and standard deviation 1 over the training rows (n - 1); a constant feature becomes 0.</summary>
    ZScore,

    /// <summary>Smallest training value 0, largest 1; a constant feature becomes 0.</summary>
    MinMax,
}

/// <summary>Options of <see cref="RidgeFit"/>.</summary>
public sealed record RidgeOptions
{
    /// <summary>The ridge strength, finite, not negative; see <see cref="Scale"/>.</summary>
    public double Strength { get; init; } = 1e-3;

    /// <summary>What <see cref="Strength"/> is measured in.</summary>
    public RidgeScale Scale { get; init; } = RidgeScale.MeanDiagonal;

    /// <summary>What is done to each feature first.</summary>
    public FeatureScaling Scaling { get; init; } = FeatureScaling.None;

    /// <summary>True adds a constant to each class, which the ridge does not weaken.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>
    /// True sums products in double precision, at about a quarter of the speed. Features given as bytes are exact without it.
    /// Needed for float features only if they are nearly dependent and the ridge is weak.
    /// </summary>
    public bool Precise { get; init; }

    /// <summary>Threads to use, at least 1; the result is the same for any number.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    internal void Check()
    {
        if (!double.IsFinite(Strength) || Strength < 0)
            throw new TorchBrainException(ErrorCode.NumberOutOfRange, $"RidgeOptions.Strength is {Strength}; allowed is zero or any finite positive number.",
                "Give a strength such as 0.001.");
        if (Threads is < 1 or > 4096)
            throw new TorchBrainException(ErrorCode.NumberOutOfRange, $"RidgeOptions.Threads is {Threads}; allowed are 1 to 4096.",
                "Give the number of cores to use.");
        if (!Enum.IsDefined(Scale) || !Enum.IsDefined(Scaling))
            throw new TorchBrainException(ErrorCode.NumberOutOfRange, $"RidgeOptions.Scale is {Scale} and Scaling is {Scaling}; one of them has no such value.",
                "Use the named values of RidgeScale and FeatureScaling.");
    }
}
