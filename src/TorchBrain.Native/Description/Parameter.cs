namespace TorchBrain.Native;

/// <summary>
/// A number per neuron or per synapse: a constant, a list, or a random draw that is a pure function of seed, owner and index.
/// A plain number converts by itself.
/// </summary>
public abstract record Parameter
{
    private protected Parameter() { }

    /// <summary>A constant.</summary>
    public static implicit operator Parameter(double value) => new ConstantParameter(value);

    /// <summary>One given value per neuron.</summary>
    public static Parameter Values(params IReadOnlyList<float> values) => new ListParameter(values);

    /// <summary>Uniform in [low, high).</summary>
    public static Parameter Uniform(double low, double high) => new UniformParameter(low, high);

    /// <summary>Normal, optionally clipped to [min, max].</summary>
    public static Parameter Normal(double mean, double deviation, double min = double.NegativeInfinity, double max = double.PositiveInfinity) =>
        new NormalParameter(mean, deviation, min, max);

    /// <summary>Normal, drawn again while outside [min, max].</summary>
    public static Parameter TruncatedNormal(double mean, double deviation, double min = double.NegativeInfinity, double max = double.PositiveInfinity) =>
        new TruncatedNormalParameter(mean, deviation, min, max);

    /// <summary>
    /// A function of one uniform number in (0, 1) per neuron.
    /// </summary>
    /// <param name="function">The function.</param>
    /// <param name="draw">Parameters of one population with the same draw name see the same number per neuron; null for a draw of their own.</param>
    public static Parameter FromUniform(Func<double, double> function, string? draw = null) => new DrawnParameter(function, draw, double.NaN, double.NaN);

    /// <summary>A function of the neuron's position and a uniform number in (0, 1). The population needs a geometry.</summary>
    public static Parameter FromPosition(Func<Position, double, double> function, string? draw = null) => new PositionParameter(function, draw);

    /// <summary>A function of the distance between the two neurons of a synapse. Both populations need positions.</summary>
    public static Parameter FromDistance(Func<double, double> function) => new DistanceParameter(function);
}

sealed record ConstantParameter(double Value) : Parameter;

sealed record ListParameter(IReadOnlyList<float> List) : Parameter;

/// <summary>A function of one uniform number. Low and High bound the values where known, else NaN.</summary>
record DrawnParameter(Func<double, double> Function, string? Draw, double Low, double High) : Parameter
{
    /// <summary>True if a larger number never gives a smaller value, so that a table can stand for the function.</summary>
    public virtual bool Rises => false;

    /// <summary>The values of (word + 1/2) / 2^32, as float.</summary>
    public virtual void Fill(ReadOnlySpan<uint> words, Span<float> values)
    {
        for (var k = 0; k < values.Length; k++)
            values[k] = (float)Function(RandomSequence.Uniform(words[k]));
    }
}

sealed record UniformParameter(double Least, double Most) : DrawnParameter(u => Least + (Most - Least) * u, null, Least, Most)
{
    public override bool Rises => Most >= Least;

    public override void Fill(ReadOnlySpan<uint> words, Span<float> values)
    {
        for (var k = 0; k < values.Length; k++)
            values[k] = (float)(Least + (Most - Least) * RandomSequence.Uniform(words[k]));
    }
}

sealed record NormalParameter(double Mean, double Deviation, double Min, double Max) : DrawnParameter(u => Math.Clamp(Mean + Deviation * NormalQuantile.Of(u), Min, Max), null,
    Math.Max(Min, Mean - 6.5 * Math.Abs(Deviation)), Math.Min(Max, Mean + 6.5 * Math.Abs(Deviation)))
{
    public override bool Rises => Deviation >= 0;

    public override void Fill(ReadOnlySpan<uint> words, Span<float> values)
    {
        Span<double> quantiles = stackalloc double[256];
        for (var done = 0; done < values.Length; done += quantiles.Length)
        {
            var count = Math.Min(quantiles.Length, values.Length - done);
            NormalQuantile.Of(words.Slice(done, count), quantiles);
            for (var k = 0; k < count; k++)
                values[done + k] = (float)Math.Clamp(Mean + Deviation * quantiles[k], Min, Max);
        }
    }
}

sealed record TruncatedNormalParameter(double Mean, double Deviation, double Min, double Max) : DrawnParameter(Quantile(Mean, Deviation, Min, Max), null,
    Math.Max(Min, Mean - 6.5 * Math.Abs(Deviation)), Math.Min(Max, Mean + 6.5 * Math.Abs(Deviation)))
{
    public override bool Rises => Deviation >= 0;

    static Func<double, double> Quantile(double mean, double deviation, double min, double max)
    {
        double below = NormalQuantile.Inverse((min - mean) / deviation), above = NormalQuantile.Inverse((max - mean) / deviation);
        return u => Math.Clamp(mean + deviation * NormalQuantile.Of(below + (above - below) * u), min, max);
    }
}

sealed record PositionParameter(Func<Position, double, double> Function, string? Draw) : Parameter;

sealed record DistanceParameter(Func<double, double> Function) : Parameter;
