namespace TorchBrain.Native;

/// <summary>Where the synapses of a projection are while the network runs. Decides memory and speed, never spikes: all forms that a projection can take give the same.</summary>
public enum RowStorage
{
    /// <summary>A stencil where the projection is one and that is faster than its rows; stored rows otherwise. Never procedural.</summary>
    Auto,
    /// <summary>Every synapse is kept: as a matrix or as rows, whichever is smaller.</summary>
    Stored,
    /// <summary>
    /// One weight per offset between two nodes of a lattice, none per synapse. Possible within one population on a <see cref="Torus"/> or <see cref="Square"/> with
    /// <see cref="NodePlacement.Lattice"/> whose distances repeat exactly (as with a whole pitch), for static weights by distance and one delay.
    /// </summary>
    Stencil,
    /// <summary>
    /// Nothing is kept: a spike makes its row anew, from the seed. Possible for static <see cref="AllToAll"/>, <see cref="FixedProbability"/> and <see cref="FixedTotal"/> projections with weights and
    /// delays that are a number, <see cref="Parameter.Uniform"/>, <see cref="Parameter.Normal"/> or <see cref="Parameter.TruncatedNormal"/>. Slower than stored rows, for networks that would not fit.
    /// </summary>
    Procedural,
}
