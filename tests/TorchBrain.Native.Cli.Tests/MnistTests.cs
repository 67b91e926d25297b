namespace TorchBrain.Native.Cli.Tests;

/// <summary>The whole experiment on a few drawn digits.</summary>
public class MnistTests
{
    static readonly string[] s_small = ["mnist", "--data", "drawn", "--train", "600", "--test", "200", "--hidden", "300"];
    static readonly string[] s_pictures = ["receptive-fields.png", "formation.png", "waves.png", "waves-film.png", "raster.png", "confusion.png", "accuracy.png", "digits.png"];

    Cli _cli = null!;
    CliResult _one = null!, _two = null!;

    [OneTimeSetUp]
    public void RunTwice()
    {
        _cli = new Cli();
        _one = _cli.Run([.. s_small, "--threads", "1", "--output", "one"]);
        _two = _cli.Run([.. s_small, "--threads", "2", "--output", "two", "--json"]);
    }

    [OneTimeTearDown]
    public void CleanUp() => _cli.Dispose();

    [Test]
    public void ItEndsWellAndSaysThatTheDigitsAreDrawn()
    {
        Assert.That(_one.Code, Is.Zero, _one.ToString());
        Assert.That(_one.Error, Is.Empty);
        Assert.That(_one.Out, Does.Contain("not MNIST").And.Contain("of 200").And.Contain("raw pixels").And.Contain("units formed"));
        Assert.That(_one.Out, Does.Not.Contain('\e'), "control codes in a file");
        Assert.That(_one.Out.TrimEnd().Split('\n')[^1], Does.StartWith("torchbrain mnist: ").And.Contain("drawn digits (not MNIST)"));
    }

    [Test]
    public void AllFilesAreThereAndNoOthers() => Assert.That(_cli.FilesIn("one"), Is.EquivalentTo(s_pictures.Append("run.json")));

    [Test]
    public void PicturesDecodeAndAreNotBlank() => _cli.AssertPictures("one", s_pictures);

    [Test]
    public void TheReportHoldsTheResult()
    {
        var report = _cli.Report("one");
        Assert.Multiple(() =>
        {
            Assert.That(report.GetProperty("schema_version").GetInt32(), Is.EqualTo(1));
            Assert.That(report.GetProperty("command").GetString(), Is.EqualTo("mnist"));
            Assert.That(report.GetProperty("cancelled").GetBoolean(), Is.False);
            Assert.That(report.GetProperty("seed").GetUInt64(), Is.EqualTo(1));
            Assert.That(report.GetProperty("test_accuracy").GetDouble(), Is.GreaterThan(0.5).And.LessThanOrEqualTo(1));
            Assert.That(report.GetProperty("data").GetProperty("is_drawn").GetBoolean(), Is.True);
            Assert.That(report.GetProperty("options").GetProperty("hidden").GetInt32(), Is.EqualTo(300));
            Assert.That(report.GetProperty("machine").GetProperty("vector_bits").GetInt32(), Is.AnyOf(128, 256, 512));
            Assert.That(report.GetProperty("baselines").GetArrayLength(), Is.EqualTo(4));
            Assert.That(report.GetProperty("growth").GetProperty("complete").GetBoolean(), Is.True);
            Assert.That(report.GetProperty("timings").GetProperty("pictures").GetDouble(), Is.Positive);
            Assert.That(report.GetProperty("files").EnumerateArray().Select(f => f.GetString()), Is.EquivalentTo(s_pictures));
            Assert.That(report.GetProperty("confusion").EnumerateArray().Sum(row => row.EnumerateArray().Sum(c => c.GetInt32())), Is.EqualTo(200));
        });
    }

    [Test]
    public void TheHashesDoNotDependOnThreads()
    {
        var (one, two) = (_cli.Report("one"), _cli.Report("two"));
        foreach (var hash in (string[])["spike_hash", "count_hash"])
            Assert.That(two.GetProperty(hash).GetString(), Has.Length.EqualTo(32).And.EqualTo(one.GetProperty(hash).GetString()), hash);
        Assert.That(two.GetProperty("test_accuracy").GetDouble(), Is.EqualTo(one.GetProperty("test_accuracy").GetDouble()));
    }

    [Test]
    public void JsonPrintsTheReportAndNothingElse()
    {
        Assert.That(_two.Code, Is.Zero, _two.ToString());
        Assert.That(_two.Out, Is.EqualTo(File.ReadAllText(_cli.PathOf("two", "run.json"))));
        Assert.That(_two.Error, Is.Empty);
    }

    [Test]
    public void StoppedWhileGrowingItKeepsWhatHasGrown()
    {
        using var cli = new Cli();
        var result = cli.RunUntil("Growing receptive fields ...", [.. s_small, "--output", "o"]);
        Assert.That(result.Code, Is.EqualTo(130), result.ToString());
        Assert.That(result.Error, Does.Contain("kept"));
        var report = cli.Report("o");
        Assert.That(report.GetProperty("cancelled").GetBoolean(), Is.True);
        Assert.That(report.TryGetProperty("test_accuracy", out _), Is.False);
        Assert.That(report.GetProperty("growth").GetProperty("complete").GetBoolean(), Is.False);
        cli.AssertPictures("o", "receptive-fields.png", "formation.png", "waves.png");
    }

    [Test]
    public void StoppedWhileReadingItKeepsTheGrownLayer()
    {
        using var cli = new Cli();
        var result = cli.RunUntil("Reading training digits ...", [.. s_small, "--output", "o"]);
        Assert.That(result.Code, Is.EqualTo(130), result.ToString());
        Assert.That(cli.Report("o").GetProperty("growth").GetProperty("complete").GetBoolean(), Is.True);
        Assert.That(cli.FilesIn("o"), Does.Contain("receptive-fields.png").And.Not.Contain("confusion.png"));
    }

    [Test]
    public void WithoutMnistItSaysSoAndGoesOnWithDrawnDigits()
    {
        using var cli = new Cli();
        var result = cli.Run("mnist", "--train", "100", "--test", "50", "--hidden", "0", "--no-baselines", "--steps", "10");
        Assert.That(result.Code, Is.Zero, result.ToString());
        Assert.That(result.Out.ReplaceLineEndings(" "), Does.Contain("MNIST was not found").And.Contain("TORCHBRAIN_DATA: not set"));
        var data = cli.Report(Path.Combine("torchbrain-output", "mnist")).GetProperty("data");
        Assert.That(data.GetProperty("is_drawn").GetBoolean(), Is.True);
        Assert.That(data.GetProperty("tried").GetArrayLength(), Is.EqualTo(3));
    }

    [Test]
    public void AMissingDataFolderIsToldAndNothingIsWritten()
    {
        using var cli = new Cli();
        var result = cli.Run("mnist", "--data", "nowhere", "--output", "a/b");
        Assert.That(result.Code, Is.EqualTo(1));
        Assert.That(result.Error, Does.StartWith("TBN4001").And.Contain("nowhere"));
        Assert.That(Directory.Exists(cli.PathOf("a")), Is.False);
    }

    [Test]
    public void DamagedDataIsToldAndNothingIsWritten()
    {
        using var cli = new Cli();
        Directory.CreateDirectory(cli.PathOf("data"));
        foreach (var name in (string[])["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"])
            File.WriteAllText(cli.PathOf("data", name), "not an IDX file");
        var result = cli.Run("mnist", "--data", "data", "--output", "o");
        Assert.That(result.Code, Is.EqualTo(1));
        Assert.That(result.Error, Does.StartWith("TBN4002"));
        Assert.That(Directory.Exists(cli.PathOf("o")), Is.False);
    }

    [Test]
    public void MoreDigitsThanThereAreIsToldBeforeTheRun()
    {
        using var cli = new Cli();
        var result = cli.Run("mnist", "--data", "drawn", "--train", "70000");
        Assert.That(result.Code, Is.EqualTo(1));
        Assert.That(result.Error, Does.StartWith("TBN4003").And.Contain("10000"));
    }
}
