using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using TorchBrain.Native.Mnist;

namespace TorchBrain.Native.Cli;

/// <summary><c>torchbrain waves</c>: a sheet on its own, measured and shown.</summary>
sealed class WavesCommand(CommandEnvironment environment)
{
    const string RunStage = "Running the sheet", PictureStage = "Drawing pictures";

    readonly CommonOptions _common = new("waves");
    readonly Option<int> _nodes = SheetOption.Nodes();
    readonly Option<double> _side = SheetOption.Side();
    readonly Option<double> _radius = SheetOption.Radius();
    readonly Option<ShapeChoice?> _geometry = SheetOption.Geometry();
    readonly Option<double> _seconds = OptionMaker.Number("--seconds", 6, 0.001, 3600, "Simulated seconds.");
    readonly Option<Excitability?> _excitability = OptionMaker.Choice("--excitability", Excitability.Centre, "How the excitability of cells is spread: most in the middle of the sheet, or shared alike.");

    public Command Build()
    {
        var command = new Command("waves", "Run a sheet of noisy Izhikevich neurons with centre-surround coupling, whose activity is travelling waves; measure and draw them.") { _nodes, _side, _radius, _geometry, _seconds, _excitability };
        _common.AddTo(command);
        command.SetAction(Run);
        return command;
    }

    int Run(ParseResult parsed)
    {
        var settings = _common.Read(parsed, environment);
        var sheet = new SheetOptions
        {
            Nodes = parsed.GetValue(_nodes),
            Geometry = Shape.Of(parsed.Chosen(_geometry, ShapeChoice.Square), parsed.GetValue(_side)),
            InhibitRadius = parsed.GetValue(_radius),
            Excitability = parsed.Chosen(_excitability, Excitability.Centre),
            Seed = settings.Seed,
        };
        var ui = new ConsoleUi(environment, settings);
        using var folder = OutputFolder.Open(settings.Output);
        var timings = new Dictionary<string, double>();
        var (run, statistics) = ui.Stages([RunStage, PictureStage], stages =>
        {
            var watch = Stopwatch.StartNew();
            using var backend = settings.OpenBackend(settings.Threads);
            var run = WaveRun.Of(sheet, parsed.GetValue(_seconds), backend, f => stages.Report(RunStage, f), environment.Cancellation);
            timings["run"] = watch.Elapsed.TotalSeconds;
            stages.End(RunStage, string.Create(CultureInfo.InvariantCulture, $"{run.Seconds:0.###} s of sheet time, {run.Spikes.Count:N0} spikes"));
            watch.Restart();
            stages.Report(PictureStage, 0);
            SheetPictures.Waves(folder, run);
            run.WriteCsv(folder.PathOf("spikes.csv"));
            timings["pictures"] = watch.Elapsed.TotalSeconds;
            stages.End(PictureStage);
            return (run, WaveStatistics.Of(run.Spikes, run.Nodes, sheet.Geometry));
        });
        var expected = ExpectedWaves.For(sheet);
        var report = new RunReport
        {
            Command = settings.Command,
            Cancelled = environment.Cancellation.IsCancellationRequested,
            Seed = settings.Seed,
            Options = new OptionsPart
            {
                Threads = settings.Threads,
                Backend = OptionMaker.Word(settings.Backend),
                Nodes = sheet.Nodes,
                Side = parsed.GetValue(_side),
                Radius = sheet.InhibitRadius,
                Geometry = OptionMaker.Word(parsed.Chosen(_geometry, ShapeChoice.Square)),
                Seconds = parsed.GetValue(_seconds),
                Excitability = OptionMaker.Word(sheet.Excitability),
            },
            SpikeHash = run.SpikeHash,
            Waves = WavesPart.Of(statistics, run.Spikes.Count) with { Expected = expected },
            Timings = timings,
            Files = [.. folder.Files],
        };
        folder.Commit(report.ToJson());
        Show(ui, run, statistics, expected);
        return RunEnd.Of(ui, environment, report, folder, string.Create(CultureInfo.InvariantCulture,
            $"{run.Spikes.Count:N0} spikes in {run.Seconds:0.###} s, {100 * statistics.WaveFraction:0.#} % of the time in a wave"));
    }

    static void Show(ConsoleUi ui, WaveRun run, WaveStatistics s, WavesPart? expected)
    {
        var table = expected is null ? Tables.New("Waves", "measure", "here") : Tables.New("Waves", "measure", "here", "expected (6 s, mean of 3 seeds)");
        void Row(string name, string here, Func<WavesPart, string> reference) => table.Row(expected is null ? [name, here] : [name, here, reference(expected)]);
        Row("mean rate", $"{Tables.Number(s.MeanRateHz)} Hz", e => $"{Tables.Number(e.RateHz)} Hz");
        Row("nodes firing in a wave frame", Tables.Number(s.ActivePerFrame), e => Tables.Number(e.ActivePerFrame, "0"));
        Row("radius of waves", $"{Tables.Number(s.Radius, "0.00")}", e => Tables.Number(e.Radius ?? double.NaN, "0.0#"));
        Row("share of time in a wave", Tables.Percent(s.WaveFraction, "0.0"), e => Tables.Percent(e.WaveFraction, "0.#"));
        Row("waves a second", Tables.Number(s.WavesPerSecond), e => Tables.Number(e.WavesPerSecond, "0"));
        Row("first wave", double.IsFinite(s.FirstWaveMs) ? $"{Tables.Number(s.FirstWaveMs, "0")} ms" : "none", _ => "100 to 1,000 ms");
        Row("spikes", Tables.Count(run.Spikes.Count), _ => "");
        table.Row("spike hash", run.SpikeHash);
        table.Row("ran on", run.How);
        table.Caption = new Spectre.Console.TableTitle(
            $"A wave frame is a millisecond with more than {WaveStatistics.ActiveNodes} nodes firing; lengths in sheet units.", new Spectre.Console.Style(Spectre.Console.Color.Grey));
        ui.Show(table);
    }
}

/// <summary>Waves of the default sheet (1,500 nodes on a square of 28, centre excitability), from an independent implementation: 6 s, mean of 3 seeds.</summary>
static class ExpectedWaves
{
    static readonly (double Radius, WavesPart Waves)[] s_rows =
    [
        Row(3, 1.4, 35, 2.0, 0.001, 0.7), Row(4, 4.7, 36, 2.9, 0.022, 7), Row(5, 9.0, 37, 2.9, 0.12, 17), Row(6, 13.4, 39, 3.1, 0.28, 16),
        Row(8, 20.8, 46, 3.85, 0.55, 9), Row(10, 24.7, 54, 4.4, 0.59, 9), Row(12, 23.2, 61, 5.0, 0.52, 7),
    ];

    static (double, WavesPart) Row(double radius, double rate, double active, double waveRadius, double fraction, double perSecond) =>
        (radius, new WavesPart(6, rate, active, waveRadius, fraction, perSecond, null, (long)(rate * 6 * 1500)));

    /// <summary>The row for a sheet; null where nothing is known.</summary>
    public static WavesPart? For(SheetOptions sheet)
    {
        if (sheet is not { Nodes: 1500, Geometry: Square { Side: 28 }, Excitability: Excitability.Centre })
            return null;
        var at = Array.FindIndex(s_rows, r => r.Radius == sheet.InhibitRadius);
        return at < 0 ? null : s_rows[at].Waves;
    }
}

/// <summary>The options of a sheet.</summary>
static class SheetOption
{
    public static Option<int> Nodes() => OptionMaker.Whole("--nodes", 1500, 1, 1_000_000, "Nodes of the sheet.");

    public static Option<double> Side() => OptionMaker.Number("--side", 28, 0.001, 1_000_000, "Side of the square, in sheet units; the other shapes have the same area.");

    public static Option<double> Radius() => OptionMaker.Number("--radius", 6, 0, 1_000_000, "Where inhibition begins, in sheet units; waves grow with it. 3 to 12 is a good range.");

    public static Option<ShapeChoice?> Geometry() => OptionMaker.Choice("--geometry", ShapeChoice.Square, "Shape of the sheet. A torus has no borders; an annulus has a hole.");
}

/// <summary>The last line of a run and its exit code.</summary>
static class RunEnd
{
    public static int Of(ConsoleUi ui, CommandEnvironment environment, RunReport report, OutputFolder folder, string result)
    {
        var files = folder.Files.Count + 1;
        ui.End($"torchbrain {report.Command}: {(report.Cancelled ? "stopped early; " : "")}{result}; {files} file{(files == 1 ? "" : "s")} in {folder.FullPath}", report);
        if (report.Cancelled)
            environment.Error.WriteLine("Stopped on request. What was done until then is kept.");
        return report.Cancelled ? TorchBrainCommand.Stopped : TorchBrainCommand.Success;
    }
}
