namespace TorchBrain.Native.Planning;

/// <summary>Checks whether a projection can take the form that its <see cref="Projection.Rows"/> asks for, as far as the description tells.</summary>
static class RowStorageValidator
{
    public static void Check(Projection p, string where, ProjectionValidator.Report add)
    {
        where += ".Rows";
        NetworkValidator.Defined(where, p.Rows, add);
        if (p.Rows == RowStorage.Stencil && p.Connectivity is not null && p.Weight is not null && Stencil.Obstacle(p) is { } obstacle)
            add(ErrorCode.Incompatible, where, $"is Stencil, but {obstacle}.", "Use a static DistanceKernel, or AllToAll with a weight that is a number or FromDistance, within one population; or RowStorage.Auto.");
    }
}
