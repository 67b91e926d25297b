using BenchmarkDotNet.Attributes;

namespace TorchBrain.Native.Benchmarks;

/// <summary>What do planning and compiling cost, by kind of synapses: about a million of them each?</summary>
[MemoryDiagnoser]
public class BuildBench
{
    const int Neurons = 10_000, InDegree = 100;

    Network _network = null!;
    NetworkPlan _plan = null!;

    [Params("dense", "sparse", "sparse with delays", "plastic")]
    public string Synapses { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        var dense = Synapses == "dense";
        var count = dense ? 1000 : Neurons;
        Population source = Bench.Spiking(count, 0), target = new("target", count) { Neuron = new LeakyIntegrateAndFire() };
        _network = new Network
        {
            Populations = [source, target],
            Projections =
            [
                new Projection(source, target)
                {
                    Connectivity = dense ? new AllToAll() : new FixedInDegree(InDegree),
                    Weight = Parameter.Uniform(0, 1),
                    DelayMs = Synapses == "sparse with delays" ? Parameter.Uniform(1, 16) : null,
                    Learning = Synapses == "plastic" ? new PairStdp { MaxWeight = 1 } : null,
                },
            ],
        };
        _plan = _network.Plan();
    }

    [Benchmark]
    public NetworkPlan Plan() => _network.Plan();

    [Benchmark]
    public void Compile()
    {
        using var backend = new Cpu.CpuBackend(new Cpu.CpuOptions { Threads = 1 });
        Simulation.Create(_plan, backend).Dispose();
    }
}
