namespace TorchBrain.Native.Planning;

/// <summary>Type of the elements of a buffer.</summary>
public enum ElementType
{
    /// <summary>32-bit float.</summary>
    Float32,
    /// <summary>32-bit integer, also 32 packed bits.</summary>
    Int32,
    /// <summary>64-bit integer.</summary>
    Int64,
}

/// <summary>What a mutable buffer holds.</summary>
public enum BufferKind
{
    /// <summary>A state variable; index is the variable.</summary>
    State,
    /// <summary>Fixed-point input still to come, [slot][element]; slot r is for step now + r; index is the channel.</summary>
    PendingInput,
    /// <summary>Spikes of the past, packed bits, [slot][word]; slot r is step now - 1 - r.</summary>
    SpikeHistory,
    /// <summary>Packed bits: which elements are alive.</summary>
    Alive,
    /// <summary>Current set by the host; index is the input.</summary>
    InjectedCurrent,
    /// <summary>
    /// Weights of a plastic or writable projection, instance innermost: dense [source][target], sparse in row order (source, delay, target).
    /// </summary>
    Weights,
    /// <summary>Wins of each unit (winner-take-all).</summary>
    Wins,
    /// <summary>Largest input each unit ever saw (winner-take-all).</summary>
    LargestInput,
    /// <summary>Presynaptic traces of the past, [slot][element]; slot r is the trace before the spikes of step now - 1 - r.</summary>
    PreTrace,
    /// <summary>Presynaptic trace now.</summary>
    PreTraceNow,
    /// <summary>Postsynaptic trace now; index 0 the fast, 1 the slow one of the triplet rule.</summary>
    PostTrace,
    /// <summary>Presynaptic traces up to now, [slot][element]; slot r is the trace before the spikes of step now - r; index 0 the fast, 1 the slow one of the triplet rule.</summary>
    TraceHistory,
    /// <summary>Eligibility of each synapse, in the layout of <see cref="Weights"/>.</summary>
    Eligibility,
    /// <summary>Reward of each instance.</summary>
    Reward,
}

/// <summary>
/// A mutable buffer of a plan in its canonical layout, which every backend can read and write whatever its own layout is. Checkpoints
/// hold exactly these.
/// </summary>
/// <param name="Id">Position in <see cref="NetworkPlan.Buffers"/>.</param>
/// <param name="Name">For people.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Owner">Index of the population or projection.</param>
/// <param name="Index">Which of several of that kind.</param>
/// <param name="Type">Element type.</param>
/// <param name="Length">Number of elements.</param>
public sealed record BufferSpec(int Id, string Name, BufferKind Kind, int Owner, int Index, ElementType Type, long Length)
{
    /// <summary>Size in bytes.</summary>
    public long Bytes => Length * (Type == ElementType.Int64 ? 8 : 4);
}
