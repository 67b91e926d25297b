using NUnit.Framework;

namespace TorchBrain.Native.Tests;

/// <summary>A checkpoint holds everything: a run that goes on from it is the run that was never stopped.</summary>
public class CheckpointTests
{
    string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("tbn").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    string Path(string name) => System.IO.Path.Combine(_folder, name);

    static readonly string[] Backends = ["reference", "cpu 1", "cpu 2", "cpu 3"];

    static IBackend Backend(string name) => name == "reference" ? new ReferenceBackend() : ParityRun.Cpu(name[^1] - '0');

    static (string, string)[] Pairs => [.. from a in Backends from b in Backends select (a, b)];

    [TestCaseSource(nameof(Pairs))]
    public void Load_OnAnyBackend_GoesOnBitForBit((string From, string To) pair)
    {
        foreach (var batch in new[] { 1, 3 })
        {
            var parity = LearningCases.Everything(batch) with { Steps = 120 };
            var (plan, expected) = (parity.Network.Plan(), Whole(parity));
            foreach (var at in new[] { 0, 1, 2, 3, 8, 33, 64, 119 })
            {
                using var before = Simulation.Create(plan, Backend(pair.From));
                using var after = Simulation.Create(plan, Backend(pair.To));
                parity.Run(before, at);
                after.Run(at == 8 ? 77 : 0); // the state of the simulation that loads does not matter
                after.Load(before.Save());
                Assert.That(after.StepNumber, Is.EqualTo(at));
                parity.Run(after, parity.Steps);
                AssertSameButCounts(Outcome.Of(after), expected, plan, $"saved at {at}");
            }
        }
    }

    static Outcome Whole(ParityCase parity)
    {
        using var simulation = Simulation.Create(parity.Network, ParityRun.Cpu(1));
        parity.Run(simulation, parity.Steps);
        return Outcome.Of(simulation);
    }

    // Spike counts are counted since the start of a simulation and are not part of a checkpoint.
    static void AssertSameButCounts(Outcome found, Outcome expected, NetworkPlan plan, string when) =>
        Assert.That((found with { Counts = expected.Counts }).DifferenceFrom(expected, plan), Is.Null, when);

    [Test]
    public void Load_DrawnDelaysAndRings_SavedAtEveryStep_GoesOnBitForBit()
    {
        var parity = ConnectivityCases.All().Single(c => c.Name == "delays drawn, all to all, batch 3") with { Steps = 80 };
        var plan = parity.Network.Plan();
        var expected = Whole(parity);
        using var first = Simulation.Create(plan, ParityRun.Cpu(2));
        using var second = Simulation.Create(plan, ParityRun.Cpu(1));
        for (var step = 0; step < parity.Steps; step++)
        {
            parity.Run(first, step);
            second.Load(first.Save());
            second.Run(1);
            first.Load(second.Save());
        }
        AssertSameButCounts(Outcome.Of(first), expected, plan, "handed over after each step");
    }

    [Test]
    public void File_RoundTrip_HoldsEverything()
    {
        var parity = LearningCases.Everything(3);
        var plan = parity.Network.Plan();
        using var simulation = Simulation.Create(plan, ParityRun.Cpu(2));
        parity.Run(simulation, 90);
        simulation.Save().Save(Path("a"));
        var saved = Outcome.Of(simulation);
        var opened = Checkpoint.Open(Path("a"));
        using var other = Simulation.Create(plan, new ReferenceBackend());
        other.Load(opened);
        Assert.Multiple(() =>
        {
            Assert.That(opened.Step, Is.EqualTo(90));
            Assert.That(opened.PlanHash, Is.EqualTo(plan.Hash.ToString("x32")));
        });
        AssertSameButCounts(Outcome.Of(other), saved, plan, "from file");
        opened.Save(Path("b"));
        Assert.That(File.ReadAllBytes(Path("b")), Is.EqualTo(File.ReadAllBytes(Path("a"))));
    }

    static readonly (string Name, Func<Network, Network> Change)[] Changes =
    [
        ("seed", n => n with { Seed = 99 }),
        ("batch", n => n with { Batch = 2 }),
        ("time step", n => n with { TimeStepMs = 0.5 }),
        ("weight", n => n with { Projections = [.. n.Projections.Take(2), .. n.Projections.Skip(2).Select((p, i) => i == 3 ? new Projection(p.Source, p.Target) { Connectivity = p.Connectivity, Weight = -20.5 } : p)] }),
        ("current", n => n with { Inputs = [.. n.Inputs.Select(i => i is CurrentInjection c && c.Target.Name == "cells" ? c with { Amplitude = 201 } : i)] }),
        ("noise", n => n with { Inputs = [.. n.Inputs.Select(i => i is GaussianNoise c ? c with { Deviation = 4.5 } : i)] }),
        ("Poisson rate", n => n with { Inputs = [.. n.Inputs.Select(i => i is PoissonInput c ? c with { RateHz = c.RateHz + 1 } : i)] }),
        ("order of inputs", n => n with { Inputs = [.. n.Inputs.Reverse()] }),
    ];

    static string[] ChangeNames => [.. Changes.Select(c => c.Name)];

    [TestCaseSource(nameof(ChangeNames))]
    public void Load_PlanChanged_RefusedAndUntouched(string change)
    {
        var network = LearningCases.Everything(1).Network;
        using var simulation = Simulation.Create(network, ParityRun.Cpu(1));
        using var foreign = Simulation.Create(Changes.Single(c => c.Name == change).Change(network), ParityRun.Cpu(1));
        simulation.Run(5);
        foreign.Run(3);
        var before = Outcome.Of(foreign);
        Assert.That(Assert.Throws<TorchBrainException>(() => foreign.Load(simulation.Save()))?.Code, Is.EqualTo(ErrorCode.CheckpointForeign));
        Assert.That(Outcome.Of(foreign).DifferenceFrom(before, foreign.Plan), Is.Null);
        Assert.That(foreign.StepNumber, Is.EqualTo(3));
    }

    static Network Small()
    {
        var p = new Population("p", 9) { Neuron = new Izhikevich() };
        return new Network { Populations = [p], Inputs = [new GaussianNoise(p) { Deviation = 8 }] };
    }

    [Test]
    public void Open_AnyBitFlipped_Damaged()
    {
        using var simulation = Simulation.Create(Small(), ParityRun.Cpu(1));
        simulation.Run(20);
        simulation.Save().Save(Path("good"));
        var good = File.ReadAllBytes(Path("good"));
        for (var at = 0; at < good.Length; at++)
        {
            var bad = (byte[])good.Clone();
            bad[at] ^= (byte)(1 << at % 8);
            File.WriteAllBytes(Path("bad"), bad);
            Assert.That(Assert.Throws<TorchBrainException>(() => Checkpoint.Open(Path("bad")), $"byte {at}")?.Code, Is.EqualTo(ErrorCode.CheckpointDamaged), $"byte {at}");
        }
    }

    [Test]
    public void Open_AnyTruncationOrExtension_Damaged()
    {
        using var simulation = Simulation.Create(Small(), ParityRun.Cpu(1));
        simulation.Save().Save(Path("good"));
        var good = File.ReadAllBytes(Path("good"));
        foreach (var bad in Enumerable.Range(0, good.Length).Select(length => good[..length]).Append([.. good, 0]).Append([.. good, .. good]))
        {
            File.WriteAllBytes(Path("bad"), bad);
            Assert.That(Assert.Throws<TorchBrainException>(() => Checkpoint.Open(Path("bad")), $"{bad.Length} bytes")?.Code, Is.EqualTo(ErrorCode.CheckpointDamaged));
        }
        Assert.That(Assert.Throws<TorchBrainException>(() => Checkpoint.Open(Path("missing")))?.Code, Is.EqualTo(ErrorCode.CheckpointDamaged));
    }

    [Test]
    public void Open_LyingLengthsWithRightChecksum_Damaged()
    {
        using var simulation = Simulation.Create(Small(), ParityRun.Cpu(1));
        simulation.Save().Save(Path("good"));
        var good = File.ReadAllBytes(Path("good"))[..^16];
        foreach (var (at, value) in new[] { (48, -1L), (48, int.MaxValue), (48, 100), (52, -1), (52, long.MaxValue), (52, good.Length) })
        {
            var bad = (byte[])good.Clone();
            BitConverter.TryWriteBytes(bad.AsSpan(at), at == 48 ? (int)value : value);
            File.WriteAllBytes(Path("bad"), [.. bad, .. System.IO.Hashing.XxHash128.Hash(bad)]);
            Assert.That(Assert.Throws<TorchBrainException>(() => Checkpoint.Open(Path("bad")), $"{value} at {at}")?.Code, Is.EqualTo(ErrorCode.CheckpointDamaged));
        }
    }

    [Test]
    public void Load_BuffersOfWrongSizeWithRightHash_DamagedAndUntouched()
    {
        using var simulation = Simulation.Create(Small(), ParityRun.Cpu(1));
        simulation.Run(4);
        simulation.Save().Save(Path("good"));
        var bytes = File.ReadAllBytes(Path("good"))[..^16];
        byte[] fewer = [.. bytes[..48], .. BitConverter.GetBytes(1), .. bytes[52..(52 + 8 + 36)]]; // the first buffer only
        File.WriteAllBytes(Path("bad"), [.. fewer, .. System.IO.Hashing.XxHash128.Hash(fewer)]);
        var before = Outcome.Of(simulation);
        var opened = Checkpoint.Open(Path("bad"));
        Assert.That(Assert.Throws<TorchBrainException>(() => simulation.Load(opened))?.Code, Is.EqualTo(ErrorCode.CheckpointDamaged));
        Assert.That(Outcome.Of(simulation).DifferenceFrom(before, simulation.Plan), Is.Null);
    }

    [Test]
    public void Write_Interrupted_OldFileStaysAndNoRemains()
    {
        File.WriteAllText(Path("file"), "old");
        Assert.Throws<TimeoutException>(() => AtomicFile.Write(Path("file"), stream =>
        {
            stream.Write(new byte[100_000]);
            stream.Flush();
            throw new TimeoutException("as if killed");
        }));
        Assert.That(File.ReadAllText(Path("file")), Is.EqualTo("old"));
        Assert.That(Directory.GetFiles(_folder), Has.Length.EqualTo(1));
    }

    [Test]
    public void Write_IntoMissingFolderOrFullDisk_NotWritable()
    {
        Assert.That(Assert.Throws<TorchBrainException>(() => AtomicFile.Write(Path("no/such/file"), "text"))?.Code, Is.EqualTo(ErrorCode.FileNotWritable));
        Assert.That(Assert.Throws<TorchBrainException>(() => AtomicFile.Write(Path("file"), _ => throw new IOException("disk full")))?.Code, Is.EqualTo(ErrorCode.FileNotWritable));
        Assert.That(Directory.GetFiles(_folder), Is.Empty);
    }

    [Test]
    public void Save_ReaderMeanwhile_SeesOldOrNewNeverHalf()
    {
        using var simulation = Simulation.Create(Small(), ParityRun.Cpu(1));
        simulation.Save().Save(Path("file"));
        using var stop = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            var steps = new HashSet<long>();
            while (!stop.IsCancellationRequested)
                steps.Add(Checkpoint.Open(Path("file")).Step);
            return steps.Count;
        });
        for (var k = 0; k < 60; k++)
        {
            simulation.Run(1);
            simulation.Save().Save(Path("file"));
        }
        stop.Cancel();
        Assert.That(reader.Result, Is.GreaterThan(0));
        Assert.That(Checkpoint.Open(Path("file")).Step, Is.EqualTo(60));
    }

    const string ChildFile = "TORCHBRAIN_TEST_CHECKPOINT";

    /// <summary>Does nothing but in the child process of <see cref="Save_ProcessKilledMeanwhile_FileIsWhole"/>, where it saves until it is killed.</summary>
    [Test]
    public void ChildSavesForEver()
    {
        if (Environment.GetEnvironmentVariable(ChildFile) is not { } path)
            return;
        using var simulation = Simulation.Create(LearningCases.Everything(3).Network, ParityRun.Cpu(1));
        for (var until = DateTime.UtcNow.AddSeconds(30); DateTime.UtcNow < until;)
        {
            simulation.Run(1);
            simulation.Save().Save(path);
        }
    }

    [Test]
    public void Save_ProcessKilledMeanwhile_FileIsWhole([Values(1, 17, 60)] int milliseconds)
    {
        var file = Path("file");
        var start = new System.Diagnostics.ProcessStartInfo(Environment.ProcessPath!, ["--filter", $"FullyQualifiedName~{nameof(ChildSavesForEver)}"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (System.IO.Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Insert(0, typeof(CheckpointTests).Assembly.Location);
        start.Environment[ChildFile] = file;
        using var child = System.Diagnostics.Process.Start(start)!;
        try
        {
            child.OutputDataReceived += (_, _) => { };
            child.ErrorDataReceived += (_, _) => { };
            child.BeginOutputReadLine();
            child.BeginErrorReadLine();
            for (var until = DateTime.UtcNow.AddSeconds(25); !File.Exists(file) && DateTime.UtcNow < until && !child.HasExited;)
                Thread.Sleep(5);
            Thread.Sleep(milliseconds);
        }
        finally
        {
            if (!child.HasExited)
                child.Kill(entireProcessTree: true);
            child.WaitForExit();
        }
        var checkpoint = Checkpoint.Open(file);
        Assert.That(checkpoint.Step, Is.GreaterThan(0));
        using var simulation = Simulation.Create(LearningCases.Everything(3).Network, ParityRun.Cpu(1));
        simulation.Load(checkpoint);
        simulation.Run(5);
    }
}
