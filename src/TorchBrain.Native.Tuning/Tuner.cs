namespace TorchBrain.Native.Tuning;

/// <summary>Finds settings that make a network faster on a device and leave every spike as it is.</summary>
public static class Tuner
{
    /// <summary>
    /// Tries settings one at a time from the best so far. A candidate must first give the spikes of the defaults; it is then timed in turn with its rival. What won is compared with
    /// the defaults once more, and if it is not faster the defaults are kept.
    /// </summary>
    /// <param name="plan">The network. Recordings are left out.</param>
    /// <param name="target">Where, and what may be tuned there. Two networks are held at once.</param>
    /// <param name="budget">Time and margin; null for a minute and 3 %.</param>
    /// <param name="progress">Told of every trial when it ends.</param>
    /// <param name="clock">What time is measured with; null for the system's.</param>
    /// <param name="cancellation">Ends the search after the trial that runs; the defaults are kept then.</param>
    /// <exception cref="TorchBrainException">The defaults do not run; <see cref="ErrorCode.BackendOption"/>: a field of the budget is out of range.</exception>
    public static TuningReport Tune(NetworkPlan plan, ITunable target, TuningBudget? budget = null, Action<TuningTrial>? progress = null, TimeProvider? clock = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(target);
        budget ??= new TuningBudget();
        budget.Validate();
        var bare = plan.Recordings.Count == 0 ? plan : (plan.Network with { Recordings = [] }).Plan();
        using var search = new TuningSearch(bare, target, budget, progress ?? (_ => { }), clock ?? TimeProvider.System, cancellation);
        return search.Run();
    }
}
