using NUnit.Framework;

namespace TorchBrain.Native.Tests;

/// <summary>The CPU backend, whatever its threads and vectors, leaves exactly the bits of the reference behind.</summary>
[Parallelizable(ParallelScope.Children)]
public class ParityTests
{
    static IEnumerable<TestCaseData> Combinations() =>
        from parity in ParityCases.All
        from threads in new[] { 1, 2, 3 }
        from bits in new[] { 128, 256, 512 }
        select new TestCaseData(parity.Name, threads, bits).SetArgDisplayNames(parity.Name, $"{threads} threads", $"{bits} bits");

    [TestCaseSource(nameof(Combinations))]
    public void Cpu_AnyThreadsAndWidth_EqualsReference(string name, int threads, int bits)
    {
        using var backend = ParityRun.Cpu(threads, bits);
        ParityRun.AssertSame(ParityCases.All.Single(c => c.Name == name), backend);
    }

    [Test]
    public void Cases_Wide_AreWide()
    {
        foreach (var parity in ParityCases.All.Where(c => c.Name.StartsWith("wide", StringComparison.Ordinal)))
            Assert.That(ParityRun.Reference(parity).Plan.Populations.SelectMany(p => p.Channels).Any(c => c.Wide), parity.Name);
    }

    [Test]
    public void Cases_AllStorages_AreUsed() =>
        Assert.That(ParityCases.All.SelectMany(c => ParityRun.Reference(c).Plan.Projections).Select(p => p.Storage).Distinct(), Is.EquivalentTo(Enum.GetValues<Planning.SynapseStorage>()));
}
