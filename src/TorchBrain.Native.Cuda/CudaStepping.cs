namespace TorchBrain.Native.Cuda;

/// <summary>How the steps of a network reach the device. None of them changes a result.</summary>
public enum CudaStepping
{
    /// <summary>
    /// The backend chooses: <see cref="OneBlock"/> for networks of at most 512 neurons and 262,144 synapses (all instances together), else <see cref="Persistent"/> where the
    /// device can, else <see cref="Graph"/>. On an H100 many blocks were faster than one from 1,000 neurons on, the smallest network tried.
    /// </summary>
    Auto,

    /// <summary>A kernel per phase of a step, captured into graphs of many steps. Works on every device.</summary>
    Graph,

    /// <summary>One kernel runs many steps on as many blocks as the device can hold at once, which wait for each other between dependent phases. Where the device cannot: <see cref="Graph"/>.</summary>
    Persistent,

    /// <summary>One kernel of a single block runs many steps; waiting costs next to nothing, and one multiprocessor does all the work. For small networks.</summary>
    OneBlock,
}
