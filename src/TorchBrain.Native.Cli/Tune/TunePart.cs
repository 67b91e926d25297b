using TorchBrain.Native.Cuda;
using TorchBrain.Native.Tuning;

namespace TorchBrain.Native.Cli;

/// <summary>What tuning says in run.json. Times of a step are medians in microseconds.</summary>
/// <param name="Device">The device, as the tuning file names it.</param>
/// <param name="Shape">The shape of the network, as the tuning file names it.</param>
/// <param name="Settings">What to use; empty for the defaults.</param>
/// <param name="Speedup">Time of the defaults / time with the settings.</param>
/// <param name="StepUs">Time of a step with them.</param>
/// <param name="Conclusion">In words.</param>
/// <param name="Saved">Whether the tuning file was written.</param>
/// <param name="CheckedSteps">Steps whose spikes were compared before timing.</param>
/// <param name="TimedSteps">Steps of one timing.</param>
/// <param name="Trials">The trials in order.</param>
/// <param name="Confirmation">The last comparison with the defaults.</param>
/// <param name="Untried">What was not tried for want of time.</param>
sealed record TunePart(string Device, string Shape, IReadOnlyDictionary<string, string> Settings, double Speedup, double? StepUs, string Conclusion, bool Saved, long CheckedSteps, long TimedSteps,
    IReadOnlyList<TrialPart> Trials, TrialPart? Confirmation, IReadOnlyList<string> Untried)
{
    public static TunePart Of(TuningReport found, bool saved) => new(found.Device, found.Shape, found.Settings.Words, found.Speedup, found.StepUs, found.Conclusion, saved, found.CheckedSteps, found.TimedSteps,
        [.. found.Trials.Select(TrialPart.Of)], found.Confirmation is { } last ? TrialPart.Of(last) : null, found.Untried);
}

/// <summary>A candidate against the best so far.</summary>
sealed record TrialPart(string Change, IReadOnlyDictionary<string, string> Settings, string Outcome, double? Ratio, double? StepUs, double? RivalUs, string? Reason, string? How, IReadOnlyList<CudaLaunch>? Launches)
{
    public static TrialPart Of(TuningTrial trial) => new(trial.Change, trial.Settings.Words, TunePage.Word(trial.Outcome), trial.Ratio, trial.StepUs, trial.RivalUs, trial.Reason, trial.How,
        trial.Launches.Count > 0 ? trial.Launches : null);
}
