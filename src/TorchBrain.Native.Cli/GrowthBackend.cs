using TorchBrain.Native.Cpu;

namespace TorchBrain.Native.Cli;

/// <summary>The CPU with one thread per network: the experiment reads digits by several networks side by side.</summary>
sealed class GrowthBackend : IBackend
{
    readonly CpuBackend _one = new(new CpuOptions { Threads = 1 });

    public string Name => _one.Name;

    public ICompiledNetwork Compile(NetworkPlan plan) => _one.Compile(plan);

    public void Dispose() => _one.Dispose();
}
