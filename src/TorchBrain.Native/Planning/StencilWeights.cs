namespace TorchBrain.Native.Planning;

/// <summary>The weights of a projection whose synapses depend only on the offset between two nodes of a <see cref="NodeLattice"/>.</summary>
public sealed class StencilWeights
{
    readonly short[] _weights;

    StencilWeights(NodeLattice lattice, short[] weights)
    {
        Lattice = lattice;
        _weights = weights;
        for (var row = 1 - lattice.Rows; row < lattice.Rows; row++)
            for (var column = 1 - lattice.Columns; column < lattice.Columns; column++)
            {
                if (At(row, column) == 0)
                    continue;
                Offsets++;
                RowReach = Math.Max(RowReach, lattice.Periodic ? Math.Min(Math.Abs(row), lattice.Rows - Math.Abs(row)) : Math.Abs(row));
                ColumnReach = Math.Max(ColumnReach, lattice.Periodic ? Math.Min(Math.Abs(column), lattice.Columns - Math.Abs(column)) : Math.Abs(column));
            }
    }

    /// <summary>The nodes.</summary>
    public NodeLattice Lattice { get; }

    /// <summary>
    /// Offsets with a weight. On a torus, an offset and the one that leads to the same node the other way around both count: no path has to be turned around a border then.
    /// </summary>
    public int Offsets { get; }

    /// <summary>Most rows between a node and one it has a synapse to, the shorter way around.</summary>
    public int RowReach { get; }

    /// <summary>Most columns between a node and one it has a synapse to, the shorter way around.</summary>
    public int ColumnReach { get; }

    /// <summary>The 16-bit weight from a node to the one so many rows and columns further on, 0 where there is no synapse.</summary>
    /// <param name="rows">Row of the target less that of the source.</param>
    /// <param name="columns">Column of the target less that of the source.</param>
    public short At(int rows, int columns) => _weights[Math.Abs(rows) * Lattice.Columns + Math.Abs(columns)];

    /// <summary>Why the synapses of a projection are no stencil, whatever its geometry; null if they may be one.</summary>
    internal static string? Obstacle(Projection p) => p switch
    {
        { Learning: not null } => "its weights learn",
        { WritableUpTo: not null } => "the host may write its weights",
        _ when !ReferenceEquals(p.Source, p.Target) => "it joins two populations",
        { Connectivity: DistanceKernel } => null,
        { Connectivity: AllToAll, Weight: ConstantParameter or DistanceParameter } => null,
        _ => "its weights do not follow from distances alone",
    };

    /// <summary>The stencil of a projection without obstacles and with one delay.</summary>
    /// <param name="lattice">The nodes.</param>
    /// <param name="synapses">Makes its rows.</param>
    /// <param name="weightScale">As <see cref="ProjectionPlan.WeightScale"/>.</param>
    internal static StencilWeights Of(NodeLattice lattice, SynapseGenerator synapses, float weightScale)
    {
        // Distances have no direction, so the row of the node in the corner holds every weight there is.
        var corner = new SynapseBuffer();
        synapses.Generate(0, corner);
        var weights = new short[synapses.Targets];
        for (var k = 0; k < corner.Count; k++)
            weights[corner.Partner[k]] = ProjectionPlan.Quantise(corner.Weight[k], weightScale);
        return new StencilWeights(lattice, weights);
    }
}
