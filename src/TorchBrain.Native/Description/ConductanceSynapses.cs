namespace TorchBrain.Native;

/// <summary>How the potential of a neuron with conductances is integrated: there is no exact step. Published numbers depend on it, so it has a name.</summary>
public enum ConductanceScheme
{
    /// <summary>V += dt V', with everything from the start of the step. Needs dt (g_L + g_e + g_i) / C well below 1.</summary>
    ForwardEuler,
    /// <summary>
    /// Exact for conductances that stand still during the step: V relaxes by exp(-dt (g_L + g_e + g_i) / C) towards the potential at which no current flows. Stable for any step.
    /// </summary>
    ExponentialEuler,
}

/// <summary>
/// Weights are jumps in nS of a conductance that decays exponentially (benchmark 1 of Brette et al. 2007, after Vogels and Abbott 2005):
/// C V' = -g_L (V - E_L) + g_e (E_e - V) + g_i (E_i - V) + I, with g_L = C / tau; g' = -g / tau_g, decayed exactly. Two receptors, excitatory and inhibitory. Both take conductances, which
/// are never negative, so no sign tells them apart: every projection and Poisson input names its <see cref="Receptor"/>. Currents and noise are in pA.
/// </summary>
public sealed record ConductanceSynapses : SynapseModel
{
    /// <summary>Time constant of the excitatory conductance, ms.</summary>
    public double TauMs { get; init; } = 5.0;
    /// <summary>Time constant of the inhibitory conductance, ms.</summary>
    public double TauInhibitoryMs { get; init; } = 10.0;
    /// <summary>Reversal potential E_e of the excitatory conductance, mV.</summary>
    public double ReversalMv { get; init; }
    /// <summary>Reversal potential E_i of the inhibitory conductance, mV.</summary>
    public double InhibitoryReversalMv { get; init; } = -80.0;
    /// <summary>Excitatory conductance at the start, nS, 0 or more; null for 0.</summary>
    public Parameter? InitialExcitatoryNs { get; init; }
    /// <summary>Inhibitory conductance at the start, nS, 0 or more; null for 0.</summary>
    public Parameter? InitialInhibitoryNs { get; init; }
    /// <summary>The integration scheme of the potential.</summary>
    public ConductanceScheme Scheme { get; init; } = ConductanceScheme.ForwardEuler;
}
