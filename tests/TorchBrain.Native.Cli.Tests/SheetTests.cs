using System.Text;

namespace TorchBrain.Native.Cli.Tests;

/// <summary>waves, grow and info.</summary>
public class SheetTests
{
    Cli _cli = null!;

    [SetUp]
    public void Begin() => _cli = new Cli();

    [TearDown]
    public void End() => _cli.Dispose();

    [Test]
    public void WavesAreMeasuredDrawnAndListed()
    {
        var result = _cli.Run("waves", "--seconds", "1");
        Assert.That(result.Code, Is.Zero, result.ToString());
        Assert.That(result.Out, Does.Contain("13.4 Hz"), "the expected rate of the default sheet");
        var folder = Path.Combine("torchbrain-output", "waves");
        _cli.AssertPictures(folder, "waves.png", "waves-film.png", "raster.png");
        var spikes = File.ReadAllLines(_cli.PathOf(folder, "spikes.csv"));
        var waves = _cli.Report(folder).GetProperty("waves");
        Assert.That(spikes[0], Is.EqualTo("step,node"));
        Assert.That(spikes, Has.Length.EqualTo(waves.GetProperty("spikes").GetInt64() + 1));
        Assert.That(waves.GetProperty("seconds").GetDouble(), Is.EqualTo(1));
        Assert.That(spikes.Skip(1).Select(s => s.Split(',')).All(s => int.Parse(s[0]) is >= 0 and < 1000 && int.Parse(s[1]) is >= 0 and < 1500), Is.True);
    }

    [TestCase("square")]
    [TestCase("disc")]
    [TestCase("torus")]
    [TestCase("annulus")]
    [TestCase("sphere")]
    public void EveryShapeRuns(string shape)
    {
        var waves = _cli.Run("waves", "--seconds", "0.3", "--geometry", shape, "--excitability", "shared", "--output", "w");
        Assert.That(waves.Code, Is.Zero, waves.ToString());
        _cli.AssertPictures("w", "waves.png", "raster.png");
        var grow = _cli.Run("grow", "--max-seconds", "2", "--geometry", shape, "--nodes", "500", "--side", "16", "--units", "50", "--output", "g");
        Assert.That(grow.Code, Is.Zero, grow.ToString());
        _cli.AssertPictures("g", "receptive-fields.png", "formation.png");
    }

    [TestCase("1")]
    [TestCase("2")]
    public void SheetsOfAlmostNoNodesRun(string nodes)
    {
        var waves = _cli.Run("waves", "--nodes", nodes, "--seconds", "0.01");
        Assert.That(waves.Code, Is.Zero, waves.ToString());
        var grow = _cli.Run("grow", "--nodes", nodes, "--units", "1", "--max-seconds", "1");
        Assert.That(grow.Code, Is.Zero, grow.ToString());
    }

    [Test]
    public void AResumedGrowthIsTheUninterruptedOne()
    {
        var whole = _cli.Run("grow", "--max-seconds", "3", "--output", "whole");
        var part = _cli.Run("grow", "--max-seconds", "1", "--output", "part", "--threads", "2");
        var resumed = _cli.Run("grow", "--max-seconds", "3", "--resume", "part/grow.ckpt", "--output", "part");
        foreach (var result in (CliResult[])[whole, part, resumed])
            Assert.That(result.Code, Is.Zero, result.ToString());
        var (a, b) = (_cli.Report("whole"), _cli.Report("part"));
        Assert.That(b.GetProperty("spike_hash").GetString(), Is.EqualTo(a.GetProperty("spike_hash").GetString()));
        Assert.That(b.GetProperty("growth").GetProperty("formed_by_second").ToString(), Is.EqualTo(a.GetProperty("growth").GetProperty("formed_by_second").ToString()));
        foreach (var file in (string[])["pools.npy", "nodes.npy", "grow.ckpt", "formation.png"])
            Assert.That(File.ReadAllBytes(_cli.PathOf("part", file)), Is.EqualTo(File.ReadAllBytes(_cli.PathOf("whole", file))), file);
    }

    [Test]
    public void AStoppedGrowthCanBeResumed()
    {
        var stopped = _cli.RunUntil("Growing receptive fields ...", "grow", "--output", "o", "--nodes", "300", "--units", "20");
        Assert.That(stopped.Code, Is.EqualTo(130), stopped.ToString());
        Assert.That(_cli.Report("o").GetProperty("cancelled").GetBoolean(), Is.True);
        var resumed = _cli.Run("grow", "--output", "o", "--nodes", "300", "--units", "20", "--resume", "o/grow.ckpt", "--max-seconds", "1");
        Assert.That(resumed.Code, Is.Zero, resumed.ToString());
        var whole = _cli.Run("grow", "--output", "p", "--nodes", "300", "--units", "20", "--max-seconds", "1");
        Assert.That(whole.Code, Is.Zero, whole.ToString());
        Assert.That(_cli.Report("o").GetProperty("spike_hash").GetString(), Is.EqualTo(_cli.Report("p").GetProperty("spike_hash").GetString()));
    }

    [Test]
    public void NothingIsLeftToDoForAFinishedGrowth()
    {
        _cli.Run("grow", "--max-seconds", "2", "--output", "o");
        var again = _cli.Run("grow", "--max-seconds", "2", "--output", "p", "--resume", "o/grow.ckpt");
        Assert.That(again.Code, Is.Zero, again.ToString());
        Assert.That(_cli.Report("p").GetProperty("spike_hash").GetString(), Is.EqualTo(_cli.Report("o").GetProperty("spike_hash").GetString()));
    }

    [Test]
    public void AForeignOrDamagedCheckpointIsToldAndNothingIsWritten()
    {
        _cli.Run("grow", "--max-seconds", "1", "--nodes", "200", "--units", "10", "--output", "o");
        var foreign = _cli.Run("grow", "--resume", "o/grow.ckpt", "--nodes", "201", "--units", "10", "--output", "p");
        Assert.That((foreign.Code, foreign.Error[..7]), Is.EqualTo((1, "TBN3006")), foreign.ToString());
        var bytes = File.ReadAllBytes(_cli.PathOf("o", "grow.ckpt"));
        File.WriteAllBytes(_cli.PathOf("half.ckpt"), bytes[..(bytes.Length / 2)]);
        var damaged = _cli.Run("grow", "--resume", "half.ckpt", "--output", "p");
        Assert.That((damaged.Code, damaged.Error[..7]), Is.EqualTo((1, "TBN3005")), damaged.ToString());
        var missing = _cli.Run("grow", "--resume", "none.ckpt", "--output", "p");
        Assert.That((missing.Code, missing.Error[..7]), Is.EqualTo((1, "TBN3005")), missing.ToString());
        Assert.That(Directory.Exists(_cli.PathOf("p")), Is.False);
    }

    [Test]
    public void NpyFilesHaveTheirShapes()
    {
        _cli.Run("grow", "--max-seconds", "1", "--nodes", "200", "--units", "10", "--output", "o");
        foreach (var (name, rows, columns) in ((string, int, int)[])[("pools.npy", 10, 200), ("nodes.npy", 200, 3)])
        {
            var bytes = File.ReadAllBytes(_cli.PathOf("o", name));
            Assert.That(bytes[..8], Is.EqualTo(new byte[] { 0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0 }), name);
            var header = bytes[8] + 256 * bytes[9];
            Assert.That((10 + header) % 64, Is.Zero, name);
            Assert.That(Encoding.ASCII.GetString(bytes, 10, header), Does.Contain($"'shape': ({rows}, {columns})").And.Contain("'<f4'").And.EndsWith("\n"), name);
            Assert.That(bytes, Has.Length.EqualTo(10 + header + 4 * rows * columns), name);
        }
    }

    [Test]
    public void StoppedWavesAreKept()
    {
        var result = _cli.RunUntil("Running the sheet ...", "waves", "--seconds", "3600", "--output", "o");
        Assert.That(result.Code, Is.EqualTo(130), result.ToString());
        Assert.That(_cli.Report("o").GetProperty("cancelled").GetBoolean(), Is.True);
        Assert.That(_cli.FilesIn("o"), Does.Contain("waves.png").And.Contain("spikes.csv"));
    }

    [Test]
    public void QuietLeavesTheFinalLine()
    {
        var result = _cli.Run("waves", "--seconds", "0.2", "--quiet");
        Assert.That(result.Code, Is.Zero);
        Assert.That(result.Out, Does.StartWith("torchbrain waves: ").And.EndWith($"{Environment.NewLine}"));
        Assert.That(result.Out.Trim().Split('\n'), Has.Length.EqualTo(1));
    }

    [Test]
    public void InfoTellsAndWritesOnlyWhenAsked()
    {
        var result = _cli.Run("info");
        Assert.That(result.Code, Is.Zero, result.ToString());
        Assert.That(result.Out, Does.Contain(".NET").And.Contain("bit vectors").And.Contain("CUDA driver").And.Contain("NVRTC").And.Contain("TORCHBRAIN_DATA"));
        Assert.That(Directory.EnumerateFileSystemEntries(_cli.Folder), Is.Empty);
        var json = _cli.Run("info", "--json", "--output", "o");
        Assert.That(json.Out, Is.EqualTo(File.ReadAllText(_cli.PathOf("o", "run.json"))));
        Assert.That(_cli.Report("o").GetProperty("cuda").GetProperty("driver_tried").GetArrayLength(), Is.Positive);
        Assert.That(_cli.Report("o").TryGetProperty("seed", out _), Is.False);
    }
}
