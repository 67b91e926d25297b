using BenchmarkDotNet.Attributes;

namespace TorchBrain.Native.Benchmarks;

/// <summary>What does one step of 16,384 neurons cost, per model and vector width?</summary>
[MemoryDiagnoser]
public class NeuronBench
{
    Simulation _simulation = null!;

    [Params("Izhikevich", "LifDelta", "LifExponential", "LifTwoReceptors", "LifAlpha", "LifConductance", "LifConductanceExponential", "ThresholdLinear", "WinnerTakesAll", "PoissonSource")]
    public string Model { get; set; } = "";

    [Params(128, 256, 512)]
    public int VectorBits { get; set; }

    [GlobalSetup]
    public void Setup() => _simulation = Bench.Compile(new Network { Populations = [new Population("neurons", Bench.Neurons) { Neuron = Neuron(Model) }] }, VectorBits);

    static NeuronModel Neuron(string model) => model switch
    {
        "Izhikevich" => new Izhikevich(),
        "LifDelta" => new LeakyIntegrateAndFire { Synapses = new DeltaSynapses() },
        "LifExponential" => new LeakyIntegrateAndFire(),
        "LifTwoReceptors" => new LeakyIntegrateAndFire { Synapses = new ExponentialSynapses { TauInhibitoryMs = 10 } },
        "LifAlpha" => new LeakyIntegrateAndFire { Synapses = new AlphaSynapses { TauInhibitoryMs = 4 } },
        "LifConductance" => new LeakyIntegrateAndFire { Synapses = new ConductanceSynapses() },
        "LifConductanceExponential" => new LeakyIntegrateAndFire { Synapses = new ConductanceSynapses { Scheme = ConductanceScheme.ExponentialEuler } },
        "ThresholdLinear" => new ThresholdLinear { Competition = Competition.None },
        "WinnerTakesAll" => new ThresholdLinear(),
        _ => new PoissonSource { RateHz = 10 },
    };

    [Benchmark(OperationsPerInvoke = Bench.Steps)]
    public void Step() => _simulation.Run(Bench.Steps);

    [GlobalCleanup]
    public void Cleanup() => _simulation.Dispose();
}
