namespace TorchBrain.Native.Planning;

/// <summary>What every <see cref="LeakyIntegrateAndFire"/> has in common. State: first the potential relative to E_L, then the refractory steps left.</summary>
public abstract class LeakyPlan : NeuronPlan
{
    private protected LeakyPlan(IReadOnlyList<StateVariable> state, IReadOnlyList<string> channels)
    {
        State = state;
        Channels = channels;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<StateVariable> State { get; }
    /// <inheritdoc/>
    public override IReadOnlyList<string> Channels { get; }
    /// <summary>Threshold relative to E_L, mV.</summary>
    public required ParameterArray Threshold { get; init; }
    /// <summary>Reset relative to E_L, mV.</summary>
    public required ParameterArray Reset { get; init; }
    /// <summary>True if a spike subtracts Threshold - Reset instead of setting the reset potential.</summary>
    public required bool Subtracts { get; init; }
    /// <summary>Refractory steps.</summary>
    public required float RefractorySteps { get; init; }
}

/// <summary>Constants of <see cref="LeakyIntegrateAndFire"/> with exact integration. State after the common one: one current per exponential receptor.</summary>
public class LifPlan : LeakyPlan
{
    internal LifPlan(IReadOnlyList<StateVariable> state, IReadOnlyList<string> channels) : base(state, channels) { }
    /// <summary>True if spikes are jumps of the potential (delta synapses).</summary>
    public required bool Delta { get; init; }
    /// <summary>1 - P22 = 1 - exp(-dt / tau): what leaks in a step. Kept instead of P22, whose rounding to float32 would move the rheobase.</summary>
    public required ParameterArray Q22 { get; init; }
    /// <summary>(tau / C)(1 - P22), mV per pA.</summary>
    public required ParameterArray P20 { get; init; }
    /// <summary>Per receptor with a current: effect of its current on the potential, mV per pA (P32 of alpha currents).</summary>
    public required IReadOnlyList<ParameterArray> P21 { get; init; }
    /// <summary>Per receptor with a current: its decay.</summary>
    public required IReadOnlyList<float> P11 { get; init; }
}

/// <summary>
/// Constants of <see cref="AlphaSynapses"/>. State after the common one: per receptor the current and its <c>rise</c>, pA. The slope that a spike gives the current is
/// (e / tau_s) rise; the factor is in the constants, so a spike adds its weight to the rise.
/// </summary>
public sealed class AlphaLifPlan : LifPlan
{
    internal AlphaLifPlan(IReadOnlyList<StateVariable> state, IReadOnlyList<string> channels) : base(state, channels) { }
    /// <summary>Per receptor: effect of its rise on the potential, (e / tau_s) P31, mV per pA.</summary>
    public required IReadOnlyList<ParameterArray> RiseToPotential { get; init; }
    /// <summary>Per receptor: effect of its rise on the current, (e / tau_s) dt P11.</summary>
    public required IReadOnlyList<float> RiseToCurrent { get; init; }
}

/// <summary>Constants of <see cref="ConductanceSynapses"/>. State after the common one: the excitatory and the inhibitory conductance, nS.</summary>
public sealed class ConductanceLifPlan : LeakyPlan
{
    internal ConductanceLifPlan(IReadOnlyList<StateVariable> state, IReadOnlyList<string> channels) : base(state, channels) { }
    /// <summary>The integration scheme.</summary>
    public required ConductanceScheme Scheme { get; init; }
    /// <summary>dt / tau: what leaks in a step of forward Euler.</summary>
    public required ParameterArray Leak { get; init; }
    /// <summary>dt / C, mV per pA.</summary>
    public required ParameterArray Gain { get; init; }
    /// <summary>Per receptor: reversal potential relative to E_L, mV.</summary>
    public required IReadOnlyList<ParameterArray> Reversal { get; init; }
    /// <summary>Per receptor: decay of its conductance in a step.</summary>
    public required IReadOnlyList<float> Decay { get; init; }
}
