using NUnit.Framework;

namespace TorchBrain.Native.Tests;

/// <summary>Networks put together at random: combinations that nobody thought of.</summary>
[Parallelizable(ParallelScope.Children)]
public class RandomNetworkTests
{
    [Test]
    public void Cpu_RandomNetwork_EqualsReference([Range(0, 79)] int seed)
    {
        var random = new Random(seed);
        var parity = RandomNetworks.Case(seed, random);
        using var first = ParityRun.Cpu(random.Next(1, 5), 128 << random.Next(3));
        ParityRun.AssertSame(parity, first);
        Assert.That(ParityRun.Reference(parity).Outcome.Counts.Sum(c => c.Sum()), Is.GreaterThan(30), "alive");
    }

    [Test]
    public void RandomNetworks_MostReceivers_Spike()
    {
        var (alive, all) = (0, 0);
        for (var seed = 0; seed < 80; seed++)
        {
            var random = new Random(seed);
            var (plan, outcome) = ParityRun.Reference(RandomNetworks.Case(seed, random));
            var receivers = plan.Populations.Where(p => p.Channels.Count > 0).ToArray();
            all += receivers.Length;
            alive += receivers.Count(p => outcome.Counts[p.Index].Sum() >= 5);
        }
        TestContext.Out.WriteLine($"{alive} of {all} receiving populations spike");
        Assert.That(alive, Is.GreaterThan(0.6 * all));
    }
}
