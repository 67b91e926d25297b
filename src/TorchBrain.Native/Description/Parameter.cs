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
    public static Parameter Uniform(double low, double high) => new DrawnParameter(u => low + (high - low) * u, null, low, high);

    /// <summary>Normal, optionally clipped to [min, max].</summary>
    public static Parameter Normal(double mean, double deviation, double min = double.NegativeInfinity, double max = double.PositiveInfinity) =>
        new DrawnParameter(u => Math.Clamp(mean + deviation * NormalQuantile.Of(u), min, max), null,
            Math.Max(min, mean - 6.5 * Math.Abs(deviation)), Math.Min(max, mean + 6.5 * Math.Abs(deviation)));

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
sealed record DrawnParameter(Func<double, double> Function, string? Draw, double Low, double High) : Parameter;

sealed record PositionParameter(Func<Position, double, double> Function, string? Draw) : Parameter;

sealed record DistanceParameter(Func<double, double> Function) : Parameter;
