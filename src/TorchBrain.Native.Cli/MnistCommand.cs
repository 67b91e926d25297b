using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using TorchBrain.Native.Mnist;

namespace TorchBrain.Native.Cli;

/// <summary><c>torchbrain mnist</c>: the main experiment, from noise to read digits.</summary>
sealed class MnistCommand(CommandEnvironment environment)
{
    const double WaveSeconds = 1.5;

    readonly CommonOptions _common = new("mnist");
    readonly Option<string?> _data = OptionMaker.Text("--data", "FOLDER|drawn", $"Folder with the four MNIST files, or drawn for built-in digits. Without it: the folder in {DigitSource.Variable}, the cache, a download, and at last drawn digits.");
    readonly Option<int> _hidden = OptionMaker.Whole("--hidden", new ReadingOptions().HiddenUnits, 0, 100_000, "Local random units above the pools; fewer are faster and less accurate.");
    readonly Option<int> _steps = OptionMaker.Whole("--steps", new ReadingOptions().Steps, 1, 1000, "Steps (ms) each digit is shown for.");
    readonly Option<int?> _train = OptionMaker.WholeOrNone("--train", 10, 10_000_000, "Use the first N training digits only.");
    readonly Option<int?> _test = OptionMaker.WholeOrNone("--test", 1, 10_000_000, "Use the first N test digits only.");
    readonly Option<bool> _noBaselines = OptionMaker.Switch("--no-baselines", "Leave out the comparison with other read-outs.");

    public Command Build()
    {
        var command = new Command("mnist", "Read handwritten digits: grow a pooling layer from noise, read every digit as spikes, classify the spike counts, and compare.")
            { _data, _hidden, _steps, _train, _test, _noBaselines };
        _common.AddTo(command);
        command.SetAction(Run);
        return command;
    }

    int Run(ParseResult parsed)
    {
        var settings = _common.Read(parsed, environment);
        var ui = new ConsoleUi(environment, settings);
        using var folder = OutputFolder.Open(settings.Output);
        var watch = Stopwatch.StartNew();
        var resolution = FindDigits(parsed.GetValue(_data), ui);
        var data = resolution.Data with { Train = First(resolution.Data.Train, parsed.GetValue(_train)), Test = First(resolution.Data.Test, parsed.GetValue(_test)) };
        ui.Say(resolution.Message);
        var timings = new Dictionary<string, double> { ["data"] = watch.Elapsed.TotalSeconds };

        var options = new ExperimentOptions
        {
            Sheet = new SheetOptions { Seed = settings.Seed },
            Reading = new ReadingOptions { HiddenUnits = parsed.GetValue(_hidden), Steps = parsed.GetValue(_steps), Seed = settings.Seed },
            Workers = settings.Workers,
            Baselines = !parsed.GetValue(_noBaselines),
        };
        var result = ui.Stages(MnistStages.Names(options.Baselines), stages => Experiment(stages, settings, data, options, folder, timings));
        var report = Report(parsed, settings, resolution, data, result, timings, folder);
        folder.Commit(report.ToJson());
        MnistTable.Show(ui, report, data);
        return RunEnd.Of(ui, environment, report, folder, MnistTable.Line(report, data));
    }

    DigitResolution FindDigits(string? data, ConsoleUi ui)
    {
        var folder = data is null || string.Equals(data, DigitSource.Drawn, StringComparison.OrdinalIgnoreCase) ? data : Path.GetFullPath(data, environment.CurrentFolder);
        return DigitSource.Resolve(folder, new DigitSourceOptions
        {
            Environment = environment.Variables,
            Download = environment.Download,
            Progress = new FileNames(ui),
        }, environment.Cancellation);
    }

    static DigitSet First(DigitSet digits, int? count) => count is { } n ? digits.Take(n) : digits;

    ExperimentResult Experiment(IStages stages, CommonSettings settings, DigitData data, ExperimentOptions options, OutputFolder folder, Dictionary<string, double> timings)
    {
        using var backend = settings.OpenBackend(1); // the experiment runs several networks side by side
        var progress = new MnistStages(stages, options);
        var result = DigitExperiment.Run(data, options, backend, progress, environment.Cancellation);
        progress.Finish(result);
        foreach (var time in result.Times)
            timings[MnistStages.Key(time.Stage)] = time.Seconds;
        var watch = Stopwatch.StartNew();
        stages.Report(MnistStages.Pictures, 0);
        var suffix = data.IsDrawn ? " (drawn digits, not MNIST)" : "";
        SheetPictures.Fields(folder, result.Growth.Layer, options.Sheet.Geometry, result.Growth.Seconds, suffix);
        SheetPictures.Formation(folder, result.Growth.FormedBySecond, 1, options.Pooling, suffix);
        stages.Report(MnistStages.Pictures, 0.3);
        SheetPictures.Waves(folder, WaveRun.Of(options.Sheet, WaveSeconds, backend), suffix);
        stages.Report(MnistStages.Pictures, 0.8);
        DigitPictures.All(folder, result, data, data.IsCanonical ? ", MNIST" : suffix);
        timings["pictures"] = watch.Elapsed.TotalSeconds;
        stages.End(MnistStages.Pictures);
        return result;
    }

    RunReport Report(ParseResult parsed, CommonSettings settings, DigitResolution resolution, DigitData data, ExperimentResult result, Dictionary<string, double> timings, OutputFolder folder) => new()
    {
        Command = settings.Command,
        Cancelled = result.Cancelled,
        Seed = settings.Seed,
        Options = new OptionsPart
        {
            Threads = settings.Threads,
            Backend = OptionMaker.Word(settings.Backend),
            Data = parsed.GetValue(_data),
            Hidden = parsed.GetValue(_hidden),
            Steps = parsed.GetValue(_steps),
            Train = parsed.GetValue(_train),
            Test = parsed.GetValue(_test),
            NoBaselines = parsed.GetValue(_noBaselines),
        },
        Data = new DataPart(data.Source, data.IsDrawn, data.IsCanonical, data.Train.Count, data.Test.Count, resolution.Message, resolution.Tried),
        TestAccuracy = result.TestAccuracy,
        TrainAccuracy = result.TrainAccuracy is { } train ? RunReportNumbers.Finite(train) : null,
        Features = result.Features > 0 ? result.Features : null,
        SpikeHash = result.Growth.SpikeHash,
        CountHash = result.CountHash,
        Growth = GrowthPart.Of(result.Growth, result.Growth.FormedBySecond, 1),
        Baselines = [.. result.Baselines.Select(b => new BaselinePart(b.Name, b.TrainingDigits, b.TestAccuracy))],
        Confusion = result.Confusion is { } c ? [.. Enumerable.Range(0, c.Classes).Select(t => Enumerable.Range(0, c.Classes).Select(p => c[t, p]).ToArray())] : null,
        Timings = timings,
        Files = [.. folder.Files],
    };

    // A line per file that is being fetched.
    sealed class FileNames(ConsoleUi ui) : IProgress<(string File, long Done, long? Total)>
    {
        string _last = "";

        public void Report((string File, long Done, long? Total) value)
        {
            if (value.File == _last)
                return;
            _last = value.File;
            ui.Say(value.Total is { } total ? string.Create(CultureInfo.InvariantCulture, $"fetching {value.File} ({total / 1e6:0.0} MB) ...") : $"fetching {value.File} ...");
        }
    }
}
