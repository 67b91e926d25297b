using NUnit.Framework;

namespace TorchBrain.Native.Tests;

/// <summary>Nothing is allocated from step to step.</summary>
[NonParallelizable]
public class AllocationTests
{
    [Test]
    public void Step_WithEverything_AllocatesNothing([Values(1, 2)] int threads, [Values(1, 3)] int batch)
    {
        var parity = LearningCases.Everything(batch);
        Population Find(string name) => parity.Network.Populations.Single(p => p.Name == name);
        var network = parity.Network with { Recordings = [new SpikeRecording(Find("sheet")) { Steps = 500 }, new StateRecording(Find("cells"), "v") { Steps = 500 }] };
        using var simulation = Simulation.Create(network, ParityRun.Cpu(threads));
        var sheet = simulation.Population("sheet");
        var spikes = new int[sheet.Elements];
        var counts = new int[sheet.Elements];
        var current = new float[sheet.Elements];
        var total = 0;

        void Steps(int steps)
        {
            for (var k = 0; k < steps; k++)
            {
                current.AsSpan().Fill(k % 9);
                simulation.SetCurrent(sheet, current);
                simulation.Step();
                total += simulation.ReadSpikes(sheet, spikes);
                simulation.AddSpikeCounts(sheet, counts);
            }
        }

        Steps(100); // code is compiled by now
        var all = long.MaxValue;
        var own = long.MaxValue;
        for (var attempt = 0; attempt < 2; attempt++) // the runtime itself may allocate once, for instance in the background compiler
        {
            var (allBefore, ownBefore) = (GC.GetTotalAllocatedBytes(true), GC.GetAllocatedBytesForCurrentThread());
            Steps(200);
            own = Math.Min(own, GC.GetAllocatedBytesForCurrentThread() - ownBefore);
            all = Math.Min(all, GC.GetTotalAllocatedBytes(true) - allBefore);
        }
        Assert.Multiple(() =>
        {
            Assert.That(total, Is.GreaterThan(100), "the network is alive");
            Assert.That(own, Is.Zero, "this thread");
            Assert.That(all, Is.LessThan(1024), "all threads (the measurement's own share included)");
        });
    }
}
