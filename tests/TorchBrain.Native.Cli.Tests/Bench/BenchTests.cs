namespace TorchBrain.Native.Cli.Tests;

/// <summary>bench on the processor.</summary>
public class BenchTests
{
    Cli _cli = null!;

    [SetUp]
    public void Begin() => _cli = new Cli();

    [TearDown]
    public void End() => _cli.Dispose();

    [Test]
    public void EveryNetworkRunsAndIsReported()
    {
        var result = _cli.Run("bench", "--scale", "0.01", "--seconds", "0.05", "--repeats", "3", "--seed", "4");
        Assert.That(result.Code, Is.Zero, result.ToString());
        Assert.That(result.Out, Does.Contain("us/step").And.Contain("L23E").And.Not.Contain("emulated"));
        var folder = Path.Combine("torchbrain-output", "bench");
        Assert.That(_cli.FilesIn(folder), Is.EqualTo(new[] { "bench.md", "bench.png", "run.json" }));
        Assert.That(File.ReadAllText(_cli.PathOf(folder, "bench.md")), Does.Contain("| microcircuit |").And.Contain("| sheet | 1,500 |").And.Contain("3 repeats").And.Contain("seed 4"));
        var bench = _cli.Report(folder).GetProperty("bench");
        var networks = bench.GetProperty("networks").EnumerateArray().ToDictionary(n => n.GetProperty("name").GetString()!);
        Assert.That(networks.Keys, Is.EqualTo(BenchNetwork.All.Select(n => n.Name)).And.SupersetOf(new[] { "microcircuit", "coba", "izhikevich", "sheet", "stdp" }));
        foreach (var network in networks.Values)
        {
            double Number(string name) => network.GetProperty(name).GetDouble();
            Assert.That(Number("step_us_low"), Is.GreaterThan(0).And.LessThanOrEqualTo(Number("step_us")));
            Assert.That(Number("step_us"), Is.LessThanOrEqualTo(Number("step_us_high")));
            Assert.That(Number("real_time_factor"), Is.EqualTo(Number("step_us") * 1e-3 / Number("step_ms")).Within(1e-9));
            Assert.That(network.GetProperty("repeats").GetInt32(), Is.EqualTo(3));
            var floor = network.GetProperty("floor");
            Assert.That(Number("over_floor"), Is.EqualTo(Number("step_us") / floor.GetProperty("us").GetDouble()).Within(1e-9));
            Assert.That(floor.GetProperty("binds").GetString(), Is.AnyOf("arithmetic", "bytes", "meetings"));
            Assert.That(Number("peak_bytes"), Is.GreaterThan(1e6));
            Assert.That(network.TryGetProperty("hash_equal", out _), Is.False, "nothing to compare with");
        }
        Assert.That(networks["microcircuit"].GetProperty("neurons").GetInt32(), Is.EqualTo(772).Within(8));
        // Each source of the plastic projection has 1,000 synapses on average.
        var stdp = networks["stdp"];
        Assert.That(stdp.GetProperty("synapses").GetInt64(), Is.EqualTo(100_000));
        var events = stdp.GetProperty("events_per_second").GetDouble() * stdp.GetProperty("step_us").GetDouble() * 1e-6;
        Assert.That(events, Is.EqualTo(stdp.GetProperty("rates_hz").GetProperty("pre").GetDouble() * 1e-3 * 100 * 1000).Within(10).Percent);
    }

    [Test]
    public void TheReportHasAPicture()
    {
        Assert.That(_cli.Run("bench", "--only", "stdp", "--scale", "0.05", "--seconds", "0.01", "--repeats", "1", "--output", "o").Code, Is.Zero);
        _cli.AssertPictures("o", "bench.png");
        var network = _cli.Report("o").GetProperty("bench").GetProperty("networks")[0];
        Assert.That(network.GetProperty("synapses").GetInt64(), Is.EqualTo(500_000));
        Assert.That(File.ReadAllText(_cli.PathOf("o", "bench.md")), Does.Contain("/floor").And.Contain("Floors are counted").And.Contain("B/syn").And.Contain("MiB in memory"));
    }

    [Test]
    public void OtherSpikesThanTheProcessorsGiveExitCodeOne()
    {
        string[] line = ["bench", "--backend", "cuda", "--only", "stdp", "--scale", "0.01", "--seconds", "0.01", "--repeats", "1", "--output", "o"];
        _cli.InPlaceOfDevice = () => new Strange(1);
        var differing = _cli.Run(line);
        Assert.That(differing.Code, Is.EqualTo(1), differing.ToString());
        Assert.That(differing.Out, Does.Contain("the spikes differ from the processor's: stdp"));
        Assert.That(_cli.Report("o").GetProperty("bench").GetProperty("networks")[0].GetProperty("hash_equal").GetBoolean(), Is.False);
        _cli.InPlaceOfDevice = () => new Strange(0);
        var equal = _cli.Run(line);
        Assert.That(equal.Code, Is.Zero, equal.ToString());
        Assert.That(_cli.Report("o").GetProperty("bench").GetProperty("networks")[0].GetProperty("hash_equal").GetBoolean(), Is.True);
    }

    [Test]
    public void TheSameSeedGivesTheSameSpikes()
    {
        string Hash(string folder, string threads)
        {
            var result = _cli.Run("bench", "--only", "stdp,microcircuit", "--scale", "0.01", "--seconds", "0.02", "--repeats", "1", "--threads", threads, "--output", folder, "--quiet");
            Assert.That(result.Code, Is.Zero, result.ToString());
            Assert.That(result.Out.Trim().Split('\n'), Has.Length.EqualTo(1));
            return string.Join(' ', _cli.Report(folder).GetProperty("bench").GetProperty("networks").EnumerateArray().Select(n => n.GetProperty("spike_hash").GetString()));
        }
        Assert.That(Hash("a", "2"), Is.EqualTo(Hash("b", "1")));
    }

    [Test]
    public void JsonIsRunJson()
    {
        var result = _cli.Run("bench", "--only", "sheet", "--seconds", "0.01", "--repeats", "1", "--json", "--output", "o");
        Assert.That(result.Out, Is.EqualTo(File.ReadAllText(_cli.PathOf("o", "run.json"))));
        Assert.That(_cli.Report("o").GetProperty("options").GetProperty("only").EnumerateArray().Select(e => e.GetString()), Is.EqualTo(new[] { "sheet" }));
        Assert.That(_cli.Report("o").GetProperty("bench").GetProperty("processor").GetString(), Is.Not.Empty);
    }

    [Test]
    public void AStoppedBenchIsKept()
    {
        var result = _cli.RunUntil("Running stdp ...", "bench", "--only", "sheet,stdp", "--scale", "0.01", "--seconds", "0.01", "--repeats", "1000", "--output", "o");
        Assert.That(result.Code, Is.EqualTo(130), result.ToString());
        Assert.That(_cli.Report("o").GetProperty("bench").GetProperty("networks").EnumerateArray().Select(n => n.GetProperty("name").GetString()), Is.EqualTo(new[] { "sheet" }));
    }

    [TestCase("bench --only ants", "--only is 'ants'", "microcircuit")]
    [TestCase("bench --only sheet,", "--only is 'sheet,'", "microcircuit")]
    [TestCase("bench --only atomics", "--only atomics measures a device", "--backend cuda")]
    [TestCase("bench --scale 0", "--scale is '0'", "0.001")]
    [TestCase("bench --scale big", "--scale is 'big'", "0.001")]
    [TestCase("bench --seconds 0", "--seconds is '0'", "3,600")]
    [TestCase("bench --repeats 0", "--repeats is '0'", "1,000")]
    [TestCase("bench --nodes 5", "--nodes", "")]
    [TestCase("bench compare a", "", "bench compare --help")]
    [TestCase("bench compare a b --limit 0.5", "--limit is '0.5'", "1,000")]
    [TestCase("bench scaling --only age", "--only is 'age'", "size, rate, threads")]
    [TestCase("bench loop --neurons 0", "--neurons is '0'", "")]
    [TestCase("bench loop --steps 0", "--steps is '0'", "")]
    public void AWrongOptionIsToldAndNothingHappens(string line, string found, string allowed)
    {
        var result = _cli.Run(line.Split(' '));
        Assert.That(result.Code, Is.EqualTo(2), result.ToString());
        Assert.That(result.Error, Does.StartWith("TBN5001 ").And.Contain(found).And.Contain(allowed));
        Assert.That(Directory.EnumerateFileSystemEntries(_cli.Folder), Is.Empty);
    }

    /// <summary>A backend that runs the network with another seed.</summary>
    sealed class Strange(ulong more) : IBackend
    {
        readonly Cpu.CpuBackend _real = new(new Cpu.CpuOptions { Threads = 1 });

        public string Name => "strange";

        public ICompiledNetwork Compile(NetworkPlan plan) => _real.Compile((plan.Network with { Seed = plan.Seed + more }).Plan());

        public void Dispose() => _real.Dispose();
    }
}
