using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using TorchBrain.Native.Tuning;

namespace TorchBrain.Native.Cli;

/// <summary><c>torchbrain tune</c>: the fastest settings for a network on this machine.</summary>
sealed class TuneCommand(CommandEnvironment environment)
{
    const string Stage = "Tuning", DefaultFile = "torchbrain-tuning.json";

    readonly CommonOptions _common = new("tune");
    readonly Argument<string> _network = OptionMaker.OneOf("NETWORK", [.. BenchNetwork.All.Select(n => n.Name)], "The network to tune for");
    readonly Option<double> _seconds = OptionMaker.Number("--seconds", new TuningBudget().Seconds, 0.1, 86_400, "Time for everything, seconds; the defaults run in any case.");
    readonly Option<double?> _scale = OptionMaker.NumberOrNone("--scale", 0.001, 100, "Size of the network, but for the sheet; the microcircuit's neurons and synapses per neuron. [default: 0.1, with --backend cuda 1]");
    readonly Option<string?> _file = OptionMaker.Text("--file", "FILE", $"The tuning file; what was found for other devices and shapes of networks stays in it. [default: {DefaultFile}]");

    public Command Build()
    {
        var command = new Command("tune", "Find settings that run a network faster on this machine than the defaults do, with the same spikes, and keep them in a file for --tuning.") { _network, _seconds, _scale, _file };
        _common.AddTo(command, tuned: false);
        command.SetAction(Run);
        return command;
    }

    int Run(ParseResult parsed)
    {
        var settings = _common.Read(parsed, environment, tuned: false);
        var name = parsed.GetValue(_network)!;
        var scale = parsed.GetValue(_scale) ?? (settings.Backend == BackendChoice.Cuda ? 1 : 0.1);
        var path = Path.GetFullPath(parsed.GetValue(_file) ?? DefaultFile, environment.CurrentFolder);
        if (File.Exists(path))
            TuningFile.Load(path); // a file that cannot be used is told before the work
        var ui = new ConsoleUi(environment, settings);
        using var folder = OutputFolder.Open(settings.Output);
        var watch = Stopwatch.StartNew();
        var found = ui.Stages([Stage], stages => Tune(stages, settings, BenchNetwork.All.Single(n => n.Name == name).Make(scale, settings.Seed), parsed.GetValue(_seconds)));
        var saved = !found.Cancelled && found.Trials.Count > 0;
        if (saved)
            (File.Exists(path) ? TuningFile.Load(path) : TuningFile.Empty).With(TuningEntry.Of(found, name)).Save(path);
        var report = new RunReport
        {
            Command = settings.Command,
            Cancelled = found.Cancelled,
            Seed = settings.Seed,
            SpikeHash = found.SpikeHash,
            Options = new OptionsPart { Threads = settings.Threads, Backend = OptionMaker.Word(settings.Backend), Network = name, Scale = scale, Seconds = parsed.GetValue(_seconds), File = path },
            Tune = TunePart.Of(found, saved),
            Timings = new() { ["tune"] = watch.Elapsed.TotalSeconds },
        };
        folder.Commit(report.ToJson());
        TunePage.Show(ui, found, name);
        return RunEnd.Of(ui, environment, report, folder, TunePage.Line(found, name) + (saved ? $"; kept in {path}" : "; nothing was kept"));
    }

    TuningReport Tune(IStages stages, CommonSettings settings, Network network, double seconds)
    {
        stages.Report(Stage, 0);
        var watch = Stopwatch.StartNew();
        var found = Tuner.Tune(network.Plan(), settings.Target(settings.Threads), new TuningBudget { Seconds = seconds },
            trial => stages.Report(Stage, watch.Elapsed.TotalSeconds / seconds, trial.Change), cancellation: environment.Cancellation);
        stages.End(Stage, string.Create(CultureInfo.InvariantCulture, $"{found.Trials.Count} settings tried"));
        return found;
    }
}
