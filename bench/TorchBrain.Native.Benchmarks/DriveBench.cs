using BenchmarkDotNet.Attributes;

namespace TorchBrain.Native.Benchmarks;

/// <summary>What does Poisson drive add to 16,384 integrate-and-fire neurons in steps of 0.1 ms, against a constant current? The means are events per neuron and step; the microcircuit has 1.2 to 2.3.</summary>
[MemoryDiagnoser]
public class DriveBench
{
    Simulation _simulation = null!;

    [Params("current", "Poisson mean 0.1", "Poisson mean 1.3", "Poisson mean 2.3")]
    public string Drive { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        // Too weak to reach the threshold: no spikes, drive and update alone.
        var neurons = new Population("neurons", Bench.Neurons) { Neuron = new LeakyIntegrateAndFire() };
        Input drive = Drive switch
        {
            "Poisson mean 0.1" => new PoissonInput(neurons) { RateHz = 1000, Weight = 0.01 },
            "Poisson mean 1.3" => new PoissonInput(neurons) { RateHz = 13_000, Weight = 0.01 },
            "Poisson mean 2.3" => new PoissonInput(neurons) { RateHz = 23_000, Weight = 0.01 },
            _ => new CurrentInjection(neurons) { Amplitude = 0.01 },
        };
        _simulation = Bench.Compile(new Network { TimeStepMs = 0.1, Populations = [neurons], Inputs = [drive] });
    }

    [Benchmark(OperationsPerInvoke = Bench.Steps)]
    public void Step() => _simulation.Run(Bench.Steps);

    [GlobalCleanup]
    public void Cleanup() => _simulation.Dispose();
}
