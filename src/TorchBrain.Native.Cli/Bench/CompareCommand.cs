using System.CommandLine;
using System.Globalization;
using System.Text;

namespace TorchBrain.Native.Cli;

/// <summary><c>torchbrain bench compare</c>: two benches side by side; exit code 1 where the second is slower or has other spikes.</summary>
sealed class CompareCommand(CommandEnvironment environment)
{
    static readonly string[] s_columns = ["network", "A us/step", "A spread", "B us/step", "B spread", "B/A", "spikes", "verdict"];

    readonly CommonOptions _common = new("bench compare", writes: false);
    readonly Argument<string> _a = new("A") { Description = "run.json of torchbrain bench, or its folder: the one to compare with." };
    readonly Argument<string> _b = new("B") { Description = "run.json or folder of the bench that is judged." };
    readonly Option<double> _limit = OptionMaker.Number("--limit", 1.1, 1, 1000, "B is slower where its median is more than this times A's and their spreads do not overlap.");

    public Command Build()
    {
        var command = new Command("compare", "Compare two benches: ratio of times, regressions, differing spikes.") { _a, _b, _limit };
        _common.AddTo(command, runs: false);
        command.SetAction(Run);
        return command;
    }

    int Run(ParseResult parsed)
    {
        var settings = _common.Read(parsed, environment, runs: false);
        var (a, b) = (Read(parsed, _a), Read(parsed, _b));
        var comparison = BenchComparison.Of(a, b, parsed.GetValue(_limit));
        var report = new RunReport { Command = settings.Command, Comparison = comparison };
        if (settings.Output.Length > 0)
        {
            using var folder = OutputFolder.Open(settings.Output);
            AtomicFile.Write(folder.PathOf("compare.md"), Markdown(a, b, comparison));
            report = report with { Files = [.. folder.Files] };
            folder.Commit(report.ToJson());
        }
        var ui = new ConsoleUi(environment, settings);
        if (comparison.Networks.Count > 0)
            BenchPage.Show(ui, "B compared with A", s_columns, comparison.Networks.Select(Row));
        foreach (var line in comparison.Differences.Concat(comparison.OnlyInOne))
            ui.Say(line);
        var wrong = comparison.Networks.Where(n => n.HashEqual == false || n.Regression).Select(n => $"{n.Name}: {n.Verdict}").ToArray();
        ui.End($"torchbrain bench compare: {(comparison.Networks.Count == 0 ? "no network in common" : wrong.Length == 0 ? "no regression" : string.Join(", ", wrong))}", report);
        return comparison.Good && comparison.Networks.Count > 0 ? TorchBrainCommand.Success : TorchBrainCommand.UserError;
    }

    RunReport Read(ParseResult parsed, Argument<string> path) => BenchFile.Read(Path.GetFullPath(parsed.GetValue(path)!, environment.CurrentFolder));

    static string[] Row(NetworkComparison n) =>
    [
        n.Name, BenchPage.Three(n.A), $"{BenchPage.Three(n.ALow)}-{BenchPage.Three(n.AHigh)}", BenchPage.Three(n.B), $"{BenchPage.Three(n.BLow)}-{BenchPage.Three(n.BHigh)}",
        n.Ratio.ToString("0.00", CultureInfo.InvariantCulture), n.HashEqual switch { true => "equal", false => "DIFFER", null => "" }, n.Verdict,
    ];

    static string Markdown(RunReport a, RunReport b, BenchComparison comparison)
    {
        var text = new StringBuilder("# torchbrain bench compare\n\n");
        foreach (var (name, r) in new[] { ("A", a), ("B", b) })
            text.Append(CultureInfo.InvariantCulture, $"* {name}: torchbrain {r.Versions.Torchbrain}, {r.Versions.Dotnet}, {r.Bench!.Device ?? r.Bench.Processor}, backend {r.Options?.Backend}\n");
        BenchPage.Table(text, s_columns, comparison.Networks.Select(Row));
        text.Append(CultureInfo.InvariantCulture, $"\nMicroseconds a step: median, and least to largest of the repeats. SLOWER: more than {comparison.Limit} times A, and the spreads do not overlap.\n");
        foreach (var line in comparison.Differences.Concat(comparison.OnlyInOne))
            text.Append(CultureInfo.InvariantCulture, $"* {line}\n");
        return text.ToString();
    }
}
