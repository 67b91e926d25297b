namespace TorchBrain.Native.Planning;

/// <summary>
/// Nodes in rows and columns, node = row x columns + column, whose distances depend, bit for bit, on nothing but how many rows and columns lie between them. A pitch that binary numbers hold
/// (1, 0.5, 3) gives such a lattice; with others the positions are rounded, and a pair is a little nearer than the next.
/// </summary>
public sealed class NodeLattice
{
    // Pairs of coordinates looked at for one axis; sheets of millions of nodes stay below.
    const long MostPairs = 1 << 24;

    NodeLattice(int rows, int columns, bool periodic) => (Rows, Columns, Periodic) = (rows, columns, periodic);

    /// <summary>Number of rows.</summary>
    public int Rows { get; }
    /// <summary>Number of columns.</summary>
    public int Columns { get; }
    /// <summary>True on a torus, whose last row and column are neighbours of the first.</summary>
    public bool Periodic { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{(Periodic ? "torus" : "sheet")} of {Rows:N0} x {Columns:N0} nodes";

    /// <summary>The lattice that nodes form, or null.</summary>
    internal static NodeLattice? Of(Geometry? geometry, IReadOnlyList<Position>? positions)
    {
        if (geometry is not (Torus or Square) || geometry.Placement != NodePlacement.Lattice || positions is null)
            return null;
        var columns = 1;
        while (columns < positions.Count && positions[columns].Y == positions[0].Y)
            columns++;
        var rows = positions.Count / columns;
        if ((long)rows * columns != positions.Count || (long)columns * columns > MostPairs || (long)rows * rows > MostPairs)
            return null;
        for (var node = 0; node < positions.Count; node++)
            if (positions[node].X != positions[node % columns].X || positions[node].Y != positions[node / columns * columns].Y || positions[node].Z != 0)
                return null;
        // A distance is the root of a sum of squares, so along an axis it is the exact difference, and equal differences on both axes make equal distances.
        var repeats = Repeats(columns, (a, b) => geometry.Distance(positions[a] with { Y = 0 }, positions[b] with { Y = 0 }))
            && Repeats(rows, (a, b) => geometry.Distance(positions[a * columns] with { X = 0 }, positions[b * columns] with { X = 0 }));
        return repeats ? new NodeLattice(rows, columns, geometry is Torus) : null;
    }

    static bool Repeats(int count, Func<int, int, double> distance)
    {
        for (var offset = 1; offset < count; offset++)
        {
            var expected = distance(0, offset);
            for (var a = 1; a + offset < count; a++)
                if (distance(a, a + offset) != expected)
                    return false;
        }
        return true;
    }
}
