namespace TorchBrain.Native;

/// <summary>Who connects to whom. A closed set: see the derived records. Every row is a pure function of the seed, so any thread can make it alone.</summary>
public abstract record Connectivity
{
    private protected Connectivity() { }
}

/// <summary>Every source to every target.</summary>
public sealed record AllToAll : Connectivity
{
    /// <summary>Within one population: whether a neuron connects to itself.</summary>
    public bool SelfConnections { get; init; } = true;
}

/// <summary>Neuron i to neuron i; the populations have the same size.</summary>
public sealed record OneToOne : Connectivity;

/// <summary>Each ordered pair with the same probability, independently (Bernoulli).</summary>
/// <param name="Probability">0 to 1.</param>
public sealed record FixedProbability(double Probability) : Connectivity
{
    /// <summary>Within one population: whether a neuron may connect to itself.</summary>
    public bool SelfConnections { get; init; }
}

/// <summary>Every target receives the same number of synapses from random sources.</summary>
/// <param name="InDegree">Synapses per target, 0 or more.</param>
public sealed record FixedInDegree(int InDegree) : Connectivity
{
    /// <summary>Within one population: whether a neuron may connect to itself.</summary>
    public bool SelfConnections { get; init; }

    /// <summary>Whether a source may be drawn more than once for a target.</summary>
    public bool Multapses { get; init; } = true;
}

/// <summary>
/// Exactly this many synapses in all, each with a source and a target drawn uniformly and independently of the others, so that a pair of neurons may be joined more than
/// once. How many each source gets is drawn first, by an exact multinomial draw in whole numbers; then the targets of each row.
/// </summary>
/// <param name="Synapses">Synapses of the whole projection, 0 or more.</param>
public sealed record FixedTotal(long Synapses) : Connectivity
{
    /// <summary>Within one population: whether a neuron may connect to itself. If not, the pairs of different neurons are equally likely.</summary>
    public bool SelfConnections { get; init; } = true;
}

/// <summary>An explicit list of synapses.</summary>
/// <param name="Synapses">The synapses; several for one pair are allowed.</param>
public sealed record ExplicitList(IReadOnlyList<Synapse> Synapses) : Connectivity;

/// <summary>One synapse of an <see cref="ExplicitList"/>.</summary>
/// <param name="Source">Index in the source population.</param>
/// <param name="Target">Index in the target population.</param>
/// <param name="Weight">Weight; null for the projection's own.</param>
/// <param name="DelayMs">Delay in ms; null for the projection's own.</param>
public readonly record struct Synapse(int Source, int Target, float? Weight = null, float? DelayMs = null);

/// <summary>
/// Weights that depend on the distance of the two neurons, measured by the geometry of the source population. Both populations need
/// positions in the same metric. A neuron never connects to itself unless asked.
/// </summary>
public sealed record DistanceKernel : Connectivity
{
    /// <summary>The weight at a distance (in sheet units); 0 makes no synapse.</summary>
    public required Func<double, double> WeightAt { get; init; }

    /// <summary>Beyond this distance there is no synapse; infinity for no cut-off.</summary>
    public double CutOff { get; init; } = double.PositiveInfinity;

    /// <summary>Within one population: whether a neuron connects to itself.</summary>
    public bool SelfConnections { get; init; }

    /// <summary>
    /// The lateral kernel of Torch Brain (Raghavan and Thomson 2019): +exciteWeight where D &lt; exciteRadius, -inhibitWeight exp(-D / decayLength)
    /// where D > inhibitRadius, 0 between.
    /// </summary>
    /// <param name="exciteRadius">r_i, the reach of excitation.</param>
    /// <param name="inhibitRadius">r_o, where inhibition begins: the size of the waves grows with it.</param>
    /// <param name="exciteWeight">A_e.</param>
    /// <param name="inhibitWeight">A_i, a positive number.</param>
    /// <param name="decayLength">lambda of the inhibition.</param>
    /// <param name="cutOff">Distance beyond which there is no synapse; infinity as published.</param>
    public static DistanceKernel CentreSurround(double exciteRadius = 2, double inhibitRadius = 6, double exciteWeight = 5, double inhibitWeight = 2,
        double decayLength = 10, double cutOff = double.PositiveInfinity) => new()
        {
            WeightAt = distance => distance < exciteRadius ? exciteWeight : distance > inhibitRadius ? -inhibitWeight * Math.Exp(-distance / decayLength) : 0.0,
            CutOff = cutOff,
        };
}
