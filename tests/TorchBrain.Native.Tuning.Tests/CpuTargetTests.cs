using NUnit.Framework;
using TorchBrain.Native.Cpu;

namespace TorchBrain.Native.Tuning.Tests;

/// <summary>Tuning for the processor.</summary>
public class CpuTargetTests
{
    static readonly NetworkPlan s_plan = Nets.Tiny(6000).Plan();

    /// <summary>Half a second for every look at it: all candidates are equally fast, and the machine does not matter.</summary>
    sealed class EvenClock : TimeProvider
    {
        long _looks;

        public override long TimestampFrequency => 2;

        public override long GetTimestamp() => ++_looks;
    }

    [Test]
    public void EverySetting_GivesTheSpikesOfTheDefaults()
    {
        var found = Tuner.Tune(s_plan, new CpuTarget(), new TuningBudget { Seconds = 10_000, CheckedSteps = 100, Rounds = 2 }, clock: new EvenClock());
        Assert.That(found.Trials.Select(t => t.Outcome), Is.All.EqualTo(TrialOutcome.NotFaster));
        Assert.That(found.Untried, Is.Empty);
        Assert.That(found.Trials.Select(t => t.Change.Split('=')[0]).Distinct(), Is.SupersetOf(new[] { "delivery", "slice-elements" }));
        using var simulation = Simulation.Create(s_plan, new CpuBackend(new CpuOptions { Threads = 1 }));
        simulation.Run(found.CheckedSteps);
        Assert.That(found.SpikeHash, Is.EqualTo(simulation.SpikeHash));
    }

    [Test]
    public void Fields_ThatTheUserSet_AreNotTuned()
    {
        var target = new CpuTarget(new CpuOptions { Threads = 3, Tuning = new() { HugePages = false } });
        Assert.That(target.Tunables(s_plan).Select(t => t.Name), Does.Not.Contain("threads").And.Not.Contain("huge-pages"));
        var options = target.Options(new TuningSettings([new("threads", "7"), new("delivery", "push"), new("vector-bits", "128")]));
        Assert.That(options, Is.EqualTo(new CpuOptions { Threads = 3, VectorBits = 128, Tuning = new() { HugePages = false, Delivery = SpikeDelivery.Push } }));
    }

    [Test]
    public void What_TheBackendChoosesAnyway_IsNotTried()
    {
        var chosen = CpuBackend.Resolve(s_plan, new CpuOptions());
        var delivery = new CpuTarget().Tunables(s_plan).Single(t => t.Name == "delivery");
        Assert.That(delivery.Others, Is.EqualTo(new[] { chosen.Tuning.Delivery == SpikeDelivery.Push ? "pull" : "push" }));
        Assert.That(chosen.Threads, Is.GreaterThan(0));
        Assert.That(chosen.VectorBits, Is.EqualTo(CpuBackend.NativeVectorBits));
    }

    [Test]
    public void Words_OfEveryTunable_AreAllowed()
    {
        var target = new CpuTarget();
        foreach (var tunable in target.Tunables(s_plan))
            foreach (var word in tunable.Others.Append(tunable.Default))
                target.Open(TuningSettings.Defaults.With(tunable.Name, word)).Dispose();
    }

    [Test]
    public void TunedBackend_UsesWhatTheFileKnows_AndDefaultsElsewhere()
    {
        var target = new CpuTarget();
        var file = TuningFile.Empty.With(new TuningEntry("cpu", target.Device, PlanShape.Of(s_plan), TuningSettings.Defaults.With("slice-elements", "4096"), 1.1));
        using var backend = new TunedBackend(file, target);
        string Words(NetworkPlan plan)
        {
            using var simulation = Simulation.Create(plan, backend);
            return simulation.Compiled.Describe();
        }
        Assert.That(Words(s_plan), Does.Contain("slices of 4,096 sums (as asked)"));
        Assert.That(Words(Nets.Tiny().Plan()), Does.Contain("slices of 65,536 sums"));
        Assert.That(backend.Name, Is.EqualTo("cpu"));
    }

    [Test]
    public void Shape_SaysKindsAndMagnitudes()
    {
        Assert.That(PlanShape.Of(s_plan), Is.EqualTo("LeakyIntegrateAndFire+PoissonSource; neurons 1e3; synapses 1e4; SparseInt16; batch 1"));
        Assert.That(PlanShape.Of((Nets.Tiny(59) with { Batch = 4, Projections = [] }).Plan()), Is.EqualTo("LeakyIntegrateAndFire+PoissonSource; neurons 1e1; synapses 0; none; batch 4"));
        Assert.That(PlanShape.Of(Nets.Tiny(60).Plan()), Does.Contain("neurons 1e2"));
    }
}
