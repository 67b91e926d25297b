namespace TorchBrain.Native.Planning;

/// <summary>How the synapses of a projection are stored. Part of the plan, because it rounds the weights.</summary>
public enum SynapseStorage
{
    /// <summary>A full matrix of 16-bit weights.</summary>
    DenseInt16,
    /// <summary>A full matrix of float weights (winner-take-all).</summary>
    DenseFloat,
    /// <summary>Rows of (target, 16-bit weight), sorted by delay and target.</summary>
    SparseInt16,
    /// <summary>Rows of (target, float weight), sorted by delay and target (spike-timing-dependent plasticity).</summary>
    SparseFloat,
    /// <summary>A 16-bit weight per offset on a lattice (<see cref="Planning.StencilPlan"/>), nothing per synapse.</summary>
    Stencil,
    /// <summary>Nothing: a row is made anew for each spike (<see cref="ProceduralRows"/>).</summary>
    Procedural,
}

/// <summary>A projection as planned.</summary>
public sealed class ProjectionPlan
{
    internal ProjectionPlan() { }
    /// <summary>Position in the plan.</summary>
    public required int Index { get; init; }
    /// <summary>The description.</summary>
    public required Projection Description { get; init; }
    /// <summary>Name.</summary>
    public string Name => Description.EffectiveName;
    /// <summary>Presynaptic population.</summary>
    public required PopulationPlan Source { get; init; }
    /// <summary>Postsynaptic population.</summary>
    public required PopulationPlan Target { get; init; }
    /// <summary>Channel of the target.</summary>
    public required int Channel { get; init; }
    /// <summary>Storage of the weights.</summary>
    public required SynapseStorage Storage { get; init; }
    /// <summary>The storage whose result it gives: <see cref="Storage"/>, or where it keeps less, what would be stored otherwise. Covered by the plan's hash, so checkpoints cross.</summary>
    public required SynapseStorage EqualTo { get; init; }
    /// <summary>For 16-bit weights: input in fixed point = weight16 shifted left by this.</summary>
    public required int Shift { get; init; }
    /// <summary>The weight of all synapses at the start; null where they differ or there are none.</summary>
    public required float? SharedWeight { get; init; }
    /// <summary>Smallest delay in steps.</summary>
    public required int MinDelay { get; init; }
    /// <summary>Largest delay in steps.</summary>
    public required int MaxDelay { get; init; }
    /// <summary>Number of synapses (for dense storage sources x targets).</summary>
    public required long SynapseCount { get; init; }
    /// <summary>For sparse storage: synapses of each source.</summary>
    public required int[] RowLengths { get; init; }
    /// <summary>The weights by offset, for <see cref="SynapseStorage.Stencil"/>.</summary>
    public required StencilPlan? Stencil { get; init; }
    /// <summary>The rows as functions of random words, for <see cref="SynapseStorage.Procedural"/>.</summary>
    public required ProceduralRows? Procedural { get; init; }
    /// <summary>Makes the synapses.</summary>
    public required SynapseGenerator Synapses { get; init; }
    /// <summary>Constants of the learning rule, or null.</summary>
    public required LearningPlan? Learning { get; init; }
    /// <summary>True if weights can change: by a rule or by the host.</summary>
    public bool HasWeightBuffer => Learning is not null || Description.WritableUpTo is not null;
    /// <summary>True for dense storage.</summary>
    public bool IsDense => Storage is SynapseStorage.DenseInt16 or SynapseStorage.DenseFloat;
    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>The 16-bit weight that stands for a weight.</summary>
    public short Quantise(float weight) => Quantise(weight, WeightScale);

    /// <summary>What a weight is multiplied with to be rounded to 16 bits, a power of two.</summary>
    public float WeightScale => (float)Math.ScaleB(1.0, Target.Channels[Channel].ScaleLog2 - Shift);

    /// <summary>The 16-bit weight of a projection whose <see cref="WeightScale"/> was asked for once.</summary>
    public static short Quantise(float weight, float weightScale) => (short)Math.Clamp(MathF.Round(weight * weightScale), -32767f, 32767f);

    /// <summary>The weight that a 16-bit weight stands for.</summary>
    public float Dequantise(short weight) => (float)(weight * Math.ScaleB(1.0, Shift - Target.Channels[Channel].ScaleLog2));
}

/// <summary>Constants of a learning rule for the network's time step.</summary>
public abstract class LearningPlan
{
    private protected LearningPlan() { }
}

/// <summary>Constants of <see cref="WinnerTakeAllHebbian"/>.</summary>
public sealed class WinnerTakeAllPlan : LearningPlan
{
    internal WinnerTakeAllPlan() { }
    /// <summary>eta.</summary>
    public required float LearningRate { get; init; }
    /// <summary>Gain of the threshold.</summary>
    public required float ThresholdGain { get; init; }
    /// <summary>Mean weight x number of sources: the sum that the incoming weights are scaled to.</summary>
    public required float WeightSum { get; init; }
    /// <summary>Steps between threshold resets, 0 for never.</summary>
    public required int ResetEverySteps { get; init; }
    /// <summary>Units with fewer wins are reset.</summary>
    public required int ResetBelowWins { get; init; }
    /// <summary>Reset threshold as a fraction of the largest input.</summary>
    public required float ResetFraction { get; init; }
    /// <summary>Weights at the start, [source][target], normalised.</summary>
    public required float[] InitialWeights { get; init; }
}
