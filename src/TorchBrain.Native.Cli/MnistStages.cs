using TorchBrain.Native.Mnist;

namespace TorchBrain.Native.Cli;

/// <summary>The stages of the digit experiment, in words and for the bars.</summary>
sealed class MnistStages(IStages stages, ExperimentOptions options) : IProgress<ExperimentProgress>
{
    public const string Pictures = "Drawing pictures";

    int _seconds;
    string _note = "";
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
        Begin(value.Stage);
        var fraction = value.Done / (double)value.Total;
        _note = value.Stage switch
        {
            // One report per simulated second; done is the share of formed units against the share that ends the growth.
            ExperimentStage.Grow => $"{++_seconds} s of waves, {Tables.Percent(fraction * options.Pooling.FormedFraction, "0")} formed",
            ExperimentStage.Solve => "",
            _ => $"{Tables.Count(value.Done)} of {Tables.Count(value.Total)}",
        };
        stages.Report(Words(value.Stage), fraction, _note);
        // The next stage begins where this one ends, not with its own first report.
        if (value.Done >= value.Total && value.Stage + 1 is var next && Enum.IsDefined(next) && (options.Baselines || next != ExperimentStage.Baselines))
            Begin(next);
    }

    /// <summary>Closes the last stage.</summary>
    public void Finish(ExperimentResult result)
    {
        if (_current is not { } last)
            return;
        if (result.Cancelled)
            stages.Stop(Words(last));
        else
            stages.End(Words(last), _note);
    }

    void Begin(ExperimentStage stage)
    {
        if (stage == _current)
            return;
        if (_current is { } before)
            stages.End(Words(before), _note);
        (_current, _note) = (stage, "");
        stages.Report(Words(stage), 0);
    }
}
