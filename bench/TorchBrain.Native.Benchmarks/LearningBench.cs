using BenchmarkDotNet.Attributes;

namespace TorchBrain.Native.Benchmarks;

/// <summary>What does a step of learning cost: pair STDP on a million synapses by firing rate on both sides, and winner-take-all with a winner in every step?</summary>
[MemoryDiagnoser]
public class LearningBench
{
    Simulation _timing = null!, _winners = null!;

    [Params(1, 10, 100)]
    public double RateHz { get; set; }

    [GlobalSetup(Target = nameof(PairStdpStep))]
    public void SetupTiming()
    {
        // Targets that spike by Poisson noise of their own: one event of 30 mV suffices.
        Population source = new("source", 1000) { Neuron = new PoissonSource { RateHz = RateHz } };
        Population target = new("target", 1000) { Neuron = new LeakyIntegrateAndFire { Synapses = new DeltaSynapses(), RefractoryMs = 0 } };
        _timing = Bench.Compile(new Network
        {
            Populations = [source, target],
            Projections = [new Projection(source, target) { Connectivity = new AllToAll(), Weight = 1e-4, Learning = new PairStdp { MaxWeight = 2e-4, PotentiationAmplitude = 1e-6, DepressionAmplitude = 1e-6 } }],
            Inputs = [new PoissonInput(target) { RateHz = RateHz, Weight = 30 }],
        });
    }

    [GlobalSetup(Target = nameof(WinnerTakeAllStep))]
    public void SetupWinners()
    {
        Population source = new("source", 1500) { Neuron = new PoissonSource { RateHz = RateHz } }, target = new("pool", 400) { Neuron = new ThresholdLinear { Threshold = -1 } };
        _winners = Bench.Compile(new Network
        {
            Populations = [source, target],
            Projections = [new Projection(source, target) { Connectivity = new AllToAll(), Weight = Parameter.Uniform(0, 5), Learning = new WinnerTakeAllHebbian { ThresholdGain = 0, LearningRate = 1e-4, ResetEverySteps = 0 } }],
        });
    }

    [Benchmark(OperationsPerInvoke = Bench.Steps)]
    public void PairStdpStep() => _timing.Run(Bench.Steps);

    [Benchmark(OperationsPerInvoke = Bench.Steps)]
    public void WinnerTakeAllStep() => _winners.Run(Bench.Steps);

    [GlobalCleanup]
    public void Cleanup()
    {
        _timing?.Dispose();
        _winners?.Dispose();
    }
}
