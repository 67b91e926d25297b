namespace TorchBrain.Native.Tuning;

/// <summary>One search: the defaults first, then candidates against the best so far, at last the best against the defaults.</summary>
sealed class TuningSearch : IDisposable
{
    readonly NetworkPlan _plan;
    readonly ITunable _target;
    readonly TuningBudget _budget;
    readonly Action<TuningTrial> _progress;
    readonly TimeProvider _clock;
    readonly CancellationToken _cancellation;
    readonly long _begin;
    readonly double _opening;
    readonly Race _race;
    readonly List<TuningTrial> _trials = [];
    readonly HashSet<string> _tried = [];
    readonly List<string> _untried = [];
    Contestant _best;
    double _trialSeconds;

    public TuningSearch(NetworkPlan plan, ITunable target, TuningBudget budget, Action<TuningTrial> progress, TimeProvider clock, CancellationToken cancellation)
    {
        (_plan, _target, _budget, _progress, _clock, _cancellation) = (plan, target, budget, progress, clock, cancellation);
        _begin = clock.GetTimestamp();
        _best = Open(TuningSettings.Defaults);
        try
        {
            _opening = Elapsed;
            _race = Race.Measure(_best, budget);
        }
        catch
        {
            _best.Dispose();
            throw;
        }
        _trialSeconds = _opening + _race.SecondsOf(budget.Rounds);
    }

    double Elapsed => _clock.GetElapsedTime(_begin).TotalSeconds;

    // The last comparison compiles the defaults and the best once more.
    double LastSeconds => 2 * _opening + _race.SecondsOf(LastRounds);

    int LastRounds => 2 * _budget.Rounds;

    bool Stopped => _cancellation.IsCancellationRequested;

    Contestant Open(TuningSettings settings) => new(_plan, _target, settings, _clock);

    public TuningReport Run()
    {
        _tried.Add(TuningSettings.Defaults.ToString());
        var tunables = _target.Tunables(_plan);
        while (Pass(tunables))
        {
            // What won may make another value of an earlier one better.
        }
        if (Stopped)
            return Report(TuningSettings.Defaults, "stopped before the end: the defaults are kept", null);
        if (_best.Settings.AreDefaults)
            return Report(_best.Settings, _trials.Count == 0 && _untried.Count > 0 ? "there was no time for a trial: the defaults are kept" : "nothing was faster by the margin: the defaults are kept", null);
        return Confirm();
    }

    // Tries every value of every tunable; whether the best changed, and there may be more to find.
    bool Pass(IReadOnlyList<Tunable> tunables)
    {
        var changed = false;
        foreach (var tunable in tunables)
            foreach (var word in tunable.Others.Prepend(tunable.Default))
            {
                var settings = _best.Settings.With(tunable.Name, word == tunable.Default ? null : word);
                var change = $"{tunable.Name}={word}";
                if (Stopped || _tried.Contains(settings.ToString()) || !_target.Matters(_plan, _best.Settings, tunable.Name))
                    continue;
                if (Elapsed + _trialSeconds + LastSeconds > _budget.Seconds)
                {
                    if (word != tunable.Default && _trials.All(t => t.Change != change) && !_untried.Contains(change))
                        _untried.Add(change);
                    continue;
                }
                _tried.Add(settings.ToString());
                changed |= Try(settings, change);
            }
        return changed && !Stopped;
    }

    bool Try(TuningSettings settings, string change)
    {
        var begin = Elapsed;
        var (trial, candidate) = Compare(_best, settings, change, _budget.Rounds);
        _trialSeconds = Math.Max(_trialSeconds, Elapsed - begin);
        if (trial.Outcome == TrialOutcome.Faster)
        {
            _best.Dispose();
            _best = candidate!;
        }
        else
            candidate?.Dispose();
        Add(trial);
        return trial.Outcome == TrialOutcome.Faster;
    }

    void Add(TuningTrial trial)
    {
        _trials.Add(trial);
        _progress(trial);
    }

    // Whatever goes wrong with a candidate is a reason not to take it.
    (TuningTrial Trial, Contestant? Candidate) Compare(Contestant rival, TuningSettings settings, string change, int rounds)
    {
        var trial = new TuningTrial { Settings = settings, Change = change, Outcome = TrialOutcome.Rejected };
        Contestant? candidate = null;
        try
        {
            candidate = Open(settings);
            trial = trial with { How = candidate.How, Launches = candidate.Launches };
            return (_race.Run(rival, candidate, trial, rounds), candidate);
        }
        catch (Exception e) when (e is TorchBrainException or InvalidOperationException or OutOfMemoryException)
        {
            return (trial with { Reason = e is TorchBrainException known ? $"{known.Code} {known.What}" : e.Message }, candidate);
        }
    }

    TuningReport Confirm()
    {
        var best = _best;
        _best = Open(TuningSettings.Defaults);
        best.Dispose();
        var (last, candidate) = Compare(_best, best.Settings, best.Settings.ToString(), LastRounds);
        candidate?.Dispose();
        return last.Outcome == TrialOutcome.Faster
            ? Report(best.Settings, "compared with the defaults once more, and faster", last)
            : Report(TuningSettings.Defaults, $"{best.Settings} looked faster, but not when compared with the defaults once more: the defaults are kept", last);
    }

    TuningReport Report(TuningSettings settings, string conclusion, TuningTrial? confirmation) => new()
    {
        Backend = _target.Backend,
        Device = _target.Device,
        Shape = PlanShape.Of(_plan),
        Settings = settings,
        Speedup = settings.AreDefaults ? 1 : confirmation!.Ratio!.Value,
        StepUs = settings.AreDefaults ? confirmation?.RivalUs ?? _trials.FindLast(t => t.RivalUs is not null && t.Settings.Words.Count <= 1)?.RivalUs : confirmation!.StepUs,
        Conclusion = conclusion,
        Trials = _trials,
        Confirmation = confirmation,
        Untried = _untried,
        Cancelled = Stopped,
        CheckedSteps = _race.CheckedSteps,
        SpikeHash = _race.Hash.ToString("x32"),
        TimedSteps = _race.TimedSteps,
        Seconds = Elapsed,
    };

    public void Dispose() => _best.Dispose();
}
