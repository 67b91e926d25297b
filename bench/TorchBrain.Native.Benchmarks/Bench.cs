using TorchBrain.Native.Cpu;

namespace TorchBrain.Native.Benchmarks;

/// <summary>Networks in which one part of a step dominates, on one thread: what the micro-benchmarks share.</summary>
public static class Bench
{
    /// <summary>Steps per measurement; results are divided by it.</summary>
    public const int Steps = 100;

    /// <summary>Neurons of a population whose update is measured: its state fits the second-level cache.</summary>
    public const int Neurons = 16384;

    internal static Simulation Compile(Network network, int vectorBits = 0) => Simulation.Create(network, new CpuBackend(new CpuOptions { Threads = 1, VectorBits = vectorBits }));

    /// <summary>A source in which the first <paramref name="spikes"/> units spike in every step (all but one in four billion) and the others never.</summary>
    internal static Population Spiking(int count, int spikes) => new("source", count)
    {
        Neuron = new PoissonSource { RateHz = Parameter.Values([.. Enumerable.Range(0, count).Select(i => i < spikes ? 1e7f : 0f)]) },
    };

    /// <summary>Neurons that never spike, so that nothing but the delivery to them costs time.</summary>
    internal static Population Silent(int count) => new("target", count) { Neuron = new ThresholdLinear { Threshold = 1e9, Competition = Competition.None } };

    /// <summary>The sheet of the Torch Brain work: 1,500 nodes, every pair connected by the centre-surround kernel, noise.</summary>
    internal static Network Sheet(int nodes = 1500)
    {
        var sheet = new Population("sheet", nodes) { Neuron = Izhikevich.RegularSpiking, Geometry = new Square(28) };
        return new Network
        {
            Populations = [sheet],
            Projections = [new Projection(sheet, sheet) { Connectivity = DistanceKernel.CentreSurround() }],
            Inputs = [new GaussianNoise(sheet) { Deviation = 3 }],
        };
    }
}
