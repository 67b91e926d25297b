namespace TorchBrain.Native.Tuning;

/// <summary>Compares two compiled networks: first their spikes, then their times, over the same steps.</summary>
sealed class Race
{
    /// <summary>A candidate that takes so many times as long is not worth the time to compare it.</summary>
    const double Hopeless = 4;

    const long MostSteps = 1 << 20;

    readonly TuningBudget _budget;
    readonly double _checkSeconds;

    Race(TuningBudget budget, long checkedSteps, double checkSeconds, long timedSteps, UInt128 hash) =>
        (_budget, CheckedSteps, _checkSeconds, TimedSteps, Hash) = (budget, checkedSteps, checkSeconds, timedSteps, hash);

    /// <summary>Steps from the start after which hashes are compared.</summary>
    public long CheckedSteps { get; }

    /// <summary>Steps of one timing.</summary>
    public long TimedSteps { get; }

    /// <summary>The hash that everybody must have after <see cref="CheckedSteps"/>.</summary>
    public UInt128 Hash { get; }

    /// <summary>Runs the defaults until their speed is known; their hash is the one to have.</summary>
    public static Race Measure(Contestant defaults, TuningBudget budget)
    {
        var (steps, done, whole) = (1L, 0L, 0.0);
        while (true)
        {
            var seconds = defaults.Time(steps);
            (done, whole) = (done + steps, whole + seconds);
            if (steps >= MostSteps || done >= budget.CheckedSteps && seconds >= budget.SliceSeconds / 2)
            {
                var timed = seconds > 0 ? budget.SliceSeconds / seconds * steps : MostSteps;
                return new Race(budget, done, whole, (long)Math.Clamp(timed, 1, MostSteps), defaults.Hash);
            }
            steps = done >= budget.CheckedSteps ? steps * 2 : Math.Min(steps * 2, Math.Max(1, budget.CheckedSteps - done));
        }
    }

    /// <summary>About how long two equally fast networks take, seconds.</summary>
    public double SecondsOf(int rounds) => 2 * (_checkSeconds + rounds * _budget.SliceSeconds);

    /// <summary>Compares; both begin at step 0.</summary>
    public TuningTrial Run(Contestant rival, Contestant candidate, TuningTrial trial, int rounds)
    {
        rival.Reset();
        var rivalSeconds = rival.Time(CheckedSteps);
        if (rival.Hash != Hash)
            throw new InvalidOperationException($"The network with {rival.Settings} did not repeat its own spikes.");
        if (!Check(candidate, rivalSeconds, out var steps))
            return trial with { Outcome = TrialOutcome.NotFaster, Reason = $"given up after {steps} steps: more than {Hopeless} times as slow" };
        if (candidate.Hash != Hash)
            return trial with { Reason = $"other spikes than the defaults after {steps} steps: {candidate.Hash:x32} instead of {Hash:x32}" };

        List<double> rivals = [], candidates = [];
        do
        {
            rivals.Add(rival.Time(TimedSteps));
            candidates.Add(candidate.Time(TimedSteps));
        }
        while (candidates.Count < rounds && !(candidates.Count > 2 && IsSlower(rivals, candidates)));
        if (candidate.Hash != rival.Hash)
            return trial with { Reason = $"other spikes than its rival after {CheckedSteps + candidates.Count * TimedSteps} steps" };
        // Of the ratio of the medians and the median of the ratios of each round the lesser: on a restless machine either may be fooled, seldom both.
        double rivalTime = Median(rivals), time = Median(candidates), ratio = Math.Min(Ratio(rivalTime, time), Median([.. rivals.Zip(candidates, Ratio)]));
        return trial with
        {
            Outcome = ratio * (1 - _budget.Margin) > 1 && Won(rivals, candidates) ? TrialOutcome.Faster : TrialOutcome.NotFaster,
            Ratio = ratio,
            StepUs = 1e6 * time / TimedSteps,
            RivalUs = 1e6 * rivalTime / TimedSteps,
        };
    }

    // Runs the checked steps in parts; false where the candidate is hopelessly slow.
    bool Check(Contestant candidate, double rivalSeconds, out long done)
    {
        var limit = Hopeless * Math.Max(rivalSeconds, _checkSeconds) + 2 * _budget.SliceSeconds;
        var part = Math.Max(1, CheckedSteps / 8);
        var seconds = 0.0;
        for (done = 0; done < CheckedSteps;)
        {
            var steps = Math.Min(part, CheckedSteps - done);
            seconds += candidate.Time(steps);
            done += steps;
            if (seconds > limit && done < CheckedSteps)
                return false;
        }
        return true;
    }

    // Equal networks seldom win four rounds of five by chance.
    static bool Won(List<double> rivals, List<double> candidates) => 5 * rivals.Zip(candidates).Count(t => t.Second < t.First) >= 4 * rivals.Count;

    // Half as fast in every round: more rounds would say nothing else.
    static bool IsSlower(List<double> rivals, List<double> candidates) => rivals.Zip(candidates).All(t => t.Second > 2 * t.First);

    static double Ratio(double rival, double candidate) => candidate > 0 ? rival / candidate : 1;

    static double Median(List<double> times)
    {
        double[] sorted = [.. times.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
