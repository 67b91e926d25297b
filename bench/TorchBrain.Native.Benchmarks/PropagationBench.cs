using BenchmarkDotNet.Attributes;

namespace TorchBrain.Native.Benchmarks;

/// <summary>What does the delivery of spikes cost, by spikes per step: a matrix of 4,096 x 4,096, and rows of 1,000 random targets out of 16,384?</summary>
[MemoryDiagnoser]
public class PropagationBench
{
    const int Dense = 4096, Sparse = 16384, RowLength = 1000;

    Simulation _dense = null!, _sparse = null!;

    [Params(0, 1, 16, 256, 4096)]
    public int SpikesPerStep { get; set; }

    [GlobalSetup(Target = nameof(DenseStep))]
    public void SetupDense() => _dense = Bench.Compile(Joined(Dense, Dense, new AllToAll(), Parameter.Uniform(-1, 1)));

    [GlobalSetup(Target = nameof(SparseStep))]
    public void SetupSparse() => _sparse = Bench.Compile(Joined(Sparse, Sparse, new FixedProbability((double)RowLength / Sparse), Parameter.Uniform(-1, 1), Parameter.Uniform(1, 8)));

    Network Joined(int sources, int targets, Connectivity connectivity, Parameter weight, Parameter? delayMs = null)
    {
        Population source = Bench.Spiking(sources, SpikesPerStep), target = Bench.Silent(targets);
        return new Network { Populations = [source, target], Projections = [new Projection(source, target) { Connectivity = connectivity, Weight = weight, DelayMs = delayMs }] };
    }

    [Benchmark(OperationsPerInvoke = Bench.Steps)]
    public void DenseStep() => _dense.Run(Bench.Steps);

    [Benchmark(OperationsPerInvoke = Bench.Steps)]
    public void SparseStep() => _sparse.Run(Bench.Steps);

    [GlobalCleanup]
    public void Cleanup()
    {
        _dense?.Dispose();
        _sparse?.Dispose();
    }
}
