using System.Runtime.Versioning;

namespace TorchBrain.Native.Cli.Tests;

/// <summary>Options, help and output folders.</summary>
public class OptionTests
{
    Cli _cli = null!;

    [SetUp]
    public void Begin() => _cli = new Cli();

    [TearDown]
    public void End() => _cli.Dispose();

    [TestCase("waves --nodes 0", "--nodes is '0'", "1 to 1,000,000")]
    [TestCase("waves --nodes -5", "--nodes", "-5")]
    [TestCase("waves --nodes many", "--nodes is 'many'", "whole numbers")]
    [TestCase("waves --nodes 99999999999", "--nodes", "99999999999")]
    [TestCase("waves --nodes", "--nodes", "")]
    [TestCase("waves --side NaN", "--side is 'NaN'", "numbers from")]
    [TestCase("waves --side 0", "--side is '0'", "numbers from")]
    [TestCase("waves --side Infinity", "--side is 'Infinity'", "numbers from")]
    [TestCase("waves --side 2,8", "--side is '2,8'", "point")]
    [TestCase("waves --radius -1", "--radius", "-1")]
    [TestCase("waves --geometry cube", "--geometry is 'cube'", "square, disc, torus, annulus, sphere")]
    [TestCase("waves --geometry 1", "--geometry is '1'", "square")]
    [TestCase("waves --excitability none", "--excitability is 'none'", "shared")]
    [TestCase("waves --seconds 0", "--seconds is '0'", "3,600")]
    [TestCase("waves --seed -1", "--seed", "-1")]
    [TestCase("waves --seed 18446744073709551616", "--seed", "18446744073709551615")]
    [TestCase("waves --threads 2000", "--threads is '2000'", "0 to 1,024")]
    [TestCase("waves --backend tpu", "--backend is 'tpu'", "cpu, cuda")]
    [TestCase("waves --hidden 3", "--hidden", "")]
    [TestCase("grow --units 0", "--units is '0'", "")]
    [TestCase("grow --max-seconds 0", "--max-seconds is '0'", "")]
    [TestCase("grow --nodes 1000000 --units 1000000", "weights", "")]
    [TestCase("mnist --steps 0", "--steps is '0'", "")]
    [TestCase("mnist --train 5", "--train is '5'", "10 to")]
    [TestCase("mnist --test 0", "--test is '0'", "")]
    [TestCase("mnist --hidden -1", "--hidden", "-1")]
    [TestCase("mnist extra", "extra", "")]
    [TestCase("fly", "fly", "")]
    [TestCase("--fly", "--fly", "")]
    public void AWrongOptionIsToldAndNothingHappens(string line, string found, string allowed)
    {
        var result = _cli.Run(line.Split(' '));
        Assert.That(result.Code, Is.EqualTo(2), result.ToString());
        Assert.That(result.Error, Does.StartWith("TBN5001 ").And.Contain(found).And.Contain(allowed));
        Assert.That(result.Out, Is.Empty);
        Assert.That(Directory.EnumerateFileSystemEntries(_cli.Folder), Is.Empty);
    }

    [Test]
    public void AnEmptyFolderNameIsAWrongOption() => Assert.That(_cli.Run("waves", "--output", "").Code, Is.EqualTo(2));

    [Test]
    public void CudaIsRefusedWithWhatWasFound()
    {
        var result = _cli.Run("waves", "--backend", "cuda");
        Assert.That(result.Code, Is.EqualTo(1), result.ToString());
        Assert.That(result.Error, Does.StartWith("TBN2001 ").And.Contain("CUDA").And.Contain("CPU").And.Contain("--backend cpu"));
        Assert.That(Directory.EnumerateFileSystemEntries(_cli.Folder), Is.Empty);
    }

    [TestCase("")]
    [TestCase("--help")]
    [TestCase("mnist --help")]
    [TestCase("grow -h")]
    [TestCase("waves --help --nodes 0")]
    [TestCase("verify --help")]
    [TestCase("bench --help")]
    [TestCase("bench compare --help")]
    [TestCase("bench scaling --help")]
    [TestCase("bench loop --help")]
    [TestCase("tune --help")]
    [TestCase("info --help")]
    public void HelpHasExamples(string line)
    {
        var result = _cli.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.That(result.Code, Is.Zero, result.ToString());
        Assert.That(result.Out, Does.Contain("Examples:").And.Contain("torchbrain "));
        Assert.That(result.Error, Is.Empty);
    }

    [Test]
    public void TheVersionIsPrinted()
    {
        var result = _cli.Run("--version");
        Assert.That((result.Code, result.Out.Trim()), Is.EqualTo((0, RunReport.FullVersion)));
    }

    [Test]
    public void ANetworkBeyondMemoryIsRefused()
    {
        var result = _cli.Run("waves", "--nodes", "1000000", "--side", "10000", "--output", "o");
        Assert.That(result.Code, Is.EqualTo(1), result.ToString());
        Assert.That(result.Error, Does.StartWith("TBN1005"));
        Assert.That(Directory.Exists(_cli.PathOf("o")), Is.False);
    }

    [Test]
    public void AForeignFolderIsLeftAlone()
    {
        Directory.CreateDirectory(_cli.PathOf("mine", "sub"));
        File.WriteAllText(_cli.PathOf("mine", "thesis.tex"), "years of work");
        var result = _cli.Run("waves", "--seconds", "0.1", "--output", "mine");
        Assert.That(result.Code, Is.EqualTo(1));
        Assert.That(result.Error, Does.StartWith("TBN5002").And.Contain("thesis.tex").And.Contain("sub/").And.Contain("--output"));
        Assert.That(_cli.FilesIn("mine"), Is.EqualTo(new[] { "sub", "thesis.tex" }));
    }

    [Test]
    public void AForeignRunJsonGivesNoRights()
    {
        Directory.CreateDirectory(_cli.PathOf("mine"));
        File.WriteAllText(_cli.PathOf("mine", "run.json"), """{"tool":"other","files":["a.txt"]}""");
        File.WriteAllText(_cli.PathOf("mine", "a.txt"), "a");
        Assert.That(_cli.Run("waves", "--seconds", "0.1", "--output", "mine").Error, Does.StartWith("TBN5002").And.Contain("2 entries"));
    }

    [Test]
    public void AnEarlierRunIsReplacedAndAnAddedFileStopsThat()
    {
        Assert.That(_cli.Run("grow", "--nodes", "100", "--units", "5", "--max-seconds", "1", "--output", "o").Code, Is.Zero);
        Assert.That(_cli.Run("waves", "--nodes", "100", "--seconds", "0.1", "--output", "o").Code, Is.Zero);
        Assert.That(_cli.FilesIn("o"), Is.EquivalentTo(new[] { "raster.png", "run.json", "spikes.csv", "waves-film.png", "waves.png" }), "files of the growth must go");
        File.WriteAllText(_cli.PathOf("o", "notes.txt"), "mine");
        var result = _cli.Run("waves", "--nodes", "100", "--seconds", "0.1", "--output", "o");
        Assert.That(result.Error, Does.StartWith("TBN5002").And.Contain("notes.txt").And.Contain("1 entry"));
        Assert.That(_cli.FilesIn("o"), Has.Length.EqualTo(6));
    }

    [Test]
    public void WhatAKilledRunLeftIsClearedAway()
    {
        Directory.CreateDirectory(_cli.PathOf("o", ".torchbrain-partial"));
        File.WriteAllText(_cli.PathOf("o", ".torchbrain-partial", "half.png"), "");
        Assert.That(_cli.Run("waves", "--nodes", "100", "--seconds", "0.1", "--output", "o").Code, Is.Zero);
        Assert.That(_cli.FilesIn("o"), Does.Not.Contain(".torchbrain-partial"));
    }

    [Test]
    public void TwoRunsDoNotShareAFolder()
    {
        using var first = OutputFolder.Open(_cli.PathOf("o"));
        var second = _cli.Run("waves", "--nodes", "100", "--seconds", "0.1", "--output", "o");
        Assert.That(second.Code, Is.EqualTo(1), second.ToString());
        Assert.That(second.Error, Does.StartWith("TBN5002").And.Contain("another torchbrain"));
    }

    [Test]
    public void AFileWhereTheFolderShouldBeIsTold()
    {
        File.WriteAllText(_cli.PathOf("o"), "a file");
        foreach (var output in (string[])["o", "o/below"])
        {
            var result = _cli.Run("waves", "--seconds", "0.1", "--output", output);
            Assert.That((result.Code, result.Error[..7]), Is.EqualTo((1, "TBN5002")), result.ToString());
        }
        Assert.That(File.ReadAllText(_cli.PathOf("o")), Is.EqualTo("a file"));
    }

    [Test]
    [Platform("Linux")]
    public void AFolderThatCannotBeMadeIsTold()
    {
        var result = _cli.Run("waves", "--seconds", "0.1", "--output", "/proc/torchbrain");
        Assert.That((result.Code, result.Error[..7]), Is.EqualTo((1, "TBN5002")), result.ToString());
    }

    [Test]
    [Platform("Unix")]
    [UnsupportedOSPlatform("windows")]
    public void AReadOnlyFolderIsTold()
    {
        if (Environment.IsPrivilegedProcess)
            Assert.Ignore("root may write everywhere");
        Directory.CreateDirectory(_cli.PathOf("o"));
        File.SetUnixFileMode(_cli.PathOf("o"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var result = _cli.Run("waves", "--seconds", "0.1", "--output", "o");
        File.SetUnixFileMode(_cli.PathOf("o"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.That((result.Code, result.Error[..7]), Is.EqualTo((1, "TBN5002")), result.ToString());
    }
}
