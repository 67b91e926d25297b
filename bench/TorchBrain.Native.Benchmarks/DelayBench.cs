using BenchmarkDotNet.Attributes;

namespace TorchBrain.Native.Benchmarks;

/// <summary>What does a synaptic event cost by length of the rows (density) and by spread of the delays? 16,384 sources and targets, 64 spikes a step.</summary>
[MemoryDiagnoser]
public class DelayBench
{
    const int Spikes = 64;

    Simulation _simulation = null!;

    [Params(10, 100, 1000)]
    public int RowLength { get; set; }

    [Params(1, 8, 64)]
    public int MaxDelaySteps { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        Population source = Bench.Spiking(Bench.Neurons, Spikes), target = Bench.Silent(Bench.Neurons);
        _simulation = Bench.Compile(new Network
        {
            TimeStepMs = 1,
            Populations = [source, target],
            Projections =
            [
                new Projection(source, target)
                {
                    Connectivity = new FixedProbability((double)RowLength / Bench.Neurons),
                    Weight = Parameter.Uniform(-1, 1),
                    DelayMs = MaxDelaySteps == 1 ? 1 : Parameter.Uniform(1, MaxDelaySteps),
                },
            ],
        });
    }

    [Benchmark(OperationsPerInvoke = Bench.Steps)]
    public void Step() => _simulation.Run(Bench.Steps);

    [GlobalCleanup]
    public void Cleanup() => _simulation.Dispose();
}
