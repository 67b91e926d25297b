namespace TorchBrain.Native.Planning;

/// <summary>
/// One operation of a step, as data. The order of <see cref="NetworkPlan.Ops"/> is the order of a step on every backend; see docs/step-order.md.
/// </summary>
public abstract record StepOp
{
    private protected StepOp() { }
}

/// <summary>
/// Arrival at plastic synapses. Reads: spikes of step now - delay, weights, postsynaptic traces. Writes: input of this step; with spike-timing-dependent
/// plasticity also weights (depression).
/// </summary>
/// <param name="Projection">The projection.</param>
public sealed record ArriveOp(ProjectionPlan Projection) : StepOp;

/// <summary>Reads: input of this step, currents, noise, state. Writes: state, spikes of this step; clears the input it read.</summary>
/// <param name="Population">The population.</param>
public sealed record UpdateNeuronsOp(PopulationPlan Population) : StepOp;

/// <summary>Learning after the update. Reads: spikes of this step, traces. Writes: weights, traces, thresholds.</summary>
/// <param name="Projection">The projection.</param>
public sealed record LearnOp(ProjectionPlan Projection) : StepOp;

/// <summary>Reads: spikes of this step, static weights. Writes: input of later steps.</summary>
/// <param name="Projection">The projection.</param>
public sealed record PropagateOp(ProjectionPlan Projection) : StepOp;

/// <summary>Reads: spikes or state. Writes: the recording's window.</summary>
/// <param name="Recording">The recording.</param>
public sealed record RecordOp(RecordingPlan Recording) : StepOp;
