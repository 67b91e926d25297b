namespace TorchBrain.Native.Cli.Tests;

/// <summary>grow --story.</summary>
public class StoryTests
{
    Cli _cli = null!;

    [SetUp]
    public void Begin() => _cli = new Cli();

    [TearDown]
    public void End() => _cli.Dispose();

    [Test]
    public void DamageIsStruckAndTold()
    {
        var result = _cli.Run("grow", "--story", "damage", "--units", "100", "--max-seconds", "68", "--output", "o");
        Assert.That(result.Code, Is.Zero, result.ToString());
        Assert.That(result.Out, Does.Contain("dead nodes").And.Contain("living nodes covered").And.Contain("re-learned for"));
        Assert.That(_cli.FilesIn("o"), Is.EqualTo(new[] { "re-pooling.png", "receptive-fields-after.png", "receptive-fields-before.png", "run.json" }));
        _cli.AssertPictures("o", "re-pooling.png", "receptive-fields-after.png", "receptive-fields-before.png");
        var (report, damage) = (_cli.Report("o"), _cli.Report("o").GetProperty("damage"));
        Assert.That(report.GetProperty("story").GetString(), Is.EqualTo("damage"));
        Assert.That(report.GetProperty("spike_hash").GetString(), Is.Not.Empty);
        Assert.That(report.GetProperty("growth").GetProperty("seconds").GetInt32(), Is.EqualTo(20));
        Assert.That(damage.GetProperty("dead").GetInt32(), Is.InRange(80, 160));
        Assert.That(damage.GetProperty("seconds").GetInt32(), Is.InRange(1, 48));
        Assert.That(damage.GetProperty("free_by_second").GetArrayLength(), Is.EqualTo(damage.GetProperty("seconds").GetInt32() + 1));
        double Share(string touching, string formed) => damage.GetProperty(touching).GetInt32() / (double)damage.GetProperty(formed).GetInt32();
        Assert.That(Share("touching_after", "formed"), Is.LessThan(0.5 * Share("touching_before", "formed_before")), "units leave the holes");
        Assert.That(damage.GetProperty("living_coverage").GetDouble(), Is.GreaterThan(0.8));
    }

    [Test]
    public void AColonyGrowsFromOneCell()
    {
        var result = _cli.Run("grow", "--story", "colony", "--max-seconds", "70", "--output", "o");
        Assert.That(result.Code, Is.Zero, result.ToString());
        Assert.That(result.Out, Does.Contain("cells per unit of area").And.Contain("units founded"));
        Assert.That(_cli.FilesIn("o"), Is.EqualTo(new[] { "colony.png", "receptive-fields.png", "run.json" }));
        _cli.AssertPictures("o", "colony.png", "receptive-fields.png");
        var (report, colony) = (_cli.Report("o"), _cli.Report("o").GetProperty("colony"));
        Assert.That(report.GetProperty("story").GetString(), Is.EqualTo("colony"));
        Assert.That(report.GetProperty("spike_hash").GetString(), Is.Not.Empty);
        Assert.That(report.GetProperty("options").GetProperty("radius").GetDouble(), Is.EqualTo(4));
        Assert.That(colony.GetProperty("density").GetDouble(), Is.InRange(2, 4));
        Assert.That(colony.GetProperty("cells").GetInt32(), Is.InRange(1800, 2600));
        Assert.That(colony.GetProperty("living_cells").EnumerateArray().Select(n => n.GetInt32()), Is.Ordered.Ascending);
        Assert.That(colony.GetProperty("seconds").GetInt32(), Is.EqualTo(70));
        Assert.That(colony.GetProperty("units_formed").GetInt32(), Is.GreaterThan(0.8 * colony.GetProperty("units").GetInt32()));
        Assert.That(colony.GetProperty("coverage").GetDouble(), Is.GreaterThan(0.75));
    }

    [Test]
    public void ASecondLayerGrowsAboveTheFirst()
    {
        var result = _cli.Run("grow", "--story", "stack", "--units", "100", "--max-seconds", "60", "--output", "o");
        Assert.That(result.Code, Is.Zero, result.ToString());
        Assert.That(result.Out, Does.Contain("first layer: units formed").And.Contain("second layer: rate").And.Contain("Growing the second layer: done"));
        Assert.That(_cli.FilesIn("o"), Is.EqualTo(new[] { "receptive-fields.png", "run.json", "second-fields.png" }));
        _cli.AssertPictures("o", "receptive-fields.png", "second-fields.png");
        var (report, stack) = (_cli.Report("o"), _cli.Report("o").GetProperty("stack"));
        Assert.That(report.GetProperty("story").GetString(), Is.EqualTo("stack"));
        Assert.That(report.GetProperty("spike_hash").GetString(), Is.Not.Empty);
        Assert.That(stack.GetProperty("nodes").GetInt32(), Is.EqualTo(report.GetProperty("growth").GetProperty("units_formed").GetInt32()));
        Assert.That(stack.GetProperty("units_formed").GetInt32(), Is.Positive);
        Assert.That(stack.GetProperty("formed_by_second").GetArrayLength(), Is.EqualTo(stack.GetProperty("seconds").GetInt32()));
    }

    [Test]
    public void AnEarlyColonyHasNoUnitThatLearned()
    {
        var result = _cli.Run("grow", "--story", "colony", "--side", "12", "--max-seconds", "2", "--output", "o");
        Assert.That(result.Code, Is.Zero, result.ToString());
        Assert.That(_cli.FilesIn("o"), Is.EqualTo(new[] { "colony.png", "run.json" }));
        Assert.That(_cli.Report("o").GetProperty("colony").GetProperty("units_formed").GetInt32(), Is.Zero);
    }

    [TestCase("damage", "Growing receptive fields ...")]
    [TestCase("damage", "Learning around the holes ...")]
    [TestCase("colony", "Growing from one cell ...")]
    [TestCase("stack", "Growing the first layer ...")]
    [TestCase("stack", "Growing the second layer ...")]
    public void AStoppedStoryEndsWell(string story, string at)
    {
        string[] size = story == "colony" ? ["--side", "10"] : at.Contains("second", StringComparison.Ordinal) ? ["--units", "100"] : ["--nodes", "200", "--side", "10", "--units", "20"];
        var result = _cli.RunUntil(at, ["grow", "--story", story, "--max-seconds", "10", "--output", "o", .. size]);
        Assert.That(result.Code, Is.EqualTo(130), result.ToString());
        Assert.That(result.Error, Does.StartWith("Stopped"));
        if (Directory.Exists(_cli.PathOf("o")))
            Assert.That(_cli.Report("o").GetProperty("cancelled").GetBoolean(), Is.True);
    }

    [Test]
    public void NothingToStackUponIsTold()
    {
        var result = _cli.Run("grow", "--story", "stack", "--nodes", "100", "--side", "7", "--units", "5", "--max-seconds", "1", "--output", "o");
        Assert.That((result.Code, result.Error[..7]), Is.EqualTo((1, "TBN1007")), result.ToString());
        Assert.That(result.Error, Does.Contain("--max-seconds"));
        Assert.That(Directory.Exists(_cli.PathOf("o")), Is.False);
    }

    [Test]
    public void JsonIsTheFileAndQuietIsOneLine()
    {
        string[] line = ["grow", "--story", "damage", "--nodes", "200", "--side", "10", "--units", "20", "--max-seconds", "4", "--output", "o"];
        var json = _cli.Run([.. line, "--json"]);
        Assert.That(json.Out, Is.EqualTo(File.ReadAllText(_cli.PathOf("o", "run.json"))), json.ToString());
        var quiet = _cli.Run([.. line, "--quiet"]);
        Assert.That(quiet.Out.Trim().Split('\n'), Has.Length.EqualTo(1));
        Assert.That(quiet.Out, Does.StartWith("torchbrain grow: ").And.Contain("dead nodes"));
    }

    [TestCase("--story tale", "--story is 'tale'", "pooling, damage, colony, stack")]
    [TestCase("--story damage --resume a.ckpt", "--resume", "checkpoint")]
    [TestCase("--story colony --resume a.ckpt", "--resume", "checkpoint")]
    [TestCase("--story stack --resume a.ckpt", "--resume", "checkpoint")]
    [TestCase("--story damage --geometry disc", "--geometry disc", "square")]
    [TestCase("--story colony --geometry sphere", "--geometry sphere", "square")]
    [TestCase("--story stack --geometry torus", "--geometry torus", "square")]
    [TestCase("--story colony --units 400", "--units", "found the units")]
    [TestCase("--story colony --nodes 1500", "--nodes", "--side")]
    [TestCase("--story colony --side 50", "--side is 50", "36")]
    [TestCase("--story damage --max-seconds 1", "--max-seconds is 1", "2 at least")]
    public void AWrongCombinationIsToldAndNothingHappens(string line, string found, string allowed)
    {
        var result = _cli.Run(["grow", .. line.Split(' ')]);
        Assert.That(result.Code, Is.EqualTo(2), result.ToString());
        Assert.That(result.Error, Does.StartWith("TBN5001 ").And.Contain(found).And.Contain(allowed));
        Assert.That(Directory.EnumerateFileSystemEntries(_cli.Folder), Is.Empty);
    }

    [Test]
    public void TheHelpTellsTheStories() => Assert.That(_cli.Run("grow", "--help").Out, Does.Contain("--story").And.Contain("re-pooling.png").And.Contain("colony.png").And.Contain("second-fields.png"));
}
