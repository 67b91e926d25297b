namespace TorchBrain.Native.Networks;

/// <summary>The numbers of Potjans and Diesmann (2014), table 5, and of the reference implementation that goes with it. Order: 2/3E, 2/3I, 4E, 4I, 5E, 5I, 6E, 6I.</summary>
static class MicrocircuitTable
{
    public const int Populations = 8;

    public const double ExternalRateHz = 8, WeightPa = 87.8084935292085, SynapticTauMs = 0.5, Inhibition = -4, RelativeDeviation = 0.1;

    public static readonly string[] Names = ["L23E", "L23I", "L4E", "L4I", "L5E", "L5I", "L6E", "L6I"];

    public static readonly int[] Neurons = [20683, 5834, 21915, 5479, 4850, 1065, 14395, 2948];

    public static readonly int[] ExternalInDegree = [1600, 1500, 2100, 1900, 2000, 1900, 2900, 2100];

    /// <summary>Rates of one full run of the reference implementation, Hz; the compensation of fewer synapses is made for them.</summary>
    public static readonly double[] RatesHz = [0.903, 2.965, 4.414, 5.876, 7.569, 8.633, 1.105, 7.829];

    /// <summary>Means and deviations of the potentials at the start, mV, that spare the network a transient.</summary>
    public static readonly double[] StartMv = [-68.28, -63.16, -63.33, -63.45, -63.11, -61.66, -66.72, -61.43], StartDeviationMv = [5.36, 4.57, 4.74, 4.94, 4.94, 4.55, 5.46, 4.48];

    /// <summary>Probability that two neurons are connected at least once: row = target, column = source.</summary>
    static readonly double[] s_probability =
    [
        0.1009, 0.1689, 0.0437, 0.0818, 0.0323, 0, 0.0076, 0,
        0.1346, 0.1371, 0.0316, 0.0515, 0.0755, 0, 0.0042, 0,
        0.0077, 0.0059, 0.0497, 0.1350, 0.0067, 0.0003, 0.0453, 0,
        0.0691, 0.0029, 0.0794, 0.1597, 0.0033, 0, 0.1057, 0,
        0.1004, 0.0622, 0.0505, 0.0057, 0.0831, 0.3726, 0.0204, 0,
        0.0548, 0.0269, 0.0257, 0.0022, 0.0600, 0.3158, 0.0086, 0,
        0.0156, 0.0066, 0.0211, 0.0166, 0.0572, 0.0197, 0.0396, 0.2252,
        0.0364, 0.0010, 0.0034, 0.0005, 0.0277, 0.0080, 0.0658, 0.1443,
    ];

    public static bool IsExcitatory(int population) => population % 2 == 0;

    /// <summary>
    /// Synapses of the full projection: as many as it takes, drawn with replacement, to connect a pair with the published probability. The formula is evaluated in double as
    /// the reference implementation does, rounding of 1 - 1 / pairs included, which moves single projections by a synapse or two.
    /// </summary>
    public static long Synapses(int target, int source)
    {
        var pairs = (double)Neurons[source] * Neurons[target];
        return (long)Math.Round(Math.Log(1 - s_probability[target * Populations + source]) / Math.Log(1 - 1 / pairs));
    }

    /// <summary>Mean weight, pA. Layer 4 excites layer 2/3 twice as strongly.</summary>
    public static double Weight(int target, int source) => !IsExcitatory(source) ? Inhibition * WeightPa : target == 0 && source == 2 ? 2 * WeightPa : WeightPa;

    /// <summary>Mean current that the full network's synapses make in a neuron, pA.</summary>
    public static double RecurrentCurrent(int target) =>
        Enumerable.Range(0, Populations).Sum(source => Weight(target, source) * RatesHz[source] * Synapses(target, source) / Neurons[target]) * SynapticTauMs * 1e-3;

    /// <summary>Mean current of the full network's external synapses, pA.</summary>
    public static double ExternalCurrent(int target) => WeightPa * ExternalRateHz * ExternalInDegree[target] * SynapticTauMs * 1e-3;
}
