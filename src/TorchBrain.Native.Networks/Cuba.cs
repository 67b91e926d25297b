namespace TorchBrain.Native.Networks;

/// <summary>
/// The current-based balanced network of Vogels and Abbott (Journal of Neuroscience 25:10786, 2005) as benchmark 2 of Brette et al. (Journal of Computational Neuroscience 23:349, 2007): 3,200
/// excitatory and 800 inhibitory leaky integrate-and-fire neurons that rest above their threshold, steps of 0.1 ms, delay one step. It keeps itself active at 5 to 6 Hz.
/// </summary>
public sealed record Cuba
{
    /// <summary>Weight of an excitatory synapse, pA: a jump of 1.62 mV of drive over the leak of 10 nS.</summary>
    public const double ExcitatoryPa = 16.2;

    /// <summary>Weight of an inhibitory synapse, pA: -9 mV over the leak of 10 nS.</summary>
    public const double InhibitoryPa = -90;

    /// <summary>Part of the neurons, above 0; synapses per neuron stay.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>True for exactly 64 and 16 synapses onto each neuron, false for each pair with probability 0.02.</summary>
    public bool FixedInDegree { get; init; } = true;

    /// <summary>Seed of connectivity and potentials.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The network; populations <c>E</c> and <c>I</c>.</summary>
    /// <param name="recordingSteps">Window of the spike recordings, steps; 0 for none.</param>
    public Network Network(int recordingSteps = 0) => BalancedPair.Network("cuba", Seed, Scale, FixedInDegree, recordingSteps, ExcitatoryPa, InhibitoryPa,
        new LeakyIntegrateAndFire
        {
            TauMs = 20,
            CapacitancePf = 200,
            RestMv = -49,
            ThresholdMv = -50,
            ResetMv = -60,
            RefractoryMs = 5,
            InitialMv = Parameter.Uniform(-60, -50),
            Synapses = new ExponentialSynapses { TauMs = 5, TauInhibitoryMs = 10 },
        });
}
