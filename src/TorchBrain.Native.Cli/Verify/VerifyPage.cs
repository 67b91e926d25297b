using System.Globalization;
using System.Text;
using Spectre.Console;

namespace TorchBrain.Native.Cli;

/// <summary>The table of a verification, for the console and for verify.md.</summary>
static class VerifyPage
{
    static readonly string[] s_columns = ["", "check", "measured", "band", "", "s"];

    public static string Word(VerifyOutcome outcome) => outcome switch
    {
        VerifyOutcome.Passed => "pass",
        VerifyOutcome.Failed => "FAIL",
        _ => "not run",
    };

    public static void Show(ConsoleUi ui, IReadOnlyList<VerifyRun> runs)
    {
        var table = Tables.New("Acceptance checks", s_columns);
        table.Columns[1].Alignment = Justify.Left;
        foreach (var run in runs)
        {
            table.StrongRow(Head(run));
            foreach (var result in run.Results)
                table.Row(Line(result));
        }
        ui.Show(table);
        foreach (var (run, result) in Noted(runs))
            if (result.Outcome != VerifyOutcome.Passed)
                ui.Say($"{run.Check.Number} {result.Quantity}: {Word(result.Outcome)}, {result.Note}");
    }

    /// <summary>The text of verify.md.</summary>
    public static string Markdown(RunReport report, IReadOnlyList<VerifyRun> runs)
    {
        var text = new StringBuilder("# torchbrain verify\n\n");
        text.Append(CultureInfo.InvariantCulture, $"torchbrain {report.Versions.Torchbrain}, {report.Versions.Dotnet}, {report.Machine.Os}, {report.Machine.Cores} cores. ");
        text.Append(CultureInfo.InvariantCulture, $"Backend {report.Options!.Backend}, seed {report.Seed}. {Totals(report.Verify!)}.\n\n");
        text.Append("| | check | measured | band | | s |\n|--:|---|--:|--:|---|--:|\n");
        foreach (var run in runs)
        {
            Row(text, [.. Head(run).Select(c => c.Length > 0 ? $"**{c}**" : c)]);
            foreach (var result in run.Results)
                Row(text, Line(result));
        }
        if (Noted(runs).Any())
            text.Append("\nNotes:\n\n");
        foreach (var (run, result) in Noted(runs))
            text.Append(CultureInfo.InvariantCulture, $"* {run.Check.Number} {result.Quantity}: {result.Note}\n");
        return text.ToString();
    }

    /// <summary>The counts in words.</summary>
    public static string Totals(VerifyPart part) => string.Create(CultureInfo.InvariantCulture,
        $"{part.Passed} of {part.Passed + part.Failed} passed{(part.Failed > 0 ? $", {part.Failed} FAILED" : "")}{(part.NotRun > 0 ? $", {part.NotRun} not run" : "")}");

    static IEnumerable<(VerifyRun Run, VerifyResult Result)> Noted(IReadOnlyList<VerifyRun> runs) => from run in runs from result in run.Results where result.Note.Length > 0 select (run, result);

    static void Row(StringBuilder text, string[] cells) => text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", cells.Select(c => c.Replace("|", "\\|", StringComparison.Ordinal)))} |\n");

    static string[] Head(VerifyRun run) =>
        [run.Check.Number.ToString(CultureInfo.InvariantCulture), run.Check.Title, "", "", Summary(run), Tables.Number(run.Seconds, "0.00")];

    static string Summary(VerifyRun run) => run.Stopped ? "stopped"
        : Word(run.Results.Any(r => r.Outcome == VerifyOutcome.Failed) ? VerifyOutcome.Failed : run.Results.Any(r => r.Outcome == VerifyOutcome.Passed) ? VerifyOutcome.Passed : VerifyOutcome.NotRun);

    static string[] Line(VerifyResult r) => r.Outcome == VerifyOutcome.NotRun ? ["", r.Quantity, "", "", Word(r.Outcome), ""]
        : ["", r.Quantity, $"{Number(r.Measured)} {r.Unit}".TrimEnd(), Band(r), Word(r.Outcome), ""];

    static string Band(VerifyResult r) => r.Low == r.High ? Number(r.Low)
        : r is { Low: double.Epsilon, High: double.PositiveInfinity } ? "> 0"
        : double.IsPositiveInfinity(r.High) ? $">= {Number(r.Low)}"
        : double.IsNegativeInfinity(r.Low) ? $"<= {Number(r.High)}"
        : $"{Number(r.Low)} to {Number(r.High)}";

    static string Number(double value) => value switch
    {
        double.NaN => "none",
        0 => "0",
        _ when Math.Abs(value) is >= 1e-3 and < 1e9 => value.ToString("0.######", CultureInfo.InvariantCulture),
        _ => value.ToString("0.0##e0", CultureInfo.InvariantCulture),
    };
}
