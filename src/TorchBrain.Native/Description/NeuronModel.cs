namespace TorchBrain.Native;

/// <summary>A neuron model with its parameters. A closed set: see the derived records.</summary>
public abstract record NeuronModel
{
    private protected NeuronModel() { }
}

/// <summary>How the Izhikevich equations are integrated. Published results depend on it, so it has a name.</summary>
public enum IzhikevichScheme
{
    /// <summary>
    /// The published network scheme (Izhikevich 2003): two half steps of v with u and I frozen, then u with the new v; spike where v >= peak.
    /// The paper tests at the start of a step; testing at the end of the step before is the same computation.
    /// </summary>
    TwoHalfSteps,
    /// <summary>The scheme of the 2004 figure: one Euler step of v, then u with the new v; spike where v > peak after both.</summary>
    Euler,
    /// <summary>Consistent forward Euler: v and u both from the old values; spike where v >= peak.</summary>
    EulerConsistent,
}

/// <summary>
/// The simple model of Izhikevich (2003, 2004): v' = k2 v^2 + k1 v + k0 - u + I, u' = a (b (v - r) - e u); at the peak v = c, u += d.
/// v in mV, time in ms; I and u in the model's own unit (mV/ms). Receptors: one, a current I of one step.
/// </summary>
public sealed record Izhikevich : NeuronModel
{
    /// <summary>Rate of recovery, 1/ms.</summary>
    public Parameter A { get; init; } = 0.02;
    /// <summary>Sensitivity of recovery to v.</summary>
    public Parameter B { get; init; } = 0.2;
    /// <summary>Value of v after a spike, mV.</summary>
    public Parameter C { get; init; } = -65.0;
    /// <summary>Jump of u at a spike.</summary>
    public Parameter D { get; init; } = 8.0;
    /// <summary>v at the start, mV.</summary>
    public Parameter InitialV { get; init; } = -65.0;
    /// <summary>u at the start; null for b (v - r) at the initial v.</summary>
    public Parameter? InitialU { get; init; }
    /// <summary>Peak at which a spike is emitted, mV.</summary>
    public double PeakMv { get; init; } = 30.0;
    /// <summary>Coefficient of v^2.</summary>
    public double Quadratic { get; init; } = 0.04;
    /// <summary>Coefficient of v (4.1 in two of the twenty published patterns).</summary>
    public double Linear { get; init; } = 5.0;
    /// <summary>The constant (108 in two of the twenty published patterns).</summary>
    public double Offset { get; init; } = 140.0;
    /// <summary>Reference r of the recovery, mV (-65 in the published accommodation pattern).</summary>
    public double RecoveryReferenceMv { get; init; }
    /// <summary>Decay e of the recovery (0 in the published accommodation pattern).</summary>
    public double RecoveryDecay { get; init; } = 1.0;
    /// <summary>The integration scheme.</summary>
    public IzhikevichScheme Scheme { get; init; } = IzhikevichScheme.TwoHalfSteps;

    /// <summary>Regular spiking (excitatory cortical) cells.</summary>
    public static Izhikevich RegularSpiking { get; } = new();
    /// <summary>Intrinsically bursting cells.</summary>
    public static Izhikevich IntrinsicallyBursting { get; } = new() { C = -55.0, D = 4.0 };
    /// <summary>Chattering cells.</summary>
    public static Izhikevich Chattering { get; } = new() { C = -50.0, D = 2.0 };
    /// <summary>Fast spiking (inhibitory) cells.</summary>
    public static Izhikevich FastSpiking { get; } = new() { A = 0.1, D = 2.0 };
    /// <summary>Thalamo-cortical cells.</summary>
    public static Izhikevich ThalamoCortical { get; } = new() { B = 0.25, D = 0.05 };
    /// <summary>Resonators.</summary>
    public static Izhikevich Resonator { get; } = new() { A = 0.1, B = 0.26, D = 2.0 };
    /// <summary>Low-threshold spiking (inhibitory) cells.</summary>
    public static Izhikevich LowThresholdSpiking { get; } = new() { B = 0.25, D = 2.0 };
}

/// <summary>How a spike acts on a leaky integrate-and-fire neuron.</summary>
public abstract record SynapseModel
{
    private protected SynapseModel() { }
}

/// <summary>Weights are jumps of the membrane potential in mV, visible in the step of arrival. One receptor.</summary>
public sealed record DeltaSynapses : SynapseModel;

/// <summary>Weights are jumps in pA of a current that decays exponentially. One receptor, or two where the inhibitory time constant differs.</summary>
public sealed record ExponentialSynapses : SynapseModel
{
    /// <summary>Time constant of the excitatory (or only) current, ms.</summary>
    public double TauMs { get; init; } = 5.0;
    /// <summary>Time constant of a second, inhibitory current, ms; null for one receptor that takes weights of both signs.</summary>
    public double? TauInhibitoryMs { get; init; }
}

/// <summary>
/// Weights are amplitudes in pA of a current with the shape of an alpha function: one spike adds w (e t / tau) exp(-t / tau), which peaks at w, tau after the arrival. Integrated exactly
/// (Rotter and Diesmann 1999). One receptor, or two where the inhibitory time constant differs.
/// </summary>
public sealed record AlphaSynapses : SynapseModel
{
    /// <summary>Time from arrival to peak of the excitatory (or only) current, ms.</summary>
    public double TauMs { get; init; } = 2.0;
    /// <summary>Time to peak of a second, inhibitory current, ms; null for one receptor that takes weights of both signs.</summary>
    public double? TauInhibitoryMs { get; init; }
}

/// <summary>What a spike does to the potential of a leaky integrate-and-fire neuron.</summary>
public enum SpikeReset
{
    /// <summary>V = ResetMv.</summary>
    ToPotential,
    /// <summary>V = V - (ThresholdMv - ResetMv): what lies above the threshold is kept, so spike counts add up. Needs RefractoryMs = 0.</summary>
    BySubtraction,
}

/// <summary>
/// Leaky integrate-and-fire with exact integration on the time grid (Rotter and Diesmann 1999):
/// tau V' = -(V - E_L) + (tau / C)(I_syn + I); with <see cref="ConductanceSynapses"/> by the scheme named there. A neuron that spikes in step k carries the time (k+1) dt and is clamped to V_reset for
/// round(t_ref / dt) steps. The state is kept relative to E_L.
/// </summary>
public sealed record LeakyIntegrateAndFire : NeuronModel
{
    /// <summary>Membrane time constant, ms.</summary>
    public Parameter TauMs { get; init; } = 10.0;
    /// <summary>Membrane capacitance, pF.</summary>
    public Parameter CapacitancePf { get; init; } = 250.0;
    /// <summary>Resting potential E_L, mV.</summary>
    public Parameter RestMv { get; init; } = -65.0;
    /// <summary>Spike threshold (the test is V >= threshold), mV.</summary>
    public Parameter ThresholdMv { get; init; } = -50.0;
    /// <summary>Potential after a spike and while refractory, mV.</summary>
    public Parameter ResetMv { get; init; } = -65.0;
    /// <summary>Refractory period, ms; rounded to whole steps.</summary>
    public double RefractoryMs { get; init; } = 2.0;
    /// <summary>What a spike does to the potential.</summary>
    public SpikeReset SpikeReset { get; init; } = SpikeReset.ToPotential;
    /// <summary>Potential at the start, mV; null for E_L.</summary>
    public Parameter? InitialMv { get; init; }
    /// <summary>How spikes act.</summary>
    public SynapseModel Synapses { get; init; } = new ExponentialSynapses();
}

/// <summary>Who of a threshold-linear population may be active in a step.</summary>
public enum Competition
{
    /// <summary>Every unit above its threshold.</summary>
    None,
    /// <summary>Only the unit with the largest y; ties go to the lowest index.</summary>
    WinnerTakesAll,
}

/// <summary>
/// Threshold-linear unit without memory: x = sum of the weights of the spikes that arrive this step, y = max(0, x - theta). The unit emits a
/// spike where y > 0 and the competition lets it. The second layer of Torch Brain (Raghavan and Thomson 2019). Receptors: one.
/// </summary>
public sealed record ThresholdLinear : NeuronModel
{
    /// <summary>Threshold theta, in the unit of the weights; moved by <see cref="WinnerTakeAllHebbian"/>.</summary>
    public Parameter Threshold { get; init; } = Parameter.Normal(70, 2);
    /// <summary>Who may be active.</summary>
    public Competition Competition { get; init; } = Competition.WinnerTakesAll;
}

/// <summary>Independent Poisson spike trains: in each step each unit spikes with probability 1 - exp(-rate dt). No receptors.</summary>
public sealed record PoissonSource : NeuronModel
{
    /// <summary>Rate of each unit, Hz; 0 or more.</summary>
    public Parameter RateHz { get; init; } = 10.0;
}

/// <summary>Spikes at given steps, the same in every instance of a batch. No receptors.</summary>
public sealed record SpikeArray : NeuronModel
{
    /// <summary>The spikes: in step <c>Step</c> (from 0) unit <c>Index</c> spikes. Any order; duplicates count once.</summary>
    public required IReadOnlyList<SourceSpike> Spikes { get; init; }
}

/// <summary>One spike of a <see cref="SpikeArray"/>.</summary>
/// <param name="Step">The step, from 0.</param>
/// <param name="Index">The unit within its population.</param>
public readonly record struct SourceSpike(long Step, int Index);
