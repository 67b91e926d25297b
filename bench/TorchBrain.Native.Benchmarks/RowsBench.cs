using BenchmarkDotNet.Attributes;

namespace TorchBrain.Native.Benchmarks;

/// <summary>What does it cost not to store rows? A centre-surround torus of 100 x 100 nodes as rows and as a stencil; 1,000 random targets out of 10,000 as rows and made for each spike.</summary>
[MemoryDiagnoser]
public class RowsBench
{
    const int Side = 100, Neurons = 10_000;

    Simulation _simulation = null!;

    [Params(0, 1, 16, 256)]
    public int SpikesPerStep { get; set; }

    [GlobalSetup(Target = nameof(TorusStored))]
    public void SetupStored() => _simulation = Bench.Compile(Torus(RowStorage.Stored));

    [GlobalSetup(Target = nameof(TorusStencil))]
    public void SetupStencil() => _simulation = Bench.Compile(Torus(RowStorage.Stencil));

    [GlobalSetup(Target = nameof(RandomStored))]
    public void SetupRandom() => _simulation = Bench.Compile(Drawn(RowStorage.Stored));

    [GlobalSetup(Target = nameof(RandomProcedural))]
    public void SetupProcedural() => _simulation = Bench.Compile(Drawn(RowStorage.Procedural));

    // Leaky neurons of which some get so much current that they spike in every step; the weights change nothing about that.
    Network Torus(RowStorage rows)
    {
        var sheet = new Population("sheet", Side * Side)
        {
            Geometry = new Torus(Side, Side) { Placement = NodePlacement.Lattice },
            Neuron = new LeakyIntegrateAndFire { Synapses = new DeltaSynapses(), RefractoryMs = 0 },
        };
        return new Network
        {
            Populations = [sheet],
            Projections = [new Projection(sheet, sheet) { Connectivity = DistanceKernel.CentreSurround(exciteWeight: 1e-4, inhibitWeight: 1e-4), Rows = rows }],
            Inputs = [new CurrentInjection(sheet) { Amplitude = Parameter.Values([.. Enumerable.Range(0, Neurons).Select(i => (long)i * SpikesPerStep / Neurons < (i + 1L) * SpikesPerStep / Neurons ? 1e6f : 0f)]) }],
        };
    }

    Network Drawn(RowStorage rows)
    {
        Population source = Bench.Spiking(Neurons, SpikesPerStep), target = Bench.Silent(Neurons);
        return new Network { Populations = [source, target], Projections = [new Projection(source, target) { Connectivity = new FixedProbability(0.1), Weight = Parameter.Normal(0, 1), DelayMs = Parameter.Uniform(1, 8), Rows = rows }] };
    }

    [Benchmark(OperationsPerInvoke = Bench.Steps)]
    public void TorusStored() => _simulation.Run(Bench.Steps);

    [Benchmark(OperationsPerInvoke = Bench.Steps)]
    public void TorusStencil() => _simulation.Run(Bench.Steps);

    [Benchmark(OperationsPerInvoke = Bench.Steps)]
    public void RandomStored() => _simulation.Run(Bench.Steps);

    [Benchmark(OperationsPerInvoke = Bench.Steps)]
    public void RandomProcedural() => _simulation.Run(Bench.Steps);

    [GlobalCleanup]
    public void Cleanup() => _simulation.Dispose();
}
