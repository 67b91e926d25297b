namespace TorchBrain.Native;

/// <summary>A group of neurons of one model. Identity is the object (and its unique name), not its values.</summary>
/// <param name="Name">Unique within the network.</param>
/// <param name="Count">Number of neurons, at least 1.</param>
public sealed record Population(string Name, int Count)
{
    /// <summary>The neuron model and its parameters.</summary>
    public required NeuronModel Neuron { get; init; }

    /// <summary>Where the neurons are; needed by connectivity and parameters that depend on position.</summary>
    public Geometry? Geometry { get; init; }

    /// <summary>
    /// True if the host may silence neurons while the simulation runs (<see cref="Simulation.SetAlive"/>): a dead neuron goes on
    /// integrating but emits no spike. Used for damage and for neurons that are not born yet.
    /// </summary>
    public bool Lesionable { get; init; }

    /// <inheritdoc/>
    public bool Equals(Population? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
