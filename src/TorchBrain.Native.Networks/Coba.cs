namespace TorchBrain.Native.Networks;

/// <summary>
/// The conductance-based balanced network of Vogels and Abbott (Journal of Neuroscience 25:10786, 2005) as benchmark 1 of Brette et al. (Journal of Computational Neuroscience 23:349, 2007): 3,200
/// excitatory and 800 inhibitory leaky integrate-and-fire neurons, steps of 0.1 ms, delay one step, no drive. Open synapses at the start set it off; from potentials alone it stays silent.
/// </summary>
public sealed record Coba
{
    /// <summary>Weight of an excitatory synapse, nS.</summary>
    public const double ExcitatoryNs = 6;

    /// <summary>Weight of an inhibitory synapse, nS.</summary>
    public const double InhibitoryNs = 67;

    /// <summary>Part of the neurons, above 0; synapses per neuron stay.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>True for exactly 64 and 16 synapses onto each neuron, false for each pair with probability 0.02.</summary>
    public bool FixedInDegree { get; init; }

    /// <summary>How the membrane equation is integrated. Simulators differ in it, in speed by a factor of three to four.</summary>
    public ConductanceScheme Scheme { get; init; } = ConductanceScheme.ForwardEuler;

    /// <summary>Seed of connectivity, potentials and conductances.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The network; populations <c>E</c> and <c>I</c>.</summary>
    /// <param name="recordingSteps">Window of the spike recordings, steps; 0 for none.</param>
    public Network Network(int recordingSteps = 0) => BalancedPair.Network("coba", Seed, Scale, FixedInDegree, recordingSteps, ExcitatoryNs, InhibitoryNs,
        new LeakyIntegrateAndFire
        {
            TauMs = 20,
            CapacitancePf = 200,
            RestMv = -60,
            ThresholdMv = -50,
            ResetMv = -60,
            RefractoryMs = 5,
            InitialMv = Parameter.Normal(-65, 5),
            Synapses = new ConductanceSynapses
            {
                TauMs = 5,
                TauInhibitoryMs = 10,
                ReversalMv = 0,
                InhibitoryReversalMv = -80,
                Scheme = Scheme,
                InitialExcitatoryNs = Parameter.Normal(40, 15, min: 0),
                InitialInhibitoryNs = Parameter.Normal(200, 120, min: 0),
            },
        });
}
