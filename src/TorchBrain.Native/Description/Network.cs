namespace TorchBrain.Native;

/// <summary>
/// What to simulate: populations of neurons, projections between them, inputs, and what to record. A description holds no state and
/// no buffers; <see cref="NetworkPlanner.Plan"/> turns it into a <see cref="NetworkPlan"/>. The same description gives the same spikes,
/// bit for bit, on every backend, with any number of threads and any vector width.
/// </summary>
public sealed record Network
{
    /// <summary>Largest delay in steps.</summary>
    public const int MaxDelaySteps = 4096;

    /// <summary>Name, for messages and files.</summary>
    public string Name { get; init; } = "network";

    /// <summary>Seed of every random draw: positions, parameters, connectivity, noise.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Length of a step in ms; above 0 and at most 10.</summary>
    public double TimeStepMs { get; init; } = 1.0;

    /// <summary>Instances simulated side by side, 1 to 65,536. They share connectivity and static weights; state, inputs, noise and plastic weights are each instance's own.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Populations; at least one.</summary>
    public required IReadOnlyList<Population> Populations { get; init; }

    /// <summary>Projections between the populations above.</summary>
    public IReadOnlyList<Projection> Projections { get; init; } = [];

    /// <summary>Currents, noise and Poisson drive.</summary>
    public IReadOnlyList<Input> Inputs { get; init; } = [];

    /// <summary>What to keep: a recording is part of the plan, so a backend can hold its window on the device.</summary>
    public IReadOnlyList<Recording> Recordings { get; init; } = [];
}
