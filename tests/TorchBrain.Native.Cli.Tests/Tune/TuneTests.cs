using TorchBrain.Native.Tuning;

namespace TorchBrain.Native.Cli.Tests;

/// <summary>tune on the processor, and --tuning.</summary>
public class TuneTests
{
    const string File = "tuned.json";

    Cli _cli = null!;

    [SetUp]
    public void Begin() => _cli = new Cli();

    [TearDown]
    public void End() => _cli.Dispose();

    [Test]
    public void ANetworkIsTunedAndReported()
    {
        var result = _cli.Run("tune", "izhikevich", "--scale", "0.01", "--seconds", "3", "--file", File);
        Assert.That(result.Code, Is.Zero, result.ToString());
        Assert.That(result.Out, Does.Contain("ratio").And.Contain("izhikevich").And.Contain("defaults"));
        var report = _cli.Report(Path.Combine("torchbrain-output", "tune"));
        var tune = report.GetProperty("tune");
        Assert.That(tune.GetProperty("speedup").GetDouble(), Is.GreaterThanOrEqualTo(1));
        Assert.That(report.GetProperty("spike_hash").GetString(), Has.Length.EqualTo(32));
        Assert.That(report.GetProperty("options").GetProperty("network").GetString(), Is.EqualTo("izhikevich"));
        foreach (var trial in tune.GetProperty("trials").EnumerateArray())
            Assert.That(trial.GetProperty("outcome").GetString(), Is.Not.EqualTo("rejected"), trial.ToString());
        // A machine that is very busy may have had no time for a trial; then nothing is kept.
        Assert.That(System.IO.File.Exists(_cli.PathOf(File)), Is.EqualTo(tune.GetProperty("saved").GetBoolean()));
        if (!tune.GetProperty("saved").GetBoolean())
            return;
        Assert.That(TuningFile.Load(_cli.PathOf(File)).Entries.Single().Network, Is.EqualTo("izhikevich"));
        Assert.That(_cli.Run("bench", "--only", "izhikevich", "--scale", "0.01", "--seconds", "0.01", "--repeats", "1", "--tuning", File).Code, Is.Zero);
    }

    [Test]
    public void ABenchRunsWithWhatWasTuned_AndTheSpikesStay()
    {
        var plan = BenchNetwork.All.Single(n => n.Name == "izhikevich").Make(0.01, 1).Plan();
        TuningFile.Empty.With(new TuningEntry("cpu", new CpuTarget().Device, PlanShape.Of(plan), TuningSettings.Defaults.With("vector-bits", "128").With("threads", "2"), 1.1)).Save(_cli.PathOf(File));
        (string How, string Hash) Bench(params string[] more)
        {
            var result = _cli.Run(["bench", "--only", "izhikevich", "--scale", "0.01", "--seconds", "0.05", "--repeats", "1", .. more]);
            Assert.That(result.Code, Is.Zero, result.ToString());
            var network = _cli.Report(Path.Combine("torchbrain-output", "bench")).GetProperty("bench").GetProperty("networks")[0];
            return (network.GetProperty("how").GetString()!, network.GetProperty("spike_hash").GetString()!);
        }
        var tuned = Bench("--tuning", File);
        Assert.That(tuned.How, Does.Contain("2 threads (as asked)").And.Contain("128-bit vectors (as asked)"));
        Assert.That(tuned.Hash, Is.EqualTo(Bench().Hash));
        Assert.That(Bench("--tuning", File, "--threads", "1").How, Does.Contain("1 thread (as asked)").And.Contain("128-bit vectors (as asked)"), "what is typed wins");
    }

    [Test]
    public void AnotherNetworksEntryStays()
    {
        TuningFile.Empty.With(new TuningEntry("cpu", "another device", "shape", TuningSettings.Defaults, 1)).Save(_cli.PathOf(File));
        var result = _cli.Run("tune", "sheet", "--seconds", "2", "--file", File, "--output", "o");
        Assert.That(result.Code, Is.Zero, result.ToString());
        var saved = _cli.Report("o").GetProperty("tune").GetProperty("saved").GetBoolean();
        Assert.That(TuningFile.Load(_cli.PathOf(File)).Entries.Select(e => e.Device), Is.EqualTo(saved ? new[] { "another device", new CpuTarget().Device } : ["another device"]));
    }

    [TestCase("tune izhikevich --file")]
    [TestCase("bench --only sheet --tuning")]
    public void ADamagedFileIsRefusedBeforeTheWork(string line)
    {
        System.IO.File.WriteAllText(_cli.PathOf(File), "{ \"format\": \"torch");
        var result = _cli.Run([.. line.Split(' '), File]);
        Assert.That((result.Code, result.Out), Is.EqualTo((1, "")), result.ToString());
        Assert.That(result.Error, Does.StartWith(ErrorCode.TuningFileDamaged).And.Contain(_cli.PathOf(File)).And.Contain("line 1"));
        Assert.That(_cli.FilesIn("."), Is.EqualTo(new[] { File }));
    }

    [TestCase("tune ants", "NETWORK is 'ants'", "microcircuit")]
    [TestCase("tune", "NETWORK", "")]
    [TestCase("tune sheet --seconds 0", "--seconds is '0'", "86,400")]
    [TestCase("tune sheet --scale 0", "--scale is '0'", "0.001")]
    [TestCase("tune sheet --tuning x", "--tuning", "")]
    public void AWrongOptionIsToldAndNothingHappens(string line, string found, string allowed)
    {
        var result = _cli.Run(line.Split(' '));
        Assert.That(result.Code, Is.EqualTo(2), result.ToString());
        Assert.That(result.Error, Does.StartWith("TBN5001 ").And.Contain(found).And.Contain(allowed));
        Assert.That(Directory.EnumerateFileSystemEntries(_cli.Folder), Is.Empty);
    }
}
