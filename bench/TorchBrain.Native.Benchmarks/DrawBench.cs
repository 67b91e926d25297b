using BenchmarkDotNet.Attributes;

namespace TorchBrain.Native.Benchmarks;

/// <summary>What do 16,384 random draws per step cost? Each line is the plain update of the neurons plus the draws: subtract None.</summary>
[MemoryDiagnoser]
public class DrawBench
{
    Simulation _simulation = null!;

    [Params("None", "Normal", "Poisson mean 0.1", "Poisson mean 8")]
    public string Draws { get; set; } = "";

    [Params(128, 256, 512)]
    public int VectorBits { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var neurons = Bench.Silent(Bench.Neurons);
        Input[] inputs = Draws switch
        {
            "Normal" => [new GaussianNoise(neurons)],
            "Poisson mean 0.1" => [new PoissonInput(neurons) { RateHz = 100 }],
            "Poisson mean 8" => [new PoissonInput(neurons) { RateHz = 8000 }],
            _ => [],
        };
        _simulation = Bench.Compile(new Network { Populations = [neurons], Inputs = inputs }, VectorBits);
    }

    [Benchmark(OperationsPerInvoke = Bench.Steps)]
    public void Step() => _simulation.Run(Bench.Steps);

    [GlobalCleanup]
    public void Cleanup() => _simulation.Dispose();
}
