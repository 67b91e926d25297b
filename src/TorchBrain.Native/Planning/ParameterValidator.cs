namespace TorchBrain.Native.Planning;

/// <summary>
/// Asks the functions of drawn parameters at a few numbers. This finds wrong numbers before anything is allocated; rare values are found when all are drawn.
/// </summary>
static class ParameterValidator
{
    static ReadOnlySpan<double> Draws => [1e-9, 0.25, 0.5, 0.75, 1 - 1e-9];

    /// <summary>What a function gives that is not allowed, in words; null if nothing was found.</summary>
    public static string? Misfit(Func<double, double> function, double min, double max)
    {
        try
        {
            foreach (var u in Draws)
                if (function(u) is var value && !(value >= min && value <= max))
                    return $"can draw {value}";
            return null;
        }
        catch (Exception e)
        {
            return $"fails with {e.GetType().Name} ({e.Message})";
        }
    }

    /// <summary>The same for a function of the position, at positions of the first, middle and last neuron (on a lattice: at other positions of the shape).</summary>
    public static string? Misfit(PositionParameter parameter, Population population, ulong seed, double min, double max)
    {
        if (population.Count < 1 || population.Geometry is not { } geometry)
            return null;
        var usable = geometry is not Points points || points.Positions?.Count == population.Count;
        geometry.Validate((_, _) => usable = false);
        if (!usable)
            return null;
        foreach (var neuron in (ReadOnlySpan<int>)[0, population.Count / 2, population.Count - 1])
        {
            var position = GeometrySampler.SampleNode(geometry, neuron, seed, RandomStream.Named($"{population.Name}/position"));
            if (Misfit(u => parameter.Function(position, u), min, max) is { } misfit)
                return misfit;
        }
        return null;
    }
}
