using TorchBrain.Native.Mnist;

namespace TorchBrain.Native.Cli;

/// <summary>The stages of the digit experiment, in words and for the bars.</summary>
sealed class MnistStages(IStages stages, ExperimentOptions options) : IProgress<ExperimentProgress>
{
    public const string Pictures = "Drawing pictures";

    int _seconds;
    ExperimentStage? _current;

    public static IReadOnlyList<string> Names(bool baselines) =>
        [.. Enum.GetValues<ExperimentStage>().Where(s => baselines || s != ExperimentStage.Baselines).Select(Words), Pictures];

    /// <summary>The name in run.json.</summary>
    public static string Key(ExperimentStage stage) => stage switch
    {
        ExperimentStage.Grow => "grow",
        ExperimentStage.ReadTraining => "read_training",
        ExperimentStage.Solve => "solve",
        ExperimentStage.ReadTest => "read_test",
        _ => "baselines",
    };

    static string Words(ExperimentStage stage) => stage switch
    {
        ExperimentStage.Grow => "Growing receptive fields",
        ExperimentStage.ReadTraining => "Reading training digits",
        ExperimentStage.Solve => "Solving the read-out",
        ExperimentStage.ReadTest => "Reading test digits",
        _ => "Comparing with others",
    };

    public void Report(ExperimentProgress value)
    {
        if (_current is { } before && before != value.Stage)
            stages.End(Words(before), _note);
        _current = value.Stage;
        var fraction = value.Done / (double)value.Total;
        if (value.Stage == ExperimentStage.Grow)
        {
            // One report per simulated second.
            _seconds++;
            var target = options.Pooling.FormedFraction;
            _note = $"{_seconds} s, {Tables.Percent(fraction * target, "0")} formed";
            fraction = GrowthEstimate.Of(_seconds, fraction * target, target, options.Pooling.MaxSeconds, options.Sheet.InhibitRadius);
        }
        else
            _note = value.Total > 1 ? $"{Tables.Count(value.Done)} of {Tables.Count(value.Total)}" : "";
        stages.Report(Words(value.Stage), fraction, _note);
    }

    string _note = "";

    /// <summary>Closes the last stage.</summary>
    public void Finish(ExperimentResult result)
    {
        if (_current is { } last)
            stages.End(Words(last), result.Cancelled ? "stopped" : _note);
    }
}
