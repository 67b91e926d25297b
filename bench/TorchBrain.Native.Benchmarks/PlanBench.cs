using BenchmarkDotNet.Attributes;

namespace TorchBrain.Native.Benchmarks;

/// <summary>How long does a user wait before the first step of the 1,500-node sheet, and what does a whole step of it cost afterwards?</summary>
[MemoryDiagnoser]
public class PlanBench
{
    readonly Network _network = Bench.Sheet();
    NetworkPlan _plan = null!;
    Simulation _simulation = null!;

    [GlobalSetup]
    public void Setup()
    {
        _plan = _network.Plan();
        _simulation = Bench.Compile(_network);
    }

    [Benchmark]
    public NetworkPlan Plan() => _network.Plan();

    [Benchmark]
    public void Compile()
    {
        using var backend = new Cpu.CpuBackend(new Cpu.CpuOptions { Threads = 1 });
        Simulation.Create(_plan, backend).Dispose();
    }

    [Benchmark(OperationsPerInvoke = Bench.Steps)]
    public void WholeStep() => _simulation.Run(Bench.Steps);

    [GlobalCleanup]
    public void Cleanup() => _simulation.Dispose();
}
