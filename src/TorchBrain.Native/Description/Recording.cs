namespace TorchBrain.Native;

/// <summary>What to keep of a population, for how many steps. Memory is fixed when the plan is made.</summary>
/// <param name="Target">The population recorded.</param>
public abstract record Recording(Population Target)
{
    /// <summary>
    /// Length of the window in steps, at least 1. A recorder must be drained before the window overflows, else
    /// <see cref="Simulation.Run"/> refuses to go on (nothing is lost in silence).
    /// </summary>
    public int Steps { get; init; } = 1000;
}

/// <summary>Every spike of a population.</summary>
/// <param name="Target">The population recorded.</param>
public sealed record SpikeRecording(Population Target) : Recording(Target);

/// <summary>One state variable of a population, sampled at the end of steps.</summary>
/// <param name="Target">The population recorded.</param>
/// <param name="Variable">Name of the state variable, for example <c>v</c>; <see cref="NetworkPlan.Describe"/> lists them.</param>
public sealed record StateRecording(Population Target, string Variable) : Recording(Target)
{
    /// <summary>A sample every so many steps, at least 1.</summary>
    public int EverySteps { get; init; } = 1;
}
