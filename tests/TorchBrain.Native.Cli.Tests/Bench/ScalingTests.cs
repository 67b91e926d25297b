namespace TorchBrain.Native.Cli.Tests;

/// <summary>bench scaling and bench loop.</summary>
public class ScalingTests
{
    Cli _cli = null!;

    [SetUp]
    public void Begin() => _cli = new Cli();

    [TearDown]
    public void End() => _cli.Dispose();

    [Test]
    public void RateAndThreadsAreMeasuredAndDrawn()
    {
        var result = _cli.Run("bench", "scaling", "--only", "rate,threads", "--scale", "0.05", "--seconds", "0.01", "--repeats", "1", "--threads", "2");
        Assert.That(result.Code, Is.Zero, result.ToString());
        var folder = Path.Combine("torchbrain-output", "bench-scaling");
        Assert.That(_cli.FilesIn(folder), Is.EqualTo(new[] { "run.json", "scaling-rate.png", "scaling-threads.png", "scaling.md" }));
        _cli.AssertPictures(folder, "scaling-rate.png", "scaling-threads.png");
        var rows = _cli.Report(folder).GetProperty("scaling").GetProperty("rows").EnumerateArray().ToArray();
        Assert.That(rows.Where(r => r.TryGetProperty("rate_hz", out _)).Select(r => r.GetProperty("rate_hz").GetDouble()), Is.EqualTo(new[] { 1.0, 3, 10, 30 }));
        var threads = rows.Where(r => r.GetProperty("against")[0].GetString() == "threads").ToArray();
        Assert.That(threads.Select(r => r.GetProperty("network").GetProperty("threads").GetInt32()), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(threads.Select(r => r.GetProperty("network").GetProperty("spike_hash").GetString()).Distinct().Count(), Is.EqualTo(1), "spikes do not depend on threads");
    }

    [Test]
    public void SizesGrow()
    {
        var sizes = ScalingCase.All(["size"], 0.02, 1, 2).Select(c => (c.Series, Neurons: c.Make().Populations.Sum(p => p.Count))).ToArray();
        foreach (var series in sizes.GroupBy(s => s.Series))
            Assert.That(series.Select(s => s.Neurons), Is.Ordered.Ascending.And.Unique, series.Key);
        Assert.That(sizes.Select(s => s.Series).Distinct().Count(), Is.EqualTo(4));
    }

    [Test]
    public void AStoppedScalingIsKept()
    {
        var result = _cli.RunUntil("Running microcircuit 0.2 ...", "bench", "scaling", "--only", "rate,threads", "--scale", "0.01", "--seconds", "0.01", "--repeats", "1", "--output", "o");
        Assert.That(result.Code, Is.EqualTo(130), result.ToString());
        Assert.That(_cli.Report("o").GetProperty("scaling").GetProperty("rows").GetArrayLength(), Is.EqualTo(4));
    }

    [Test]
    public void TheLoopIsTimedAndAllocatesNothing()
    {
        var result = _cli.Run("bench", "loop", "--neurons", "1000", "--synapses", "50", "--steps", "300", "--threads", "1");
        Assert.That(result.Code, Is.Zero, result.ToString());
        var folder = Path.Combine("torchbrain-output", "bench-loop");
        Assert.That(_cli.FilesIn(folder), Is.EqualTo(new[] { "loop.md", "run.json" }));
        var loop = _cli.Report(folder).GetProperty("loop");
        double[] latencies = [.. ((string[])["median_us", "p99_us", "p999_us", "max_us"]).Select(n => loop.GetProperty(n).GetDouble())];
        Assert.That(latencies, Is.Ordered.Ascending.And.All.Positive);
        Assert.That(loop.GetProperty("allocated_bytes").GetInt64(), Is.Zero);
        Assert.That(loop.GetProperty("spikes_per_step").GetDouble(), Is.GreaterThan(0.1));
        Assert.That(File.ReadAllText(_cli.PathOf(folder, "loop.md")), Does.Contain("p99.9 us"));
    }

    [Test]
    public void TheLoopGivesTheSameSpikesWithAnyThreads()
    {
        string Hash(string threads)
        {
            Assert.That(_cli.Run("bench", "loop", "--neurons", "1000", "--steps", "50", "--threads", threads, "--output", threads).Code, Is.Zero);
            return _cli.Report(threads).GetProperty("spike_hash").GetString()!;
        }
        Assert.That(Hash("1"), Is.EqualTo(Hash("2")));
    }

    [TestCase(0, 0, "")]
    [TestCase(24, 1, "TBN5004 ")]
    public void ALoopThatAllocatesEndsWithExitCodeOne(long bytes, int code, string says)
    {
        var loop = new LoopPart { Processor = "", Neurons = 1, Synapses = 1, Steps = 1, MedianUs = 1, P99Us = 1, P999Us = 1, MaxUs = 1, AllocatedBytes = bytes, SpikesPerStep = 1, SpikeHash = "", How = "" };
        using var error = new StringWriter();
        Assert.That(LoopCommand.Verdict(loop, error, 0), Is.EqualTo(code));
        Assert.That(error.ToString(), Does.StartWith(says));
    }

    [TestCase(0.5, 50)]
    [TestCase(0.99, 99)]
    [TestCase(0.999, 100)]
    [TestCase(1.0, 100)]
    public void AQuantileIsAValueOfTheList(double share, long expected) => Assert.That(LoopPart.Quantile([.. Enumerable.Range(1, 100).Select(i => (long)i)], share), Is.EqualTo(expected));

}
