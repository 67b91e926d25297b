namespace TorchBrain.Native.Cpu;

/// <summary>Choices that change the speed of a network on a processor and never its result.</summary>
public sealed record CpuTuning
{
    /// <summary>How spikes reach static sparse synapses.</summary>
    public SpikeDelivery Delivery { get; init; }

    /// <summary>
    /// Sums of one thread that a row of static sparse synapses names together: a multiple of 64 from 64 to 65,536. Shorter slices stay in a smaller cache and have more, shorter rows.
    /// </summary>
    public int SliceElements { get; init; } = SparseRows.LongestSlice;

    /// <summary>Whether buffers of 8 MiB and more ask the system for pages of 2 MiB (Linux; elsewhere it changes nothing).</summary>
    public bool HugePages { get; init; } = true;

    /// <summary>
    /// Whether synapses of one weight and one delay that reach one target in 32 or more are kept as one bit a pair. Without, they are rows of 4 bytes a synapse.
    /// </summary>
    public bool Bitmasks { get; init; } = true;

    internal void Validate()
    {
        if (!Enum.IsDefined(Delivery))
            throw new TorchBrainException(ErrorCode.BackendOption, $"CpuTuning.Delivery is {(int)Delivery}; allowed are {string.Join(", ", Enum.GetNames<SpikeDelivery>())}.", "Use Auto.");
        if (SliceElements is < CpuPopulation.Group or > SparseRows.LongestSlice || SliceElements % CpuPopulation.Group != 0)
            throw new TorchBrainException(ErrorCode.BackendOption, $"CpuTuning.SliceElements is {SliceElements}; allowed are multiples of 64 from 64 to 65,536.", "Use 65536.");
    }
}
