namespace TorchBrain.Native.Cuda;

/// <summary>When the weights of <see cref="PairStdp"/> take up a postsynaptic spike. Neither changes a result.</summary>
public enum CudaPlasticity
{
    /// <summary>In its step, over an index of the synapses by target: some 12 bytes a synapse more, and accesses to weights that do not lie together.</summary>
    Column,

    /// <summary>
    /// When the next spike arrives over the synapse, or within 224 steps: no index, weights only in the order in which they lie, 32 bytes for each element of the target and 8 for each source, delay and
    /// instance. For rates that are not low: each weight is looked at 1/224 times a step at least.
    /// </summary>
    Lazy,
}
