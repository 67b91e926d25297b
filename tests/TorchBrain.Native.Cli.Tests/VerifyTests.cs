namespace TorchBrain.Native.Cli.Tests;

/// <summary>verify: the acceptance checks of the science, and what becomes of one that fails.</summary>
public class VerifyTests
{
    Cli _cli = null!;

    [SetUp]
    public void Begin() => _cli = new Cli();

    [TearDown]
    public void End() => _cli.Dispose();

    [Test]
    public void TheQuickSetPasses()
    {
        var result = _cli.Run("verify", "--quick", "--output", "o");
        Assert.That(result.Code, Is.Zero, result.ToString());
        Assert.That(_cli.FilesIn("o"), Is.EqualTo(new[] { "run.json", "verify.md" }));
        var verify = _cli.Report("o").GetProperty("verify");
        var checks = verify.GetProperty("checks").EnumerateArray().ToArray();
        Assert.That(checks.Select(c => c.GetProperty("number").GetInt32()), Is.EqualTo(VerifyRegistry.All.Where(c => c.Quick).Select(c => c.Number)));
        var lines = checks.SelectMany(c => c.GetProperty("lines").EnumerateArray()).ToArray();
        Assert.That(lines.Select(l => (l.GetProperty("quantity").GetString(), l.GetProperty("outcome").GetString())), Is.All.Matches<(string, string Outcome)>(l => l.Outcome == "pass"));
        Assert.That((verify.GetProperty("passed").GetInt32(), verify.GetProperty("failed").GetInt32(), verify.GetProperty("not_run").GetInt32()), Is.EqualTo((lines.Length, 0, 0)));
        Assert.That(lines, Has.Length.GreaterThan(120));
        Assert.That(File.ReadAllText(_cli.PathOf("o", "verify.md")), Does.Contain("**twenty Izhikevich patterns**").And.Contain("| pass |").And.Not.Contain("FAIL"));
    }

    [Test]
    public void AFailingCheckGivesExitCode1AndTheOthersRun()
    {
        var result = _cli.Run([new Given(1, [new("error", 0.2, 0, 0.1, "mV")]), new Given(2, [new("rate", 5, 4, 6, "Hz")])], "verify", "--output", "o");
        Assert.That(result.Code, Is.EqualTo(1), result.ToString());
        Assert.That(result.Out, Does.Contain("FAIL").And.Contain("1 of 2 passed, 1 FAILED"));
        var verify = _cli.Report("o").GetProperty("verify");
        Assert.That((verify.GetProperty("passed").GetInt32(), verify.GetProperty("failed").GetInt32()), Is.EqualTo((1, 1)));
        Assert.That(File.ReadAllText(_cli.PathOf("o", "verify.md")), Does.Contain("|  | error | 0.2 mV | 0 to 0.1 | FAIL |  |").And.Contain("|  | rate | 5 Hz | 4 to 6 | pass |  |"));
    }

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    [TestCase(-0.001)]
    [TestCase(1.001)]
    public void ANumberOutsideItsBandFails(double measured) =>
        Assert.That(_cli.Run([new Given(1, [new("share", measured, 0, 1, "")])], "verify", "--json").Code, Is.EqualTo(1));

    [Test]
    public void WhatIsNotRunIsNotPassed()
    {
        var result = _cli.Run([new Given(1, [VerifyResult.NotRun("triplets", "not in the engine")])], "verify");
        Assert.That(result.Code, Is.EqualTo(1), "nothing was verified");
        Assert.That(result.Out, Does.Contain("0 of 0 passed, 1 not run").And.Contain("triplets: not run, not in the engine"));
        Assert.That(_cli.Run([new Given(1, [VerifyResult.NotRun("triplets", "not in the engine"), new("pairs", 0, 0, 0, "")])], "verify").Code, Is.Zero);
    }

    [Test]
    public void AnErrorOfACheckIsItsFailure()
    {
        var result = _cli.Run([new Broken(), new Given(2, [new("rate", 5, 4, 6, "Hz")])], "verify", "--output", "o");
        Assert.That(result.Code, Is.EqualTo(1), result.ToString());
        Assert.That(result.Out.ReplaceLineEndings(" "), Does.Contain("1 of 2 passed").And.Contain("TBN1001"));
    }

    [Test]
    public void OnlyTheNamedChecksRun()
    {
        var result = _cli.Run([new Given(1, []), new Given(2, [new("rate", 5, 4, 6, "Hz")]), new Given(13, [new("pairs", 0, 0, 0, "")]), new Given(15, [])], "verify", "--only", "2", "13", "--quick", "--output", "o");
        Assert.That(result.Code, Is.Zero, result.ToString());
        Assert.That(_cli.Report("o").GetProperty("verify").GetProperty("checks").EnumerateArray().Select(c => c.GetProperty("number").GetInt32()), Is.EqualTo(new[] { 2, 13 }));
        Assert.That(_cli.Run([new Given(1, []), new Given(2, [new("rate", 5, 4, 6, "Hz")])], "verify", "--only", "2").Code, Is.Zero);
    }

    [TestCase("verify --only 99", "99")]
    [TestCase("verify --only 1,x", "'x'")]
    [TestCase("verify --only", "--only")]
    public void AnUnknownCheckIsAWrongOption(string line, string found)
    {
        var result = _cli.Run(line.Split(' '));
        Assert.That(result.Code, Is.EqualTo(2), result.ToString());
        Assert.That(result.Error, Does.StartWith("TBN5001").And.Contain(found));
        Assert.That(Directory.EnumerateFileSystemEntries(_cli.Folder), Is.Empty);
    }

    [Test]
    public void AMissingDataFolderIsToldAndNothingIsWritten()
    {
        var result = _cli.Run("verify", "--data", "nowhere", "--output", "o");
        Assert.That(result.Code, Is.EqualTo(1));
        Assert.That(result.Error, Does.StartWith("TBN4001").And.Contain("nowhere"));
        Assert.That(Directory.Exists(_cli.PathOf("o")), Is.False);
    }

    [Test]
    public void WithoutMnistItsCheckIsNotRun()
    {
        var result = _cli.Run([new DigitCheck()], "verify");
        Assert.That(result.Out.ReplaceLineEndings(" "), Does.Contain("0 of 0 passed, 1 not run").And.Contain("TORCHBRAIN_DATA"));
    }

    [Test]
    public void StoppedItKeepsWhatWasMeasured()
    {
        var result = _cli.RunUntil("Check 4, delay line ...", "verify", "--only", "3", "4", "5", "--output", "o");
        Assert.That(result.Code, Is.EqualTo(130), result.ToString());
        var checks = _cli.Report("o").GetProperty("verify").GetProperty("checks").EnumerateArray().ToArray();
        Assert.That(checks.Select(c => (c.GetProperty("number").GetInt32(), c.GetProperty("stopped").GetBoolean())), Is.EqualTo(new[] { (3, false), (4, true) }));
    }

    [Test]
    public void TheRegistryIsInOrderAndItsTitlesDiffer()
    {
        Assert.That(VerifyRegistry.All.Select(c => c.Number), Is.Ordered.And.All.InRange(1, 15));
        Assert.That(VerifyRegistry.All.Select(c => c.Title), Is.Unique);
    }

    sealed class Given(int number, IReadOnlyList<VerifyResult> results) : VerifyCheck
    {
        public override int Number => number;
        public override string Title => $"given {number}";
        public override IEnumerable<VerifyResult> Run(VerifyContext context) => results;
    }

    sealed class Broken : VerifyCheck
    {
        public override int Number => 1;
        public override string Title => "broken";

        public override IEnumerable<VerifyResult> Run(VerifyContext context)
        {
            var cells = new Population("cells", 1) { Neuron = new LeakyIntegrateAndFire { TauMs = double.NaN } };
            using var simulation = context.Simulate(new Network { Populations = [cells] });
            yield return VerifyResult.Exactly("never reached", 0, 0, "");
        }
    }
}
