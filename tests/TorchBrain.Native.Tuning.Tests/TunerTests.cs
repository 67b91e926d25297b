using NUnit.Framework;

namespace TorchBrain.Native.Tuning.Tests;

/// <summary>The search, on a clock of its own.</summary>
public class TunerTests
{
    static readonly NetworkPlan s_plan = Nets.Tiny().Plan();

    FakeClock _clock = null!;

    [SetUp]
    public void Begin() => _clock = new FakeClock();

    static Tunable Knob(string name, params string[] others) => new(name, "0", others);

    FakeTarget Target(params Tunable[] tunables) => new(_clock, tunables);

    TuningReport Tune(FakeTarget target, double seconds = 60, Action<TuningTrial>? progress = null, CancellationToken cancellation = default)
    {
        var found = Tuner.Tune(s_plan, target, new TuningBudget { Seconds = seconds }, progress, _clock, cancellation);
        Assert.That(target.Networks, Has.All.Property("Disposed").True);
        Assert.That(target.MostAtOnce, Is.LessThanOrEqualTo(2));
        return found;
    }

    [Test]
    public void Faster_Candidate_WinsAndIsConfirmed()
    {
        var target = Target(Knob("a", "1", "2", "3"));
        target.StepSeconds = s => s["a"] switch { "1" => 0.9e-4, "2" => 0.5e-4, "3" => 0.8e-4, _ => 1e-4 };
        var found = Tune(target);
        Assert.That(found.Settings.ToString(), Is.EqualTo("a=2"));
        Assert.That(found.Speedup, Is.EqualTo(2).Within(1e-6));
        Assert.That(found.StepUs, Is.EqualTo(50).Within(1e-6));
        Assert.That(found.Confirmation!.RivalUs, Is.EqualTo(100).Within(1e-6));
        Assert.That(found.Trials.Select(t => (t.Change, t.Outcome)), Is.EqualTo(new[] { ("a=1", TrialOutcome.Faster), ("a=2", TrialOutcome.Faster), ("a=3", TrialOutcome.NotFaster) }));
        Assert.That(found.Trials[2].Ratio, Is.EqualTo(5.0 / 8).Within(1e-6), "against the best so far, not the defaults");
        Assert.That(found.Trials[1].How, Is.EqualTo("fake with a=2"));
    }

    [Test]
    public void OtherSpikes_AreRejected_BeforeAnyTiming()
    {
        var target = Target(Knob("a", "wrong"));
        target.StepSeconds = s => s["a"] == "wrong" ? 1e-5 : 1e-4;
        target.Wrong = (s, step) => s["a"] == "wrong" && step >= 100;
        var found = Tune(target);
        Assert.That(found.Settings.AreDefaults);
        Assert.That(found.Trials.Single().Outcome, Is.EqualTo(TrialOutcome.Rejected));
        Assert.That(found.Trials.Single().Reason, Does.Contain("other spikes than the defaults"));
        Assert.That(found.Trials.Single().Ratio, Is.Null);
        Assert.That(target.StepsOf("a=wrong"), Is.EqualTo(found.CheckedSteps));
    }

    [Test]
    public void OtherSpikes_LaterThanTheCheck_AreRejectedToo()
    {
        var target = Target(Knob("a", "wrong"));
        target.StepSeconds = s => s["a"] == "wrong" ? 1e-5 : 1e-4;
        target.Wrong = (s, step) => s["a"] == "wrong" && step >= 1 << 13;
        var found = Tune(target);
        Assert.That(found.CheckedSteps, Is.LessThan(1 << 13));
        Assert.That((found.Settings.AreDefaults, found.Trials.Single().Outcome), Is.EqualTo((true, TrialOutcome.Rejected)));
    }

    [Test]
    public void Failing_Candidates_AreRejectedWithTheirReason_AndTheSearchGoesOn()
    {
        var target = Target(Knob("a", "no room", "error", "dies", "good"));
        target.StepSeconds = s => s.AreDefaults ? 1e-4 : 0.5e-4;
        target.OnCompile = s => _ = s["a"] switch
        {
            "no room" => throw new InsufficientMemoryException("no room"),
            "error" => throw new TorchBrainException(ErrorCode.DeviceOutOfMemory, "It does not fit.", "Use less."),
            _ => 0,
        };
        target.OnRun = s => _ = s["a"] == "dies" ? throw new InvalidOperationException("a worker died") : 0;
        var found = Tune(target);
        Assert.That(found.Settings.ToString(), Is.EqualTo("a=good"));
        Assert.That(found.Trials.Take(3).Select(t => t.Reason), Is.EqualTo(new[] { "no room", "TBN2004 It does not fit.", "a worker died" }));
    }

    [Test]
    public void Defaults_ThatFail_AreAnError()
    {
        var target = Target(Knob("a", "1"));
        target.OnCompile = _ => throw new TorchBrainException(ErrorCode.DeviceOutOfMemory, "It does not fit.", "Use less.");
        Assert.Throws<TorchBrainException>(() => Tune(target));
    }

    [Test]
    public void Winner_ThatIsNotFasterAtTheEnd_LosesToTheDefaults([Values] bool slower)
    {
        var target = Target(Knob("a", "1"));
        var compiled = 0;
        target.OnCompile = s => compiled += s.AreDefaults ? 1 : 0; // the defaults are compiled once more for the last comparison
        target.StepSeconds = s => s.AreDefaults ? 1e-4 : compiled == 1 ? 0.5e-4 : slower ? 2e-4 : 0.99e-4;
        var found = Tune(target);
        Assert.That(found.Trials.Single().Outcome, Is.EqualTo(TrialOutcome.Faster));
        Assert.That((found.Settings.AreDefaults, found.Speedup), Is.EqualTo((true, 1.0)));
        Assert.That(found.Conclusion, Does.Contain("the defaults are kept"));
        Assert.That(found.Confirmation!.Outcome, Is.EqualTo(TrialOutcome.NotFaster));
    }

    [Test]
    public void Winner_ThatDoesNotRepeatItsSpikes_LosesToTheDefaults()
    {
        var target = Target(Knob("a", "1"), Knob("b", "1"));
        target.StepSeconds = s => s.AreDefaults ? 1e-4 : 0.5e-4;
        var won = false;
        target.Wrong = (s, step) => won && s["a"] == "1" && step > 100;
        var found = Tune(target, progress: t => won |= t.Outcome == TrialOutcome.Faster);
        Assert.That(found.Settings.AreDefaults);
        Assert.That(found.Trials[1].Reason, Does.Contain("did not repeat its own spikes"));
        Assert.That(found.Confirmation!.Outcome, Is.EqualTo(TrialOutcome.Rejected));
    }

    [Test]
    public void Margin_NotReached_KeepsTheDefaults()
    {
        var target = Target(Knob("a", "1"));
        target.StepSeconds = s => s.AreDefaults ? 1e-4 : 0.98e-4;
        Assert.That(Tune(target).Settings.AreDefaults);
    }

    [Test]
    public void Machine_ThatBecomesFaster_FoolsNobody()
    {
        var target = Target(Knob("a", "1", "2", "3"));
        target.StepSeconds = _ => 1e-4 / (1 + _clock.Seconds / 60); // over the search the machine gets nearly twice as fast
        var found = Tune(target);
        Assert.That(found.Trials, Has.Count.EqualTo(3));
        Assert.That(found.Settings.AreDefaults);
        Assert.That(found.Trials.Select(t => t.Ratio), Has.All.EqualTo(1).Within(0.03));
    }

    [Test]
    public void Machine_ThatIsRestless_FoolsNobody([Range(0, 19)] int seed)
    {
        var random = new Random(seed);
        var target = Target(Knob("a", "1", "2", "3", "4"), Knob("b", "1", "2", "3", "4"));
        target.StepSeconds = _ => 1e-4 * Math.Exp(random.NextDouble() - random.NextDouble()); // a factor of up to e to either side
        var found = Tune(target, 120);
        Assert.That(found.Trials, Has.Count.GreaterThanOrEqualTo(8));
        Assert.That(found.Settings.AreDefaults, found.Confirmation?.ToString());
    }

    [Test]
    public void Outliers_OfAMinority_FoolNobody()
    {
        var target = Target(Knob("a", "1", "2"));
        var runs = 0;
        target.OnRun = _ => runs++;
        target.StepSeconds = s => s.AreDefaults && runs % 7 == 0 ? 1e-3 : 1e-4; // now and then something else takes the processor from the defaults
        Assert.That(Tune(target).Settings.AreDefaults);
    }

    [Test]
    public void Budget_IsKept_AndWhatWasLeftOutIsNamed([Values(0.5, 3, 10)] double seconds)
    {
        var target = Target([.. Enumerable.Range(0, 40).Select(k => Knob($"k{k}", "1", "2"))]);
        target.StepSeconds = s => 1e-4 * (1 - 0.05 * Math.Min(3, s.Words.Count));
        var found = Tune(target, seconds);
        Assert.That(_clock.Seconds, Is.LessThanOrEqualTo(seconds));
        Assert.That(found.Seconds, Is.EqualTo(_clock.Seconds).Within(1e-9));
        Assert.That(found.Untried, Is.Not.Empty);
        Assert.That(found.Trials, Is.Not.Empty);
        Assert.That(found.Trials.Select(t => t.Change).Where(c => !c.EndsWith("=0", StringComparison.Ordinal)).Concat(found.Untried).Distinct().Count(), Is.EqualTo(80));
    }

    [Test]
    public void Budget_TooSmallForATrial_KeepsTheDefaults()
    {
        var found = Tune(Target(Knob("a", "1")), 0.01);
        Assert.That((found.Trials.Count, found.Settings.AreDefaults), Is.EqualTo((0, true)));
        Assert.That(found.Untried, Is.EqualTo(new[] { "a=1" }));
        Assert.That(found.Conclusion, Does.Contain("no time"));
    }

    [Test]
    public void Hopeless_Candidate_IsGivenUpSoon()
    {
        var target = Target(Knob("a", "1"));
        target.StepSeconds = s => s.AreDefaults ? 1e-4 : 1e-2;
        var found = Tune(target);
        Assert.That(found.Trials.Single().Outcome, Is.EqualTo(TrialOutcome.NotFaster));
        Assert.That(found.Trials.Single().Reason, Does.Contain("given up"));
        Assert.That(target.StepsOf("a=1"), Is.LessThan(found.CheckedSteps));
    }

    [Test]
    public void Values_ThatHelpTogether_AreFoundInALaterPass()
    {
        var target = Target(Knob("a", "1"), Knob("b", "1"));
        target.StepSeconds = s => (s["a"], s["b"]) switch { ("1", "1") => 0.5e-4, (_, "1") => 0.8e-4, ("1", _) => 1.2e-4, _ => 1e-4 };
        Assert.That(Tune(target).Settings.ToString(), Is.EqualTo("a=1 b=1"));
    }

    [Test]
    public void Cancelled_KeepsTheDefaults()
    {
        using var stop = new CancellationTokenSource();
        var target = Target(Knob("a", "1", "2"));
        target.StepSeconds = s => s.AreDefaults ? 1e-4 : 0.5e-4;
        var found = Tune(target, progress: _ => stop.Cancel(), cancellation: stop.Token);
        Assert.That((found.Cancelled, found.Settings.AreDefaults, found.Trials.Count), Is.EqualTo((true, true, 1)));
    }

    [Test]
    public void Recordings_AreLeftOut()
    {
        var network = Nets.Tiny();
        var target = Target(Knob("a", "1"));
        Tuner.Tune((network with { Recordings = [new SpikeRecording(network.Populations[1]) { Steps = 10 }] }).Plan(), target, clock: _clock);
        Assert.That(target.Networks.Select(n => n.Plan.Recordings.Count), Is.All.Zero);
    }

    [Test]
    public void Budget_OutOfRange_IsRefused()
    {
        TuningBudget[] wrong = [new() { Seconds = 0 }, new() { Seconds = double.NaN }, new() { CheckedSteps = 0 }, new() { Rounds = 0 }, new() { Margin = 1 }, new() { Margin = double.NaN }];
        foreach (var budget in wrong)
            Assert.That(Assert.Throws<TorchBrainException>(() => Tuner.Tune(s_plan, Target(), budget))!.Code, Is.EqualTo(ErrorCode.BackendOption), budget.ToString());
    }
}
