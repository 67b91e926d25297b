using NUnit.Framework;
using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Tests;

/// <summary>A run begun on one backend goes on, in mid-run, on the other, bit for bit.</summary>
public class CudaCheckpointTests
{
    [OneTimeSetUp]
    public void Begin() => CudaTest.Require();

    static IBackend Backend(string name) => name == "cpu" ? ParityRun.Cpu(2) : new CudaBackend(new CudaOptions { StepsPerGraph = 8 });

    [Test]
    public void Load_FromTheOtherBackend_GoesOnBitForBit([Values("cpu", "cuda")] string from, [Values("cpu", "cuda")] string to, [Values(1, 3)] int batch)
    {
        var parity = LearningCases.Everything(batch) with { Steps = 120 };
        foreach (var at in new[] { 0, 1, 2, 33, 64, 119 })
            AssertGoesOn(parity, from, to, at);
    }

    [TestCase("delays drawn, all to all, batch 3")]
    [TestCase("constant delay 64")]
    [TestCase("stdp Multiplicative, many delays, batch 3")]
    [TestCase("eligibility, delays 1 to 20, batch 3")]
    [TestCase("triplets, delays 1 to 20, batch 3")]
    [TestCase("winner-take-all, delay 5, batch 3")]
    [TestCase("procedural, skips, drawn, batch 3")]
    [TestCase("stencil, local on a torus, delay 9, batch 3")]
    [TestCase("wide, explicit list, batch 3")]
    [TestCase("alpha two receptors, batch 3")]
    [TestCase("conductances ExponentialEuler heterogeneous, batch 3")]
    [TestCase("writable all to all, batch 3")]
    public void Load_EveryKindOfBuffer_GoesOnBitForBit(string name)
    {
        var parity = ParityCases.All.Single(c => c.Name == name);
        foreach (var at in new[] { 7L, parity.Steps / 2 })
        {
            AssertGoesOn(parity, "cpu", "cuda", at);
            AssertGoesOn(parity, "cuda", "cpu", at);
        }
    }

    [Test]
    public void Load_HandedOverAfterEachStep_GoesOnBitForBit()
    {
        var parity = ParityCases.All.Single(c => c.Name == "delays drawn, all to all, batch 3") with { Steps = 60, LeastSpikes = 0, Name = "handed over" };
        var (plan, expected) = ParityRun.Reference(parity);
        using IBackend cpu = Backend("cpu"), cuda = Backend("cuda");
        using var first = Simulation.Create(plan, cpu);
        using var second = Simulation.Create(plan, cuda);
        for (var step = 0; step < parity.Steps; step += 2)
        {
            first.Run(1);
            second.Load(first.Save());
            second.Run(1);
            first.Load(second.Save());
        }
        AssertSame(first, expected, plan, "handed over after each step");
    }

    static void AssertGoesOn(ParityCase parity, string from, string to, long at)
    {
        var (plan, expected) = ParityRun.Reference(parity);
        using IBackend source = Backend(from), target = Backend(to);
        using var before = Simulation.Create(plan, source);
        using var after = Simulation.Create(plan, target);
        parity.Run(before, at);
        after.Run(at % 2 == 0 ? 37 : 0); // the state of the simulation that loads does not matter
        after.Load(before.Save());
        Assert.That(after.StepNumber, Is.EqualTo(at));
        parity.Run(after, parity.Steps);
        AssertSame(after, expected, plan, $"saved on {from} at {at}, loaded on {to}");
    }

    // Spike counts are counted since the start of a simulation and are not part of a checkpoint.
    static void AssertSame(Simulation found, Outcome expected, NetworkPlan plan, string when) =>
        Assert.That((Outcome.Of(found) with { Counts = expected.Counts }).DifferenceFrom(expected, plan), Is.Null, when);
}
