using TorchBrain.Native.Networks;

namespace TorchBrain.Native.Cli;

/// <summary>A network of a series that grows.</summary>
/// <param name="Series">The kind.</param>
/// <param name="Against">Charts in which it stands.</param>
/// <param name="Threads">Threads; null leaves the choice to the options.</param>
/// <param name="RateHz">Rate of the sources, where it is given.</param>
/// <param name="Make">The network.</param>
sealed record ScalingCase(string Series, string[] Against, int? Threads, double? RateHz, Func<Network> Make)
{
    /// <summary>What can grow.</summary>
    public static string[] Quantities { get; } = ["size", "rate", "threads"];

    static readonly string[] s_size = ["neurons", "synapses"];

    /// <summary>All networks for the quantities.</summary>
    /// <param name="quantities">Some of <see cref="Quantities"/>.</param>
    /// <param name="scale">Part of the full sizes.</param>
    /// <param name="seed">Seed of all of them.</param>
    /// <param name="cores">Threads are doubled up to these; 0 where they cannot be chosen.</param>
    public static IEnumerable<ScalingCase> All(string[] quantities, double scale, ulong seed, int cores)
    {
        if (quantities.Contains("size"))
        {
            foreach (var part in (double[])[0.05, 0.1, 0.2, 0.4])
                yield return new("microcircuit", s_size, null, null, () => Microcircuit(part * scale));
            foreach (var inDegree in (int[])[100, 1000])
                foreach (var neurons in (int[])[1000, 10_000, 100_000])
                    yield return new($"izhikevich, {inDegree} synapses", s_size, null, null,
                        () => new IzhikevichNetwork { Neurons = Math.Max(5, (int)(neurons * scale)), SynapsesPerNeuron = Math.Max(5, inDegree), Seed = seed }.Network());
            foreach (var part in (double[])[0.05, 0.2, 1])
                yield return new("plastic", s_size, null, 10, () => Plastic(part * scale, 10));
        }
        if (quantities.Contains("rate"))
            foreach (var rate in (double[])[1, 3, 10, 30])
                yield return new("plastic, rate", ["rate"], null, rate, () => Plastic(0.2 * scale, rate));
        if (quantities.Contains("threads"))
            for (var threads = 1; cores > 0; threads = Math.Min(2 * threads, cores))
            {
                var count = threads;
                yield return new("microcircuit 0.2", ["threads"], count, null, () => Microcircuit(0.2 * scale));
                if (threads == cores)
                    break;
            }

        Network Microcircuit(double part) => new Microcircuit { NeuronScale = part, InDegreeScale = Math.Min(1, part), Seed = seed }.Network();

        Network Plastic(double part, double rate) => new PlasticProjection { Scale = part, RateHz = rate, Seed = seed }.Network();
    }
}
