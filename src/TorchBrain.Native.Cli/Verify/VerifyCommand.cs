using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using TorchBrain.Native.Mnist;

namespace TorchBrain.Native.Cli;

/// <summary><c>torchbrain verify</c>: the acceptance checks of the science, on the engine as it is installed.</summary>
sealed class VerifyCommand(CommandEnvironment environment, IReadOnlyList<VerifyCheck> checks)
{
    readonly CommonOptions _common = new("verify");
    readonly Option<bool> _quick = OptionMaker.Switch("--quick", "Only the checks that take half a minute in all.");
    readonly Option<int[]?> _only = OptionMaker.Numbers("--only", [.. checks.Select(c => c.Number).Distinct()], "Only the checks with these numbers.");
    readonly Option<string?> _data = OptionMaker.Text("--data", "FOLDER", $"Folder with the four MNIST files. Without it: the folder in {DigitSource.Variable}, then the cache; nothing is downloaded.");

    public Command Build()
    {
        var command = new Command("verify", "Run the acceptance checks of the science on this machine: closed forms, published spike times and counts, statistics, waves, pooling.") { _quick, _only, _data };
        _common.AddTo(command);
        command.SetAction(Run);
        return command;
    }

    int Run(ParseResult parsed)
    {
        var settings = _common.Read(parsed, environment);
        var quick = parsed.GetValue(_quick);
        var only = parsed.GetValue(_only) is { Length: > 0 } named ? named : null;
        VerifyCheck[] chosen = [.. checks.Where(c => (only is null || only.Contains(c.Number)) && (!quick || c.Quick))];
        if (chosen.Length == 0)
            throw new TorchBrainException(ErrorCode.OptionInvalid, "--quick leaves nothing of the checks that --only names.", "Leave --quick out, or name other checks.");
        var digits = new Lazy<DigitResolution>(() => FindDigits(parsed.GetValue(_data)));
        if (parsed.GetValue(_data) is not null)
            _ = digits.Value; // an explicit folder that does not work is refused before any work

        var ui = new ConsoleUi(environment, settings);
        using var folder = OutputFolder.Open(settings.Output);
        var runs = ui.Stages([.. chosen.Select(Stage)], stages =>
        {
            using var backend = settings.OpenBackend(settings.Threads);
            return chosen.TakeWhile(_ => !environment.Cancellation.IsCancellationRequested).Select(check => Run(check, stages, new VerifyContext
            {
                Backend = backend,
                Seed = settings.Seed,
                Workers = settings.Workers,
                Digits = digits,
                Progress = done => stages.Report(Stage(check), done),
                Cancellation = environment.Cancellation,
            })).ToList();
        });
        var report = new RunReport
        {
            Command = settings.Command,
            Cancelled = environment.Cancellation.IsCancellationRequested,
            Seed = settings.Seed,
            Options = new OptionsPart
            {
                Threads = settings.Threads,
                Backend = OptionMaker.Word(settings.Backend),
                Quick = quick,
                Only = only is null ? null : [.. only.Select(n => n.ToString(CultureInfo.InvariantCulture))],
            },
            Verify = VerifyPart.Of(runs),
            Timings = runs.ToDictionary(r => Stage(r.Check), r => r.Seconds),
        };
        AtomicFile.Write(folder.PathOf("verify.md"), VerifyPage.Markdown(report, runs));
        report = report with { Files = [.. folder.Files] };
        folder.Commit(report.ToJson());
        VerifyPage.Show(ui, runs);
        var code = RunEnd.Of(ui, environment, report, folder, VerifyPage.Totals(report.Verify));
        return code == TorchBrainCommand.Success && (report.Verify.Failed > 0 || report.Verify.Passed == 0) ? TorchBrainCommand.UserError : code;
    }

    static string Stage(VerifyCheck check) => string.Create(CultureInfo.InvariantCulture, $"Check {check.Number}, {check.Title}");

    static VerifyRun Run(VerifyCheck check, IStages stages, VerifyContext context)
    {
        var (stage, watch, results, stopped) = (Stage(check), Stopwatch.StartNew(), new List<VerifyResult>(), false);
        stages.Report(stage, 0);
        try
        {
            foreach (var result in check.Run(context))
                results.Add(result);
        }
        catch (OperationCanceledException) when (context.Cancellation.IsCancellationRequested)
        {
            stopped = true;
        }
        catch (TorchBrainException e)
        {
            results.Add(new VerifyResult("the check ran to its end", double.NaN, 1, 1, "") { Note = e.Message });
        }
        if (stopped)
            stages.Stop(stage);
        else
            stages.End(stage, results.Any(r => r.Outcome == VerifyOutcome.Failed) ? VerifyPage.Word(VerifyOutcome.Failed) : "");
        return new VerifyRun(check, results, watch.Elapsed.TotalSeconds, stopped);
    }

    DigitResolution FindDigits(string? data) => DigitSource.Resolve(data is null ? null : Path.GetFullPath(data, environment.CurrentFolder),
        new DigitSourceOptions { Environment = environment.Variables, Download = null, DrawnTrain = 10, DrawnTest = 10 }, environment.Cancellation);
}
