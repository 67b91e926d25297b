using TorchBrain.Native.Cuda;
using TorchBrain.Native.Tuning;

namespace TorchBrain.Native.Cli;

/// <summary>What tuning found, for the console.</summary>
static class TunePage
{
    public static void Show(ConsoleUi ui, TuningReport found, string network)
    {
        var table = Tables.New($"{network} on {found.Device}", "tried", "us/step", "best so far", "ratio", "outcome", "why");
        table.Columns[5].Alignment = Spectre.Console.Justify.Left;
        foreach (var trial in found.Trials)
            Row(table, trial, trial.Change);
        if (found.Confirmation is { } last)
            Row(table, last, $"{last.Settings} against the defaults");
        ui.Show(table);
        ui.Say($"{found.Conclusion}; spikes compared over {Tables.Count(found.CheckedSteps)} steps, timed over {Tables.Count(found.TimedSteps)} at a time.");
        if (found.Untried.Count > 0)
            ui.Say($"No time for {string.Join(", ", found.Untried)}: --seconds gives more.");
    }

    static void Row(Spectre.Console.Table table, TuningTrial trial, string name)
    {
        string[] cells = [name, Number(trial.StepUs, "0.0"), Number(trial.RivalUs, "0.0"), Number(trial.Ratio, "0.000"), Word(trial.Outcome), trial.Reason ?? Kernels(trial.Launches)];
        if (trial.Outcome == TrialOutcome.Faster)
            table.StrongRow(cells);
        else
            table.Row(cells);
    }

    public static string Word(TrialOutcome outcome) => outcome switch
    {
        TrialOutcome.Faster => "faster",
        TrialOutcome.NotFaster => "not faster",
        _ => "rejected",
    };

    public static string Line(TuningReport found, string network) => found.Settings.AreDefaults
        ? $"{network}: the defaults are kept, ratio 1.000"
        : $"{network}: {Tables.Number(found.Speedup, "0.000")} times as fast as with the defaults, with {found.Settings}";

    static string Number(double? value, string format) => value is { } number ? Tables.Number(number, format) : "";

    static string Kernels(IReadOnlyList<CudaLaunch> launches) => launches.Count == 0 ? ""
        : $"registers up to {launches.Max(l => l.Registers)}, occupancy from {Tables.Percent(launches.Min(l => l.Occupancy), "0")}";
}
