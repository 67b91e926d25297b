namespace TorchBrain.Native.Planning;

/// <summary>Checks whether a projection can take the form that its <see cref="Projection.Rows"/> asks for, as far as the description tells.</summary>
static class RowStorageValidator
{
    // Levels of the table of skips, 16 MiB; onto fewer targets every probability fits.
    const double MostSkips = 1 << 22;

    public static void Check(Projection p, string where, ProjectionValidator.Report add)
    {
        where += ".Rows";
        NetworkValidator.Defined(where, p.Rows, add);
        if (p.Rows == RowStorage.Stencil && p.Connectivity is not null && p.Weight is not null && StencilWeights.Obstacle(p) is { } obstacle)
            add(ErrorCode.Incompatible, where, $"is Stencil, but {obstacle}.", "Use a static DistanceKernel, or AllToAll with a weight that is a number or FromDistance, within one population; or RowStorage.Auto.");
        if (p.Rows == RowStorage.Procedural)
            foreach (var (what, fix) in Obstacles(p))
                add(ErrorCode.Incompatible, where, $"is Procedural, but {what}.", fix);
    }

    static IEnumerable<(string What, string Fix)> Obstacles(Projection p)
    {
        const string Drawn = "Use a number, Parameter.Uniform(low, high) with low at most high, Normal or TruncatedNormal with a deviation of at least 0; or RowStorage.Stored.";
        if (p.Learning is not null)
            yield return ("its weights learn", "Procedural rows are static: leave Learning null, or use RowStorage.Stored.");
        if (p.WritableUpTo is not null)
            yield return ("the host may write its weights", "Procedural rows are static: leave WritableUpTo null, or use RowStorage.Stored.");
        if (p.Connectivity is not (null or AllToAll or FixedProbability or FixedTotal))
            yield return ($"its connectivity is {p.Connectivity.GetType().Name}", "Use AllToAll, FixedProbability or FixedTotal, or RowStorage.Stored.");
        if (p.Connectivity is FixedProbability { Probability: > 0 and < 1 and var probability } && Math.Min(p.Target.Count, 23 / probability) > MostSkips)
            yield return ($"a probability of {probability} onto {p.Target.Count:N0} targets skips too many of them at once", "Use FixedTotal, or RowStorage.Stored.");
        if (p.Weight is not (null or ConstantParameter or DrawnParameter { Rises: true }))
            yield return ("its weights are neither a number nor drawn from a distribution in order", Drawn);
        if (p.DelayMs is not (null or ConstantParameter or DrawnParameter { Rises: true }))
            yield return ("its delays are neither a number nor drawn from a distribution in order", Drawn);
    }
}
