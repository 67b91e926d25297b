using NUnit.Framework;
using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Tests;

/// <summary>
/// The kernels under harsher conditions than any device offers on purpose: threads and blocks in random order, streams that do nothing until somebody waits, and every
/// access to memory checked for races and bounds. The bits stay the same and nothing is found.
/// </summary>
[NonParallelizable]
[Category("Emulator")]
public class EmulatorModeTests
{
    static readonly string[] Chosen =
    [
        "all inputs, currents changed, batch 3", "spike array, batch 3", "ties: the first of equal units wins", "many slices of targets", "delays drawn, all to all, batch 3", "kernel on torus, cut off",
        "stencil, whole torus, batch 3", "stencil, local on a torus, delay 9, batch 3", "stencil, whole sheet, delay 3, batch 1", "stencil, local on a sheet, batch 1",
        "procedural, skips, drawn, batch 1", "procedural, chosen, drawn, batch 3", "procedural, each, drawn, batch 3", "procedural, skips, numbers",
        "fixed in-degree, multapses, batch 3", "wide, explicit list, batch 1", "writable all to all, batch 3", "stdp Multiplicative, many delays, batch 3", "stdp Additive, one delay, batch 64",
        "eligibility, delays 1 to 20, batch 3", "triplets, delays 1 to 20, batch 3", "random pulses, batch 3",
        "winner-take-all, delay 5, batch 3", "two rules onto one population, batch 3", "everything, batch 1", "everything, batch 3",
    ];

    [OneTimeSetUp]
    public void Begin()
    {
        CudaTest.Require();
        if (CudaTestSetup.OnDevice)
            Assert.Ignore("A device has no such modes.");
    }

    [TearDown]
    public void Calm()
    {
        EmulatorLibrary.SetSeed(0);
        EmulatorLibrary.SetLazy(false);
        EmulatorLibrary.SetCheck(false);
        EmulatorLibrary.ClearReport();
        EmulatorLibrary.Reset();
    }

    static ParityCase Short(string name, long steps)
    {
        var parity = ParityCases.All.Single(c => c.Name == name);
        return parity with { Steps = Math.Min(steps, parity.Steps), LeastSpikes = 0 };
    }

    [TestCaseSource(nameof(Chosen))]
    public void Parity_UnderRandomSchedules_Holds(string name)
    {
        var parity = Short(name, 60);
        foreach (var seed in new[] { 1ul, 2ul, 3ul, 4ul, 5ul })
        {
            EmulatorLibrary.SetSeed(seed);
            using var backend = new CudaBackend(new CudaOptions { StepsPerGraph = 8 });
            Assert.That(() => ParityRun.AssertSame(parity, backend), Throws.Nothing, $"seed {seed}");
        }
    }

    [TestCaseSource(nameof(Chosen))]
    public void Parity_WithLazyStreams_Holds(string name)
    {
        var parity = Short(name, 100);
        EmulatorLibrary.SetLazy(true);
        foreach (var seed in new[] { 0ul, 7ul })
        {
            EmulatorLibrary.SetSeed(seed);
            using var backend = new CudaBackend(new CudaOptions { StepsPerGraph = 8 });
            Assert.That(() => ParityRun.AssertSame(parity, backend), Throws.Nothing, $"seed {seed}");
        }
    }

    [Test]
    public void Recordings_WithLazyStreams_EqualReference([Values(200, 17)] int every)
    {
        EmulatorLibrary.SetLazy(true);
        var parity = RecordedRun.Case(1);
        using var backend = new CudaBackend();
        Assert.That(RecordedRun.Of(parity, backend, every).Order(), Is.EqualTo(RecordedRun.Of(parity, new ReferenceBackend(), 200).Order()));
    }

    [TestCaseSource(nameof(Chosen))]
    public void Parity_WithEveryAccessChecked_HoldsAndNothingIsFound(string name)
    {
        var parity = Short(name, 30);
        EmulatorLibrary.SetCheck(true);
        EmulatorLibrary.SetSeed(3);
        using var backend = new CudaBackend(new CudaOptions { StepsPerGraph = 8, KernelCacheFolder = "" });
        Assert.That(() => ParityRun.AssertSame(parity, backend), Throws.Nothing, () => string.Join('\n', EmulatorLibrary.Findings()));
        Assert.That(EmulatorLibrary.Findings(), Is.Empty);
    }

    // The mode must be able to find something in these very kernels: a barrier is taken out of the winners' learning.
    [Test]
    public void Check_WithABarrierMissing_FindsTheRace()
    {
        using var folder = new TemporaryFolder();
        EditedKernels.Write(folder.Path, "            tbn_block_sync();\n            if (tbn_warp() == 0)\n                for", "            if (tbn_warp() == 0)\n                for");
        EmulatorLibrary.SetCheck(true);
        EmulatorLibrary.SetFatal(false);
        try
        {
            using var backend = new CudaBackend(new CudaOptions { KernelSourceFolder = folder.Path, KernelCacheFolder = "" });
            using var simulation = Simulation.Create(Competing, backend);
            simulation.Run(20);
            simulation.Synchronize();
            Assert.That(string.Join('\n', EmulatorLibrary.Findings()), Does.Contain("race").And.Contain("learn_winners.cu"));
        }
        finally
        {
            EmulatorLibrary.SetFatal(true);
        }
    }

    static Network Competing => ParityCases.All.Single(c => c.Name == "winner-take-all, delay 1, batch 1").Network;
}
