using NUnit.Framework;
using TorchBrain.Native.Cpu;
using TorchBrain.Native.Cuda;
using TorchBrain.Native.Tuning;

namespace TorchBrain.Native.Tests;

/// <summary>Tuning for a device. On the emulated driver times mean nothing; spikes, kernels and errors do.</summary>
public class CudaTuningTests
{
    /// <summary>Half a second for every look at it: all candidates are equally fast, and the machine does not matter.</summary>
    sealed class EvenClock : TimeProvider
    {
        long _looks;

        public override long TimestampFrequency => 2;

        public override long GetTimestamp() => ++_looks;
    }

    // What is set here is not tuned: few kernels to compile.
    static readonly CudaOptions s_options = new() { Tuning = new() { CompactBlock = 64, ChunkLength = 96, BlocksPerMultiprocessor = 2 } };

    [SetUp]
    public void Begin() => CudaTest.Require();

    static NetworkPlan Plan() => ParityCases.All.First(c => c.Network.Plan().Projections.Any(p => p.Storage == Planning.SynapseStorage.SparseInt16)).Network.Plan();

    [TestCase(CudaStepping.Auto)]
    [TestCase(CudaStepping.Graph)]
    public void EverySetting_GivesTheSpikesOfTheProcessor_AndTellsItsKernels(CudaStepping stepping)
    {
        var plan = Plan();
        var target = new CudaTarget(s_options with { Tuning = s_options.Tuning with { Stepping = stepping } });
        var found = Tuner.Tune(plan, target, new TuningBudget { Seconds = 100_000, CheckedSteps = 60, Rounds = 1 }, clock: new EvenClock());
        // The network is small, so the backend chooses a single block.
        string[] tried = stepping == CudaStepping.Graph ? ["steps-per-graph", "update-block", "sparse-block", "pull-from-activity"] : ["stepping", "steps-block", "steps-per-graph", "pull-from-activity"];
        Assert.That(found.Trials.Select(t => t.Change.Split('=')[0]).Distinct(), Is.EqualTo(tried));
        Assert.That(found.Trials.Where(t => t.Outcome == TrialOutcome.Rejected).Select(t => $"{t.Change}: {t.Reason}"), Is.Empty);
        using var simulation = Simulation.Create(plan, new CpuBackend(new CpuOptions { Threads = 1 }));
        simulation.Run(found.CheckedSteps);
        Assert.That(found.SpikeHash, Is.EqualTo(simulation.SpikeHash));
        foreach (var trial in found.Trials)
        {
            Assert.That(trial.Launches.Select(l => l.Kernel), stepping != CudaStepping.Graph && trial.Change != "stepping=graph" ? Is.EqualTo(new[] { "tbn_run_steps" }) : Does.Contain("tbn_update_neurons"));
            Assert.That(trial.Launches.Select(l => l.Occupancy), Is.All.GreaterThan(0).And.All.LessThanOrEqualTo(1));
        }
        var (change, kernel) = stepping == CudaStepping.Graph ? ("update-block=512", "tbn_update_neurons") : ("steps-block=512", "tbn_run_steps");
        Assert.That(found.Trials.Single(t => t.Change == change).Launches.First(l => l.Kernel == kernel).Block, Is.EqualTo(512));
        Assert.That(found.Device, Is.EqualTo(target.Device).And.Contain("compute capability"));
    }

    [Test]
    public void Plasticity_OfPairs_IsTried_AndGivesTheSameSpikes()
    {
        var plan = ParityCases.All.Single(c => c.Name == "stdp Multiplicative, many delays, batch 3").Network.Plan();
        Assert.That(new CudaTarget().Tunables(plan).Single(t => t.Name == "plasticity").Others, Is.EqualTo(new[] { "lazy" }));
        Assert.That(new CudaTarget().Tunables(Plan()).Select(t => t.Name), Has.None.EqualTo("plasticity"));
        // Everything else is set.
        var target = new CudaTarget(s_options with { StepsPerGraph = 64, Tuning = s_options.Tuning with { Stepping = CudaStepping.OneBlock, StepsBlock = 64 } });
        var found = Tuner.Tune(plan, target, new TuningBudget { Seconds = 100_000, CheckedSteps = 60, Rounds = 1 }, clock: new EvenClock());
        Assert.That(found.Trials.Select(t => (t.Change, t.Outcome == TrialOutcome.Rejected)).Distinct(), Is.EqualTo(new[] { ("plasticity=lazy", false) }));
    }

    [Test]
    public void Options_OfAFile_AreThoseTuned()
    {
        var plan = Plan();
        var settings = TuningSettings.Defaults.With("update-block", "64").With("steps-per-graph", "16").With("stepping", "persistent").With("chunk-length", "512").With("plasticity", "lazy").With("pull-from-activity", "0.05");
        var file = TuningFile.Empty.With(new TuningEntry("cuda", new CudaTarget().Device, PlanShape.Of(plan), settings, 1.2));
        Assert.That(file.CudaOptions(plan, s_options), Is.EqualTo(s_options with
        {
            StepsPerGraph = 16,
            Tuning = s_options.Tuning with { UpdateBlock = 64, Stepping = CudaStepping.Persistent, Plasticity = CudaPlasticity.Lazy, PullFromActivity = 0.05 },
        }));
    }

    [Test]
    public void Setting_ThatNoDeviceHas_IsRefused()
    {
        var target = new CudaTarget();
        var error = Assert.Throws<TorchBrainException>(() => target.Open(TuningSettings.Defaults.With("update-block", "48")))!;
        Assert.That(error.Code, Is.EqualTo(ErrorCode.BackendOption));
    }

    [Test]
    public void Launches_OfAnotherBackend_AreRefused()
    {
        using var simulation = Simulation.Create(Plan(), new CpuBackend());
        Assert.Throws<ArgumentException>(() => CudaBackend.Launches(simulation.Compiled));
    }
}
