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
            using var backend = new CudaBackend(Options((CudaStepping)(1 + seed % 3)));
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
            using var backend = new CudaBackend(Options(seed == 0 ? CudaStepping.Graph : CudaStepping.Persistent));
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
    public void Persistent_WithEveryAccessChecked_HoldsAndNothingIsFound(string name) => AssertNothingFound(name, CudaStepping.Persistent);

    [TestCase("everything, batch 3")]
    [TestCase("delays drawn, all to all, batch 3")]
    [TestCase("two rules onto one population, batch 3")]
    [TestCase("eligibility, delays 1 to 20, batch 3")]
    public void OneBlock_WithEveryAccessChecked_HoldsAndNothingIsFound(string name) => AssertNothingFound(name, CudaStepping.OneBlock);

    [TestCase("everything, batch 3")]
    [TestCase("all inputs, currents changed, batch 3")]
    [TestCase("kernel on torus, cut off")]
    [TestCase("triplets, delays 1 to 20, batch 3")]
    public void Graph_WithEveryAccessChecked_HoldsAndNothingIsFound(string name) => AssertNothingFound(name, CudaStepping.Graph);

    [TestCase(CudaStepping.Persistent)]
    [TestCase(CudaStepping.Graph)]
    public void LazyPlasticity_WithEveryAccessChecked_HoldsAndNothingIsFound(CudaStepping stepping) => AssertNothingFound("stdp Multiplicative, many delays, batch 3", stepping, CudaPlasticity.Lazy);

    // Some steps are pushed, others pulled: 2 % of 249 sources, of 423 targets.
    [TestCase("delays drawn from 1 to 20")]
    [TestCase("fixed in-degree, multapses, batch 3")]
    public void Pull_WithEveryAccessChecked_HoldsAndNothingIsFound(string name) => AssertNothingFound(name, CudaStepping.Persistent, pullFrom: 0.02);

    // Small blocks, so that small networks have several.
    static CudaOptions Options(CudaStepping stepping, CudaPlasticity plasticity = CudaPlasticity.Column, double pullFrom = 0) =>
        new() { StepsPerGraph = 8, Tuning = new() { Stepping = stepping, StepsBlock = 64, Plasticity = plasticity, PullFromActivity = pullFrom } };

    // More than 32 steps: words of spikes are begun anew.
    static void AssertNothingFound(string name, CudaStepping stepping, CudaPlasticity plasticity = CudaPlasticity.Column, double pullFrom = 0)
    {
        var parity = Short(name, plasticity == CudaPlasticity.Lazy ? 40 : 30);
        EmulatorLibrary.SetCheck(true);
        EmulatorLibrary.SetSeed(3);
        using var backend = new CudaBackend(Options(stepping, plasticity, pullFrom) with { KernelCacheFolder = "" });
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
            using var backend = new CudaBackend(new CudaOptions { KernelSourceFolder = folder.Path, KernelCacheFolder = "", Tuning = new() { Stepping = CudaStepping.Graph } });
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

    // As above, for the barriers between phases: each one, taken out by itself, is missed.
    [TestCase("delays drawn, all to all, batch 3")]
    [TestCase("winner-take-all, delay 1, batch 1")]
    public void Check_WithAGridBarrierMissing_FindsTheRace(string name)
    {
        var parity = Short(name, 40);
        var options = new CudaOptions { KernelCacheFolder = "", Tuning = new() { Stepping = CudaStepping.Persistent, StepsBlock = 32 } };
        var barriers = StepProgram.Of(parity.Network.Plan(), options.Tuning.WithBlocks(32), oneBlock: false).Barriers;
        Assert.That(barriers.Count(b => b), Is.GreaterThanOrEqualTo(2));
        EmulatorLibrary.SetCheck(true);
        EmulatorLibrary.SetFatal(false);
        List<string> found = [];
        try
        {
            for (var k = 0; k < barriers.Count; k++)
            {
                if (!barriers[k])
                    continue;
                using var folder = new TemporaryFolder();
                EditedKernels.Write(folder.Path, "#define TBN_BARRIER(number) tbn_grid_sync", $"#define TBN_BARRIER(number) if (number != {k}) tbn_grid_sync");
                EmulatorLibrary.ClearReport();
                using var backend = new CudaBackend(options with { KernelSourceFolder = folder.Path });
                using var simulation = Simulation.Create(parity.Network, backend);
                try
                {
                    parity.Run(simulation, parity.Steps);
                    simulation.Synchronize();
                }
                catch (TorchBrainException error) when (error.Code == ErrorCode.CudaCallFailed)
                {
                    EmulatorLibrary.Reset(); // an entry of a list that was read before it was written is no spike, and leads anywhere
                }
                found.Add(string.Join('\n', EmulatorLibrary.Findings()));
            }
        }
        finally
        {
            EmulatorLibrary.SetFatal(true);
        }
        Assert.That(found, Is.All.Contain("race").And.All.Contain("tbn_run_steps"), "with the barriers taken out in turn");
    }

    static Network Competing => ParityCases.All.Single(c => c.Name == "winner-take-all, delay 1, batch 1").Network;
}
