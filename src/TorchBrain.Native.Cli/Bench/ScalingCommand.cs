using System.CommandLine;
using System.Globalization;
using System.Text;
using TorchBrain.Native.Cpu;
using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Cli;

/// <summary><c>torchbrain bench scaling</c>: how the time of a step grows with neurons, synapses, rate and threads.</summary>
sealed class ScalingCommand(CommandEnvironment environment)
{
    static readonly string[] s_columns = ["series", "neurons", "synapses", "Hz", "threads", "build s", "us/step", "spread", "RTF", "/floor", "B/syn"];

    readonly CommonOptions _common = new("bench scaling");
    readonly Option<string[]?> _only = OptionMaker.Some("--only", ScalingCase.Quantities, $"What to let grow: {string.Join(", ", ScalingCase.Quantities)}. [default: all]");
    readonly Option<double> _scale = OptionMaker.Number("--scale", 1, 0.001, 10, "Part of the full sizes.");
    readonly Option<double> _seconds = OptionMaker.Number("--seconds", 0.5, 0.001, 3600, "Simulated seconds of a repeat.");
    readonly Option<int> _repeats = OptionMaker.Whole("--repeats", 3, 1, 1000, "Repeats; the median counts.");

    public Command Build()
    {
        var command = new Command("scaling", "Measure how the time of a step grows with neurons, synapses, rate and threads.") { _only, _scale, _seconds, _repeats };
        _common.AddTo(command);
        command.SetAction(Run);
        return command;
    }

    int Run(ParseResult parsed)
    {
        var settings = _common.Read(parsed, environment);
        var onDevice = settings.Backend == BackendChoice.Cuda;
        string[] only = parsed.GetValue(_only) is { Length: > 0 } chosen ? chosen : ScalingCase.Quantities;
        ScalingCase[] cases = [.. ScalingCase.All(only, parsed.GetValue(_scale), settings.Seed, onDevice ? 0 : settings.Workers)];
        var ui = new ConsoleUi(environment, settings);
        using var folder = OutputFolder.Open(settings.Output);
        string[] stages = [.. cases.Select(c => c.Series).Distinct().Select(Stage)];
        var rows = ui.Stages(stages, stages => Time(cases, settings, new NetworkBench(settings, parsed.GetValue(_seconds), parsed.GetValue(_repeats), device: null, environment.Cancellation), stages));
        var report = new RunReport
        {
            Command = settings.Command,
            Cancelled = environment.Cancellation.IsCancellationRequested,
            Seed = settings.Seed,
            Options = new OptionsPart
            {
                Threads = settings.Threads,
                Backend = OptionMaker.Word(settings.Backend),
                Only = only,
                Scale = parsed.GetValue(_scale),
                Seconds = parsed.GetValue(_seconds),
                Repeats = parsed.GetValue(_repeats),
            },
            Scaling = new ScalingPart(onDevice ? CudaProbe.Machine.Devices[settings.Device].Name : CpuBackend.ProcessorName, rows),
        };
        AtomicFile.Write(folder.PathOf("scaling.md"), Markdown(report));
        BenchPictures.Scaling(folder, report.Scaling);
        report = report with { Files = [.. folder.Files] };
        folder.Commit(report.ToJson());
        if (rows.Count > 0)
            BenchPage.Show(ui, "Scaling", s_columns, rows.Select(Row));
        return RunEnd.Of(ui, environment, report, folder, $"{rows.Count} networks");
    }

    static string Stage(string series) => $"Running {series}";

    List<ScalingRow> Time(ScalingCase[] cases, CommonSettings settings, NetworkBench timer, IStages stages)
    {
        var rows = new List<ScalingRow>();
        foreach (var series in cases.GroupBy(c => c.Series))
        {
            var (stage, all, done) = (Stage(series.Key), series.Count(), 0);
            foreach (var one in series)
            {
                var before = done++;
                stages.Report(stage, before / (double)all);
                using var backend = settings.OpenBackend(one.Threads ?? settings.Threads);
                if (environment.Cancellation.IsCancellationRequested || timer.Time(one.Make(), backend, f => stages.Report(stage, (before + f) / all)) is not { } part)
                {
                    stages.Stop(stage);
                    return rows;
                }
                rows.Add(new ScalingRow(one.Series, one.Against, one.RateHz, part));
            }
            stages.End(stage);
        }
        return rows;
    }

    static string[] Row(ScalingRow row)
    {
        var n = row.Network;
        return
        [
            row.Series, Tables.Count(n.Neurons), Tables.Count(n.Synapses), row.RateHz is { } rate ? Tables.Number(rate, "0.#") : "", n.Threads is { } threads ? Tables.Count(threads) : "",
            Tables.Number(n.PlanSeconds + n.CompileSeconds, "0.00"), BenchPage.Three(n.StepUs), $"{BenchPage.Three(n.StepUsLow)}-{BenchPage.Three(n.StepUsHigh)}", BenchPage.Three(n.RealTimeFactor),
            n.OverFloor is { } over ? BenchPage.Three(over) : "", n.BytesPerSynapse is { } bytes ? Tables.Number(bytes) : "",
        ];
    }

    static string Markdown(RunReport report)
    {
        var (scaling, options, text) = (report.Scaling!, report.Options!, new StringBuilder("# torchbrain bench scaling\n\n"));
        text.Append(CultureInfo.InvariantCulture, $"torchbrain {report.Versions.Torchbrain}, {report.Versions.Dotnet}, {report.Machine.Os}. {scaling.Processor}, {report.Machine.Cores} cores, {report.Machine.VectorBits}-bit vectors.\n");
        text.Append(CultureInfo.InvariantCulture, $"Backend {options.Backend}, scale {options.Scale}, {options.Seconds} s simulated per repeat, {options.Repeats} repeats, seed {report.Seed}. Columns as in bench.md; Hz is the rate of the sources.\n");
        BenchPage.Table(text, s_columns, scaling.Rows.Select(Row));
        foreach (var row in scaling.Rows.Where(r => r.Against.Contains("threads")))
            text.Append(CultureInfo.InvariantCulture, $"* {row.Series}: {row.Network.How}\n");
        return text.ToString();
    }
}
