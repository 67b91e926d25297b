namespace TorchBrain.Native;

/// <summary>Which of the two synaptic inputs of a model a projection feeds.</summary>
public enum Receptor
{
    /// <summary>
    /// Chosen by the sign of the weights where the model has two receptors; the only one otherwise. Refused onto <see cref="ConductanceSynapses"/>, where no weight is negative.
    /// </summary>
    Auto,
    /// <summary>The first receptor.</summary>
    Excitatory,
    /// <summary>The second receptor.</summary>
    Inhibitory,
}

/// <summary>Synapses from one population to another (or to itself).</summary>
/// <param name="Source">Presynaptic population.</param>
/// <param name="Target">Postsynaptic population.</param>
public sealed record Projection(Population Source, Population Target)
{
    /// <summary>Unique name; default <c>source -> target</c>.</summary>
    public string? Name { get; init; }

    /// <summary>Who connects to whom.</summary>
    public required Connectivity Connectivity { get; init; }

    /// <summary>
    /// Weight of each synapse, in the unit of the target's receptor (pA for current synapses, nS for conductances, mV for delta synapses, the model's own
    /// for Izhikevich and threshold-linear units). Connectivity that brings its own weights ignores it.
    /// </summary>
    public Parameter Weight { get; init; } = 1.0;

    /// <summary>Delay of each synapse in ms, rounded to whole steps, at least one; null means one step.</summary>
    public Parameter? DelayMs { get; init; }

    /// <summary>Receptor of the target.</summary>
    public Receptor Receptor { get; init; } = Receptor.Auto;

    /// <summary>How the weights change; null for static weights.</summary>
    public LearningRule? Learning { get; init; }

    /// <summary>
    /// Largest absolute weight that the host will ever write into this static projection while it runs; null forbids writing. A bound is
    /// needed because the fixed-point scale of the target's input follows from it. Makes the projection dense.
    /// </summary>
    public double? WritableUpTo { get; init; }

    /// <summary>Where the synapses are while the network runs; decides memory and speed, never spikes.</summary>
    public RowStorage Rows { get; init; } = RowStorage.Auto;

    /// <summary>The name, given or default.</summary>
    public string EffectiveName => Name ?? $"{Source?.Name} -> {Target?.Name}";

    /// <inheritdoc/>
    public bool Equals(Projection? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
