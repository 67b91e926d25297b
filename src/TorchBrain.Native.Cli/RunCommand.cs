using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using TorchBrain.Native.Networks;
using TorchBrain.Native.Pictures;

namespace TorchBrain.Native.Cli;

/// <summary><c>torchbrain run NAME</c>: a published network, measured against what was published about it.</summary>
sealed class RunCommand(CommandEnvironment environment)
{
    const string PlanStage = "Making the network", RunStage = "Running it", PictureStage = "Drawing";
    const double RasterMs = 500;
    const int RasterNeurons = 4000;

    readonly CommonOptions _common = new("run");
    readonly Argument<string> _name = new("NAME") { Description = $"Which network: {string.Join(", ", PublishedNetwork.All.Select(n => n.Name))}." };
    readonly Option<double> _scale = OptionMaker.Number("--scale", 1, 0.0001, 1000, "Size of the network. What was published holds for 1, for hpc_benchmark from 10.");
    readonly Option<double?> _seconds = OptionMaker.NumberOrNone("--seconds", 0.001, 100_000, "Simulated seconds that are measured. [default: as long as the bands were found with]");

    public Command Build()
    {
        var command = new Command("run", "Run a published network and compare rates, regularity and rhythm with what was published about it.") { _name, _scale, _seconds };
        _common.AddTo(command);
        command.SetAction(Run);
        return command;
    }

    int Run(ParseResult parsed)
    {
        var settings = _common.Read(parsed, environment);
        var network = Find(parsed.GetValue(_name)!);
        var (scale, measureMs) = (parsed.GetValue(_scale), (parsed.GetValue(_seconds) ?? network.MeasureMs / 1000) * 1000);
        var ui = new ConsoleUi(environment, settings);
        using var folder = OutputFolder.Open(settings.Output);
        var timings = new Dictionary<string, double>();
        var part = ui.Stages([PlanStage, RunStage, PictureStage], stages =>
        {
            var watch = Stopwatch.StartNew();
            using var backend = settings.OpenBackend(settings.Threads);
            stages.Report(PlanStage, 0);
            var plan = network.Make(scale, settings.Seed, 1000).Plan();
            stages.Report(PlanStage, 0.5);
            using var simulation = Simulation.Create(plan, backend);
            timings["build"] = watch.Elapsed.TotalSeconds;
            stages.End(PlanStage, string.Create(CultureInfo.InvariantCulture, $"{plan.Populations.Sum(p => (long)p.Count):N0} neurons, {Synapses(plan):N0} synapses, {timings["build"]:0.0} s"));
            watch.Restart();
            var activity = NetworkActivity.Measure(simulation, network.SettleMs, measureMs, f => stages.Report(RunStage, f), environment.Cancellation);
            timings["run"] = watch.Elapsed.TotalSeconds;
            var realTime = timings["run"] / (simulation.TimeMs / 1000);
            stages.End(RunStage, string.Create(CultureInfo.InvariantCulture, $"{simulation.TimeMs / 1000:0.###} s simulated, real-time factor {realTime:0.000}"));
            stages.Report(PictureStage, 0);
            Raster(folder.PathOf("raster.png"), network, activity);
            stages.End(PictureStage);
            var judged = network.HasBandsFor(scale, measureMs) && !environment.Cancellation.IsCancellationRequested;
            return new NetworkRunPart
            {
                Name = network.Name,
                Scale = scale,
                Neurons = plan.Populations.Sum(p => (long)p.Count),
                Synapses = Synapses(plan),
                MeasuredSeconds = activity.MeasuredMs / 1000,
                RealTimeFactor = realTime,
                Populations = [.. activity.Populations.Select(p => new PopulationPart(p.Name, p.Neurons, p.RateHz, RunReportNumbers.Finite(p.IsiCv), p.SilentFraction, RunReportNumbers.Finite(p.PeakHz)))],
                Bands = judged ? [.. network.Bands.Select(b => new BandPart(b.Quantity, b.Of(activity), b.Low, b.High, b.Holds(activity)))] : [],
                SpikeHash = simulation.SpikeHash,
                How = simulation.Compiled.Describe(),
            };
        });
        var report = new RunReport
        {
            Command = settings.Command,
            Cancelled = environment.Cancellation.IsCancellationRequested,
            Seed = settings.Seed,
            Options = new OptionsPart { Threads = settings.Threads, Backend = OptionMaker.Word(settings.Backend), Scale = scale, Seconds = measureMs / 1000 },
            SpikeHash = part.SpikeHash,
            Network = part,
            Timings = timings,
            Files = [.. folder.Files],
        };
        folder.Commit(report.ToJson());
        Show(ui, network, part);
        var missed = part.Bands.Count(b => !b.Holds);
        var code = RunEnd.Of(ui, environment, report, folder, Line(network, part, missed));
        return code == TorchBrainCommand.Success && missed > 0 ? TorchBrainCommand.UserError : code;
    }

    static PublishedNetwork Find(string name) => PublishedNetwork.All.FirstOrDefault(n => string.Equals(n.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new TorchBrainException(ErrorCode.OptionInvalid, $"There is no network '{name}'; there are {string.Join(", ", PublishedNetwork.All.Select(n => n.Name))}.", "See: torchbrain run --help");

    static long Synapses(NetworkPlan plan) => plan.Projections.Sum(p => p.RowLengths.Sum(n => (long)n));

    static string Line(PublishedNetwork network, NetworkRunPart part, int missed) => part.Bands.Count == 0
        ? $"{network.Name} ran; nothing to compare it with at this scale and length"
        : missed == 0 ? $"{network.Name}: all {part.Bands.Count} bands hold" : $"{network.Name}: {missed} of {part.Bands.Count} bands missed";

    static void Show(ConsoleUi ui, PublishedNetwork network, NetworkRunPart part)
    {
        var table = Tables.New(network.Title, "population", "neurons", "rate Hz", "CV of intervals", "silent", "peak Hz");
        foreach (var p in part.Populations)
            table.Row(p.Name, Tables.Count(p.Neurons), Tables.Number(p.RateHz, "0.00"), Number(p.IsiCv, "0.00"), Tables.Percent(p.SilentFraction, "0.0"), Number(p.PeakHz, "0"));
        ui.Show(table);
        if (part.Bands.Count > 0)
        {
            var bands = Tables.New("Against what was published", "quantity", "here", "band", "");
            foreach (var b in part.Bands)
                bands.Row(b.Quantity, Tables.Number(b.Measured, "0.00"), $"{Tables.Number(b.Low, "0.00")} to {Tables.Number(b.High, "0.00")}", b.Holds ? "holds" : "MISSED");
            ui.Show(bands);
        }
        else if (network.Elsewhere is { } known)
            ui.Say(known);
        ui.Say($"real-time factor {Tables.Number(part.RealTimeFactor, "0.000")}; spike hash {part.SpikeHash}; {part.How}");
    }

    static string Number(double? value, string format) => value is { } v ? Tables.Number(v, format) : "-";

    // The last half second; of each population its share of some thousand rows, in the order of the network.
    static void Raster(string path, PublishedNetwork network, NetworkActivity activity)
    {
        long all = activity.Rasters.Sum(r => (long)r.ElementCount), end = activity.Rasters.Max(r => r.EndStep);
        var thin = (int)Math.Max(1, all / RasterNeurons);
        var stepMs = activity.Rasters[0].TimeStepMs;
        var first = Math.Max(activity.Rasters.Max(r => r.FirstStep), end - (long)(RasterMs / stepMs));
        List<double> times = [];
        List<int> ids = [];
        var rows = 0;
        foreach (var raster in activity.Rasters)
        {
            for (var i = 0; i < raster.Count; i++)
                if (raster.Steps[i] >= first && raster.Elements[i] % thin == 0)
                {
                    times.Add(raster.TimeMs(i));
                    ids.Add(rows + raster.Elements[i] / thin);
                }
            rows += (raster.ElementCount + thin - 1) / thin;
        }
        RasterPlot.Save(path, times.ToArray(), ids.ToArray(), rows, first * stepMs, Math.BitIncrement(end * stepMs), new RasterStyle
        {
            Title = $"{network.Title}{(thin > 1 ? $"; every {thin}th neuron" : "")}, populations from below: {string.Join(", ", activity.Populations.Select(p => p.Name))}",
        });
    }
}
