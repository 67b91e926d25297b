using NUnit.Framework;
using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Tests;

/// <summary>Nothing is allocated from step to step.</summary>
[NonParallelizable]
public class CudaAllocationTests
{
    [OneTimeSetUp]
    public void Begin() => CudaTest.Require();

    [Test]
    public void Step_WithEverything_AllocatesNothing([Values(1, 3)] int batch, [Values(CudaStepping.Graph, CudaStepping.Persistent, CudaStepping.OneBlock)] CudaStepping stepping)
    {
        using var backend = new CudaBackend(new CudaOptions { Tuning = new() { Stepping = stepping, StepsBlock = 64 } });
        var (spikes, own, _) = AllocationRun.Measure(backend, batch);
        Assert.That(spikes, Is.GreaterThan(100), "the network is alive");
        Assert.That(own, Is.Zero);
    }
}
