using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using TorchBrain.Native.Cpu;
using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Cli;

/// <summary><c>torchbrain bench</c>: how fast networks run here, and what decides it on a device.</summary>
sealed class BenchCommand(CommandEnvironment environment)
{
    const string CheckStage = "Comparing with the processor";

    /// <summary>Part of a full measurement that an emulated device is given.</summary>
    const double EmulatedSize = 0.004;

    static readonly string[] s_names = [.. BenchNetwork.All.Select(n => n.Name), .. CudaMicroBenchmarks.Names];

    readonly CommonOptions _common = new("bench");
    readonly Option<string[]?> _only = OptionMaker.Some("--only", s_names, $"What to run: {string.Join(", ", BenchNetwork.All.Select(n => n.Name))}; with --backend cuda also {string.Join(", ", CudaMicroBenchmarks.Names)}. [default: all]");
    readonly Option<double?> _scale = OptionMaker.NumberOrNone("--scale", 0.001, 100, "Size of the networks, but for the sheet; the microcircuit's neurons and synapses per neuron. [default: 0.1, with --backend cuda 1]");
    readonly Option<double> _seconds = OptionMaker.Number("--seconds", 1, 0.001, 3600, "Simulated seconds of a repeat.");
    readonly Option<int> _repeats = OptionMaker.Whole("--repeats", 5, 1, 1000, "Repeats; the median counts.");

    public Command Build()
    {
        var command = new Command("bench", "Measure how fast networks of known behaviour run on this machine; on a CUDA device also what decides it there.") { _only, _scale, _seconds, _repeats };
        _common.AddTo(command);
        command.SetAction(Run);
        command.Add(new CompareCommand(environment).Build());
        command.Add(new ScalingCommand(environment).Build());
        command.Add(new LoopCommand(environment).Build());
        return command;
    }

    int Run(ParseResult parsed)
    {
        var settings = _common.Read(parsed, environment);
        var onDevice = settings.Backend == BackendChoice.Cuda;
        string[] only = parsed.GetValue(_only) is { Length: > 0 } chosen ? chosen : [.. s_names.Where(n => onDevice || !CudaMicroBenchmarks.Names.Contains(n))];
        if (!onDevice && only.Intersect(CudaMicroBenchmarks.Names).FirstOrDefault() is { } name)
            throw new TorchBrainException(ErrorCode.OptionInvalid, $"--only {name} measures a device, but the backend is cpu.", "Add --backend cuda, or leave it out.");
        var scale = parsed.GetValue(_scale) ?? (onDevice ? 1 : 0.1);
        BenchNetwork[] networks = [.. BenchNetwork.All.Where(n => only.Contains(n.Name))];
        // Floors of networks are counted in some of them.
        var countsFloors = onDevice && networks.Length > 0 && environment.InPlaceOfDevice is null;
        string[] figures = [.. CudaMicroBenchmarks.Names.Where(n => only.Contains(n) || (countsFloors && CudaCeilings.Needs.Contains(n)))];

        var ui = new ConsoleUi(environment, settings);
        using var folder = OutputFolder.Open(settings.Output);
        var timings = new Dictionary<string, double>();
        string[] stages = [.. figures.Select(FigureStage), .. networks.Select(n => NetworkStage(n.Name)), .. onDevice && networks.Length > 0 ? [CheckStage] : Array.Empty<string>()];
        var bench = ui.Stages(stages, report =>
        {
            using var backend = onDevice && environment.InPlaceOfDevice is { } other ? other() : settings.OpenBackend(settings.Threads);
            var device = onDevice && environment.InPlaceOfDevice is null ? CudaProbe.Machine.Devices[settings.Device] : null;
            var emulated = device?.Name.Contains("emulated", StringComparison.OrdinalIgnoreCase) ?? false;
            var measured = figures.Length > 0 ? Measure(settings.Device, figures, emulated, report, timings) : [];
            var ceilings = countsFloors && !environment.Cancellation.IsCancellationRequested ? CudaCeilings.Of(measured) : null;
            var timer = new NetworkBench(settings, parsed.GetValue(_seconds), parsed.GetValue(_repeats), ceilings, environment.Cancellation);
            var ran = Time(timer, [.. networks.Select(n => n.Make(scale, settings.Seed))], backend, report, timings);
            if (onDevice)
                ran = Check(timer, ran, name => BenchNetwork.All.Single(n => n.Name == name).Make(scale, settings.Seed), backend, report, timings);
            return new BenchPart(CpuBackend.ProcessorName, device is null ? null : $"{device.Name}, compute capability {device.ComputeCapability}, {device.Multiprocessors} multiprocessors", emulated, ran, [.. measured.Values.SelectMany(m => m)],
                onDevice || ran.Count == 0 ? null : MachineCeilings.Here, ceilings);
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
                Only = only,
                Scale = scale,
                Seconds = parsed.GetValue(_seconds),
                Repeats = parsed.GetValue(_repeats),
            },
            Bench = bench,
            Cuda = onDevice ? CudaPart.Of(CudaProbe.Machine) : null,
            Timings = timings,
        };
        AtomicFile.Write(folder.PathOf("bench.md"), BenchPage.Markdown(report, report.Cuda));
        BenchPictures.Factors(folder, bench);
        report = report with { Files = [.. folder.Files] };
        folder.Commit(report.ToJson());
        BenchPage.Show(ui, bench);
        var differ = bench.Networks.Where(n => n.HashEqual == false).Select(n => n.Name).ToArray();
        var line = differ.Length == 0 ? Line(bench) : $"the spikes differ from the processor's: {string.Join(", ", differ)}";
        var code = RunEnd.Of(ui, environment, report, folder, line);
        return code == TorchBrainCommand.Success && differ.Length > 0 ? TorchBrainCommand.UserError : code;
    }

    static string FigureStage(string name) => $"Measuring {name}";

    static string NetworkStage(string name) => $"Running {name}";

    static string Line(BenchPart bench) => bench.Networks.Count == 0 ? $"{bench.Figures.Count} figures of the device"
        : string.Join(", ", bench.Networks.Select(n => string.Create(CultureInfo.InvariantCulture, $"{n.Name} {n.StepUs:0.0} us a step")));

    Dictionary<string, IReadOnlyList<CudaMeasurement>> Measure(int ordinal, string[] names, bool emulated, IStages stages, Dictionary<string, double> timings)
    {
        var found = new Dictionary<string, IReadOnlyList<CudaMeasurement>>();
        using var backend = new CudaBackend(new CudaOptions { Device = ordinal });
        using var device = new CudaMicroBenchmarks(backend, size: emulated ? EmulatedSize : 1);
        foreach (var name in names.TakeWhile(_ => !environment.Cancellation.IsCancellationRequested))
        {
            var watch = Stopwatch.StartNew();
            stages.Report(FigureStage(name), 0);
            var figures = device.Measure(name);
            found.Add(name, figures);
            timings[name] = watch.Elapsed.TotalSeconds;
            stages.End(FigureStage(name), figures.Count == 0 ? "the device cannot do it" : "");
        }
        return found;
    }

    List<NetworkPart> Time(NetworkBench timer, Network[] networks, IBackend backend, IStages stages, Dictionary<string, double> timings)
    {
        var ran = new List<NetworkPart>();
        foreach (var network in networks.TakeWhile(_ => !environment.Cancellation.IsCancellationRequested))
        {
            var (stage, watch) = (NetworkStage(network.Name), Stopwatch.StartNew());
            stages.Report(stage, 0);
            var part = timer.Time(network, backend, f => stages.Report(stage, f));
            timings[network.Name] = watch.Elapsed.TotalSeconds;
            if (part is null)
            {
                stages.Stop(stage);
                continue;
            }
            ran.Add(part);
            stages.End(stage, string.Create(CultureInfo.InvariantCulture, $"{part.StepUs:0.0} us a step"));
        }
        return ran;
    }

    List<NetworkPart> Check(NetworkBench timer, List<NetworkPart> ran, Func<string, Network> network, IBackend backend, IStages stages, Dictionary<string, double> timings)
    {
        var watch = Stopwatch.StartNew();
        for (var k = 0; k < ran.Count && !environment.Cancellation.IsCancellationRequested; k++)
        {
            stages.Report(CheckStage, k / (double)ran.Count);
            var (steps, equal) = timer.Check(network(ran[k].Name), backend);
            ran[k] = ran[k] with { CheckedSteps = steps, HashEqual = equal };
        }
        timings["check"] = watch.Elapsed.TotalSeconds;
        stages.End(CheckStage);
        return ran;
    }
}
