using NUnit.Framework;

namespace TorchBrain.Native.Tests;

/// <summary>Nothing is allocated from step to step.</summary>
[NonParallelizable]
public class AllocationTests
{
    [Test]
    public void Step_WithEverything_AllocatesNothing([Values(1, 2)] int threads, [Values(1, 3)] int batch)
    {
        var (total, own, all) = AllocationRun.Measure(ParityRun.Cpu(threads), batch);
        Assert.Multiple(() =>
        {
            Assert.That(total, Is.GreaterThan(100), "the network is alive");
            Assert.That(own, Is.Zero, "this thread");
            Assert.That(all, Is.LessThan(1024), "all threads (the measurement's own share included)");
        });
    }
}
