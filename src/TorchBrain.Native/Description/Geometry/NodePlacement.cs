namespace TorchBrain.Native;

/// <summary>How the nodes of a population are put on its <see cref="Geometry"/>.</summary>
public enum NodePlacement
{
    /// <summary>Each node independently and uniformly by area, a pure function of seed, stream and node index.</summary>
    UniformRandom,

    /// <summary>As evenly as the shape allows, without randomness: rows and columns, a sunflower spiral or a hexagonal grid.</summary>
    Lattice,
}
