namespace TorchBrain.Native.Tests;

/// <summary>Steps a network in which every part of the engine takes part, with a host that reads and writes in each step, and measures what is allocated.</summary>
static class AllocationRun
{
    /// <returns>Spikes seen, bytes allocated by this thread, bytes allocated by all threads.</returns>
    public static (int Spikes, long Own, long All) Measure(IBackend backend, int batch)
    {
        var parity = LearningCases.Everything(batch);
        Population Find(string name) => parity.Network.Populations.Single(p => p.Name == name);
        var network = parity.Network with { Recordings = [new SpikeRecording(Find("sheet")) { Steps = 1200 }, new StateRecording(Find("cells"), "v") { Steps = 1200 }] };
        using var simulation = Simulation.Create(network, backend);
        var sheet = simulation.Population("sheet");
        var spikes = new int[sheet.Elements];
        var counts = new int[sheet.Elements];
        var current = new float[sheet.Elements];
        var total = 0;
        var rewarded = simulation.Projection("rewarded");
        var reward = new float[batch];

        void Steps(int steps)
        {
            for (var k = 0; k < steps; k++)
            {
                current.AsSpan().Fill(k % 9);
                simulation.SetCurrent(sheet, current);
                simulation.AddReward(rewarded, 0.001f);
                simulation.ReadReward(rewarded, reward);
                reward.AsSpan().Fill(0.0005f);
                simulation.AddReward(rewarded, reward);
                simulation.Step();
                total += simulation.ReadSpikes(sheet, spikes);
                simulation.AddSpikeCounts(sheet, counts);
            }
        }

        Steps(100); // code is compiled by now
        var all = long.MaxValue;
        var own = long.MaxValue;
        for (var attempt = 0; attempt < 5; attempt++) // the runtime itself may allocate now and then: in the background compiler, or when a thread sleeps for the first time
        {
            var (allBefore, ownBefore) = (GC.GetTotalAllocatedBytes(true), GC.GetAllocatedBytesForCurrentThread());
            Steps(200);
            own = Math.Min(own, GC.GetAllocatedBytesForCurrentThread() - ownBefore);
            all = Math.Min(all, GC.GetTotalAllocatedBytes(true) - allBefore);
        }
        return (total, own, all);
    }
}
