using Spectre.Console;
using TorchBrain.Native.Mnist;

namespace TorchBrain.Native.Cli;

/// <summary>The result of the digit experiment on the terminal.</summary>
static class MnistTable
{
    public static void Show(ConsoleUi ui, RunReport report, DigitData data)
    {
        var title = data.IsDrawn ? "Drawn digits, not MNIST: do not compare with published figures" : data.IsCanonical ? "MNIST" : $"Digits from {data.Source}";
        if (report.TestAccuracy is { } accuracy)
        {
            ui.Show(new Panel(new Rows(
                new Markup($"[bold green]{Tables.Percent(accuracy)}[/] of {Tables.Count(data.Test.Count)} test digits right"),
                new Text($"{Tables.Percent(report.TrainAccuracy ?? double.NaN)} of training digits; {Tables.Count(report.Features ?? 0)} spike counts per digit, {Tables.Count(data.Train.Count)} training digits")))
            {
                Header = new PanelHeader(Markup.Escape($" {title} ")),
                Border = BoxBorder.Double,
                Padding = new Padding(2, 0),
            });
            if (report.Baselines is { Count: > 0 })
                ui.Show(Comparison(report, accuracy, data));
        }
        var drawn = data.IsDrawn ? ", drawn digits (not MNIST)" : "";
        ui.Show(report.CountHash is { } counts
            ? GrowthTable.Of(report.Growth!, report.SpikeHash, report.Timings!, $"Growth and time{drawn}", ("hash of the test spike counts", counts))
            : GrowthTable.Of(report.Growth!, report.SpikeHash, report.Timings!, $"Growth and time{drawn}"));
    }

    static Table Comparison(RunReport report, double accuracy, DigitData data)
    {
        var table = Tables.New($"Comparison on {Tables.Count(data.Test.Count)} {(data.IsDrawn ? "drawn digits, not MNIST" : "test digits")}", "read-out", "training digits", "test accuracy");
        table.StrongRow("spiking network", Tables.Count(data.Train.Count), Tables.Percent(accuracy));
        foreach (var b in report.Baselines!)
            table.Row(b.Name, Tables.Count(b.TrainingDigits), Tables.Percent(b.TestAccuracy));
        return table;
    }

    public static string Line(RunReport report, DigitData data) => report.TestAccuracy is { } accuracy
        ? $"{Tables.Percent(accuracy)} of {Tables.Count(data.Test.Count)} {(data.IsDrawn ? "drawn digits (not MNIST)" : data.IsCanonical ? "MNIST test digits" : "test digits")} right"
        : $"{report.Growth!.UnitsFormed} of {report.Growth.Units} units formed, no digit read{(data.IsDrawn ? " (drawn digits, not MNIST)" : "")}";
}
