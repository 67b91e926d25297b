namespace TorchBrain.Native.Cpu;

/// <summary>Settings of the CPU backend. None of them changes a result.</summary>
public sealed record CpuOptions
{
    /// <summary>Threads, 1 to 1,024; 0 lets the backend choose by the size of the network (at most one per core).</summary>
    public int Threads { get; init; }

    /// <summary>Width of vectors in bits: 128, 256 or 512; 0 for the widest that the processor runs well.</summary>
    public int VectorBits { get; init; }

    /// <summary>How spikes are delivered, and how memory is laid out.</summary>
    public CpuTuning Tuning { get; init; } = new();
}
