using System.Diagnostics;
using NUnit.Framework;
using static TorchBrain.Native.Tests.Nets;

namespace TorchBrain.Native.Tests;

/// <summary>Sizes that no machine holds are refused at once, before anything is allocated.</summary>
public class MemoryGuardTests
{
    const int Million = 1_000_000;

    static IEnumerable<TestCaseData> TooLarge()
    {
        static TestCaseData Case(string name, string where, string what, Network network) => new TestCaseData(network, where, what).SetArgDisplayNames(name);
        Population a = Cells(count: Million), b = Cells("b", Million), here = Cells(count: Million, geometry: new Square(1)), there = Cells("b", Million, geometry: new Square(1));
        const string where = "projections[a -> b]";
        yield return Case("all to all", where, "about 1E+12 synapses", AllToAll(p => p, a, b));
        yield return Case("every second pair", where, "about 5E+11 synapses", Connected(new FixedProbability(0.5), a, b));
        yield return Case("in-degree", where, "about 1E+12 synapses", Connected(new FixedInDegree(Million), a, b));
        yield return Case("in-degree without limit", where, "synapses", Connected(new FixedInDegree(int.MaxValue), a, b));
        yield return Case("in-degree onto one neuron", where, "synapses", Connected(new FixedInDegree(int.MaxValue), b: Cells("b", 1)));
        yield return Case("total", where, "about 1E+12 synapses", Connected(new FixedTotal(1_000_000_000_000), a, b));
        yield return Case("total without limit", where, "synapses", Connected(new FixedTotal(long.MaxValue)));
        yield return Case("kernel", where, "about 1E+12 synapses", Connected(new DistanceKernel { WeightAt = _ => 1 }, here, there));
        yield return Case("writable", where, "GiB", AllToAll(p => p with { WritableUpTo = 1, Connectivity = new FixedProbability(1e-9) }, a, b));
        yield return Case("plastic", where, "about 2E+11 synapses", AllToAll(p => p with { Learning = new PairStdp(), Connectivity = new FixedProbability(0.2) }, a, b));
        yield return Case("winners", where, "GiB", AllToAll(p => p with { Learning = new WinnerTakeAllHebbian() }, a, Cells("b", Million, new ThresholdLinear())));
        yield return Case("batch of weights", where, "GiB",
            AllToAll(p => p with { Learning = new WinnerTakeAllHebbian() }, Cells(count: 16000), Cells("b", 16000, new ThresholdLinear())) with { Batch = 65536 });
        yield return Case("largest count", "populations[a].Count", "2,147,483,647 neurons", Of(Cells(count: int.MaxValue)));
        yield return Case("batch overflow", "populations[a].Count", "65,536 neurons x 65,536 instances", Of(Cells(count: 65536)) with { Batch = 65536 });
        yield return Case("recording", "recordings[0].Steps", "100,000,000 steps", Recorded(x => new StateRecording(x, "v") { Steps = 100_000_000 }, a));
    }

    [TestCaseSource(nameof(TooLarge))]
    public void Network_LargerThanMemory_IsRefusedAtOnce(Network network, string where, string what)
    {
        Problems(Of(Cells())); // compiles the validator
        var before = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
        HasOneProblem(network, ErrorCode.TooLarge, where, what);
        Assert.That(clock.Elapsed.TotalSeconds, Is.LessThan(1));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20), "bytes allocated");
    }

    [Test]
    public void LargestCounts_OnBothSides_AreAllReported()
    {
        var problems = Problems(AllToAll(p => p, Cells(count: int.MaxValue), Cells("b", int.MaxValue)) with { Batch = 65536 });
        Assert.That(problems.Select(p => $"{p.Code} {p.Where}"),
            Is.EqualTo(new[] { "TBN1005 populations[a].Count", "TBN1005 populations[b].Count", "TBN1005 projections[a -> b]" }));
    }

    [Test]
    public void Projections_ThatFitAloneButNotTogether_AreRefused()
    {
        // Each projection takes about 40 % of the memory that there is.
        var count = (int)Math.Sqrt(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 10.0);
        Population a = Cells(count: count), b = Cells("b", count);
        Projection Join(string name) => new(a, b) { Name = name, Connectivity = new FixedProbability(0.999) };
        HasOneProblem(Of(a, b) with { Projections = [Join("x"), Join("y"), Join("z")] }, ErrorCode.TooLarge, "network", "in all");
    }

    [Test]
    public void Kernel_WithACutOff_CountsTheSynapsesWithin()
    {
        // 10^12 pairs, but each neuron has a handful of neighbours.
        Population a = Cells(count: Million, geometry: new Square(1000)), b = Cells("b", Million, geometry: new Square(1000));
        var projection = new Projection(a, b) { Connectivity = new DistanceKernel { WeightAt = _ => 1, CutOff = 2 } };
        Assert.That(Problems(Of(a, b) with { Projections = [projection], TimeStepMs = 0 }).Select(p => p.Where), Is.EqualTo(new[] { "network.TimeStepMs" }), "too large is no problem of it");
    }

    [Test]
    public void Winners_WithMoreWeightsThanAnArrayHolds_AreRefused()
    {
        if (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes < 8L * 46500 * 46500)
            Assert.Ignore("This machine's memory is smaller than the largest array, so memory is refused first.");
        HasOneProblem(AllToAll(p => p with { Learning = new WinnerTakeAllHebbian() }, Cells(count: 46500), Cells("b", 46500, new ThresholdLinear())),
            ErrorCode.TooLarge, "projections[a -> b]", "winner-take-all takes at most");
    }
}
