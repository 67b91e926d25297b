namespace TorchBrain.Native.Networks;

/// <summary>What stands for the rest of the brain.</summary>
public enum MicrocircuitDrive
{
    /// <summary>Independent Poisson spikes onto every neuron, as from 8 Hz of each of its external synapses.</summary>
    Poisson,
    /// <summary>A constant current of the same mean.</summary>
    Constant,
}
