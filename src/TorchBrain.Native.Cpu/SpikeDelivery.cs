namespace TorchBrain.Native.Cpu;

/// <summary>How spikes reach static sparse synapses. The sums, and so the results, are the same.</summary>
public enum SpikeDelivery
{
    /// <summary>The backend chooses: push where the slots of all delays fit the second-level cache, else pull.</summary>
    Auto,
    /// <summary>A row waits, and each of its runs is added in the step in which it arrives.</summary>
    Pull,
    /// <summary>A row is added at once to the slots of all its delays.</summary>
    Push,
}
