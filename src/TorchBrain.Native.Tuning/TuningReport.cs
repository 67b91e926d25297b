using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Tuning;

/// <summary>How a trial ended.</summary>
public enum TrialOutcome
{
    /// <summary>Faster than its rival by the margin.</summary>
    Faster,
    /// <summary>Not faster, or not by the margin.</summary>
    NotFaster,
    /// <summary>Other spikes than the defaults, an error, or no room.</summary>
    Rejected,
}

/// <summary>A candidate that was tried against the best so far.</summary>
public sealed record TuningTrial
{
    /// <summary>The candidate's settings.</summary>
    public required TuningSettings Settings { get; init; }
    /// <summary>What it changes of its rival's settings, for example <c>threads=2</c>.</summary>
    public required string Change { get; init; }
    /// <summary>How it ended.</summary>
    public required TrialOutcome Outcome { get; init; }
    /// <summary>Time of the rival / time of the candidate: above 1 the candidate is faster. The lesser of the ratio of the medians and the median of the rounds' ratios; null where it was not timed.</summary>
    public double? Ratio { get; init; }
    /// <summary>Median time of a step of the candidate, microseconds.</summary>
    public double? StepUs { get; init; }
    /// <summary>Median time of a step of the rival meanwhile, microseconds.</summary>
    public double? RivalUs { get; init; }
    /// <summary>Why it was rejected or given up, in words.</summary>
    public string? Reason { get; init; }
    /// <summary>How the backend ran it, in words.</summary>
    public string? How { get; init; }
    /// <summary>Its kernels with registers and occupancy; empty on the processor.</summary>
    public IReadOnlyList<CudaLaunch> Launches { get; init; } = [];
}

/// <summary>What tuning found.</summary>
public sealed record TuningReport
{
    /// <summary>Name of the backend.</summary>
    public required string Backend { get; init; }
    /// <summary>The device: see <see cref="ITunable.Device"/>.</summary>
    public required string Device { get; init; }
    /// <summary>The shape of the plan: see <see cref="PlanShape"/>.</summary>
    public required string Shape { get; init; }
    /// <summary>What to use: never slower than the defaults, as measured last.</summary>
    public required TuningSettings Settings { get; init; }
    /// <summary>Time of the defaults / time with <see cref="Settings"/>, of the last comparison; 1 where the defaults are kept.</summary>
    public required double Speedup { get; init; }
    /// <summary>Time of a step with <see cref="Settings"/>, microseconds; null if nothing was compared.</summary>
    public double? StepUs { get; init; }
    /// <summary>The conclusion in words.</summary>
    public required string Conclusion { get; init; }
    /// <summary>The trials in order.</summary>
    public required IReadOnlyList<TuningTrial> Trials { get; init; }
    /// <summary>The last comparison, of the best with the defaults; null where the search found nothing better.</summary>
    public TuningTrial? Confirmation { get; init; }
    /// <summary>Changes that were not tried for want of time.</summary>
    public required IReadOnlyList<string> Untried { get; init; }
    /// <summary>True if it was stopped from outside; the defaults are kept then.</summary>
    public bool Cancelled { get; init; }
    /// <summary>Steps whose spikes were compared before timing.</summary>
    public required long CheckedSteps { get; init; }
    /// <summary>Hash of the spikes of the defaults after these steps, 32 hexadecimal digits.</summary>
    public required string SpikeHash { get; init; }
    /// <summary>Steps of one timing.</summary>
    public required long TimedSteps { get; init; }
    /// <summary>Time it took, seconds.</summary>
    public required double Seconds { get; init; }
}
