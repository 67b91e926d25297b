using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TorchBrain.Native.Mnist;

namespace TorchBrain.Native.Cli;

/// <summary><c>torchbrain grow</c>: waves teach a pooling layer its receptive fields; can be stopped and resumed.</summary>
sealed class GrowCommand(CommandEnvironment environment)
{
    public const string CheckpointName = "grow.ckpt";
    const string GrowStage = "Growing receptive fields", PictureStage = "Drawing pictures";
    const int StepsPerSecond = 1000;

    readonly CommonOptions _common = new("grow");
    readonly Option<StoryChoice?> _story = OptionMaker.Choice("--story", StoryChoice.Pooling,
        "What to grow: a pooling layer; one that is damaged and learns anew; sheet and layer from one cell; or a second layer above the first.");
    readonly Option<int> _nodes = SheetOption.Nodes();
    readonly Option<double> _side = SheetOption.Side();
    readonly Option<double> _radius = SheetOption.Radius();
    readonly Option<ShapeChoice?> _geometry = SheetOption.Geometry();
    readonly Option<int> _units = OptionMaker.Whole("--units", 400, 1, 1_000_000, "Units of the pooling layer.");
    readonly Option<int> _maxSeconds = OptionMaker.Whole("--max-seconds", 600, 1, 1_000_000, "Longest growth in simulated seconds, counted from its beginning also when resumed. It ends sooner when 9 of 10 units have formed.");
    readonly Option<string?> _resume = OptionMaker.Text("--resume", "FILE", $"Go on from a {CheckpointName} of an earlier run with the same options; the result is that of one uninterrupted run.");

    public Command Build()
    {
        var command = new Command("grow", "Grow a pooling layer without data: noise makes waves on a sheet, and the waves teach each unit of a second layer a compact receptive field.")
            { _story, _nodes, _side, _radius, _geometry, _units, _maxSeconds, _resume };
        _common.AddTo(command);
        command.SetAction(Run);
        return command;
    }

    int Run(ParseResult parsed)
    {
        var settings = _common.Read(parsed, environment);
        var geometry = Shape.Of(parsed.Chosen(_geometry, ShapeChoice.Square), parsed.GetValue(_side));
        var sheet = new SheetOptions { Nodes = parsed.GetValue(_nodes), Geometry = geometry, InhibitRadius = parsed.GetValue(_radius), Seed = settings.Seed };
        var units = parsed.GetValue(_units);
        if ((long)sheet.Nodes * units > Array.MaxLength)
            throw new TorchBrainException(ErrorCode.OptionInvalid, string.Create(CultureInfo.InvariantCulture, $"--nodes {sheet.Nodes} x --units {units} are {(long)sheet.Nodes * units:N0} weights; allowed are {Array.MaxLength:N0}."),
                "Use fewer nodes or units.");
        var maxSeconds = parsed.GetValue(_maxSeconds);
        var story = parsed.Chosen(_story, StoryChoice.Pooling);
        if (story != StoryChoice.Pooling)
            return RunStory(parsed, settings, story, sheet, units, maxSeconds);
        var history = History.Open(parsed.GetValue(_resume) is { } file ? Path.GetFullPath(file, environment.CurrentFolder) : null);
        // The rule to stop does not belong to the plan: a resumed growth may run longer than the first one was allowed to.
        var pooling = new PoolingOptions { Units = units, FormedBelow = Math.Max(2, sheet.Nodes / 10), MaxSeconds = Math.Max(0, maxSeconds - history.Seconds) };

        var ui = new ConsoleUi(environment, settings);
        using var folder = OutputFolder.Open(settings.Output);
        var timings = new Dictionary<string, double>();
        var watch = Stopwatch.StartNew();
        var (result, formed) = ui.Stages([GrowStage, PictureStage], stages =>
        {
            stages.Report(GrowStage, 0);
            using var backend = settings.OpenBackend(settings.Threads);
            using var growth = new PoolingGrowth(sheet, pooling, backend);
            var result = Grow(growth, pooling, history, new StageProgress(stages, history.Seconds, maxSeconds, pooling));
            float[] formed = [.. history.Formed, .. result.FormedBySecond];
            timings["grow"] = watch.Elapsed.TotalSeconds;
            stages.End(GrowStage, $"{history.Seconds + result.Seconds} s of sheet time, {result.Layer.Formed} of {units} units formed");
            watch.Restart();
            stages.Report(PictureStage, 0);
            growth.Simulation.Save().Save(folder.PathOf(CheckpointName));
            NpyFile.Write(folder.PathOf("pools.npy"), result.Layer.Weights, units, sheet.Nodes);
            NpyFile.Write(folder.PathOf("nodes.npy"), [.. growth.Positions.SelectMany(p => new[] { p.X, p.Y, p.Z })], sheet.Nodes, 3);
            SheetPictures.Fields(folder, result.Layer, geometry, history.Seconds + result.Seconds);
            SheetPictures.Formation(folder, formed, history.First, pooling);
            timings["pictures"] = watch.Elapsed.TotalSeconds;
            stages.End(PictureStage);
            return (result, formed);
        });
        var report = new RunReport
        {
            Command = settings.Command,
            Story = OptionMaker.Word(story),
            Cancelled = environment.Cancellation.IsCancellationRequested && !result.Complete,
            Seed = settings.Seed,
            Options = new OptionsPart
            {
                Threads = settings.Threads,
                Backend = OptionMaker.Word(settings.Backend),
                Nodes = sheet.Nodes,
                Side = parsed.GetValue(_side),
                Radius = sheet.InhibitRadius,
                Geometry = OptionMaker.Word(parsed.Chosen(_geometry, ShapeChoice.Square)),
                Units = units,
                MaxSeconds = maxSeconds,
                Resume = parsed.GetValue(_resume),
            },
            SpikeHash = result.SpikeHash,
            Growth = GrowthPart.Of(result, formed, history.First),
            Timings = timings,
            Files = [.. folder.Files],
        };
        folder.Commit(report.ToJson());
        ui.Show(GrowthTable.Of(report.Growth, report.SpikeHash, timings, "Pooling layer"));
        return RunEnd.Of(ui, environment, report, folder, $"{report.Growth.UnitsFormed} of {units} units formed after {report.Growth.Seconds} s of sheet time"
            + (result.Complete || report.Cancelled ? "" : " (time was up)"));
    }

    int RunStory(ParseResult parsed, CommonSettings settings, StoryChoice story, SheetOptions sheet, int units, int maxSeconds)
    {
        var side = parsed.GetValue(_side);
        GrowStory.Refuse(parsed, _resume, story, "only --story pooling writes and continues a checkpoint");
        if (parsed.Chosen(_geometry, ShapeChoice.Square) is var shape and not ShapeChoice.Square)
            throw GrowStory.Wrong($"--geometry {OptionMaker.Word(shape)} does not go with --story {OptionMaker.Word(story)}: it is told on a square.", "Leave --geometry out, or use --story pooling.");
        var colony = story == StoryChoice.Colony;
        if (colony)
        {
            GrowStory.Refuse(parsed, _nodes, story, "the colony makes its own cells, about 3 for each unit of area; --side sets their number");
            GrowStory.Refuse(parsed, _units, story, "the cells found the units themselves");
            if (side > ColonyStory.LargestSide)
                throw GrowStory.Wrong(string.Create(CultureInfo.InvariantCulture, $"--side is {side}; with --story colony at most {ColonyStory.LargestSide} is allowed, which the cells of a colony fill."), "Use a smaller --side.");
            if (parsed.GetResult(_radius) is not { Implicit: false })
                sheet = sheet with { InhibitRadius = ColonyStory.AuthorsRadius };
        }
        if (story == StoryChoice.Damage && maxSeconds < 2)
            throw GrowStory.Wrong($"--max-seconds is {maxSeconds}; --story damage needs 2 at least, to grow and to learn anew.", "Use a larger --max-seconds.");
        var plan = new StoryPlan(sheet, new PoolingOptions { Units = units, FormedBelow = Math.Max(2, sheet.Nodes / 10) }, side, maxSeconds);
        return GrowStory.Of(story, plan).Run(environment, settings, story, new OptionsPart
        {
            Threads = settings.Threads,
            Backend = OptionMaker.Word(settings.Backend),
            Nodes = colony ? null : sheet.Nodes,
            Side = side,
            Radius = sheet.InhibitRadius,
            Geometry = OptionMaker.Word(ShapeChoice.Square),
            Units = colony ? null : units,
            MaxSeconds = maxSeconds,
        });
    }

    GrowthResult Grow(PoolingGrowth growth, PoolingOptions pooling, History history, StageProgress progress)
    {
        if (history.Checkpoint is null)
            return growth.Run(progress, environment.Cancellation);
        growth.Simulation.Load(history.Checkpoint);
        var before = new int[growth.Retina.Count];
        growth.Simulation.AddSpikeCounts(growth.Retina, before);
        var layer = growth.Layer();
        if (layer.WithFieldBelow(pooling.FormedBelow) / (double)layer.Units > pooling.FormedFraction || pooling.MaxSeconds == 0)
            return new GrowthResult(layer, 0, pooling.MaxSeconds > 0, [], growth.Simulation.SpikeHash, 0); // there is nothing left to do
        var result = growth.Run(progress, environment.Cancellation);
        var after = new int[before.Length];
        growth.Simulation.AddSpikeCounts(growth.Retina, after);
        var spikes = after.Zip(before, (a, b) => (double)a - b).Sum();
        return result with { MeanRateHz = result.Seconds == 0 ? 0 : spikes / before.Length / result.Seconds };
    }

    /// <summary>What an interrupted growth left: its checkpoint and, where its run.json lies beside it, its curve.</summary>
    sealed record History(Checkpoint? Checkpoint, int Seconds, float[] Formed)
    {
        /// <summary>The simulated second of the first known value of the curve.</summary>
        public int First => Seconds - Formed.Length + 1;

        public static History Open(string? path)
        {
            if (path is null)
                return new History(null, 0, []);
            var checkpoint = Checkpoint.Open(path);
            var seconds = (int)(checkpoint.Step / StepsPerSecond);
            return new History(checkpoint, seconds, Curve(Path.Combine(Path.GetDirectoryName(path)!, OutputFolder.ReportName), seconds));
        }

        static float[] Curve(string path, int seconds)
        {
            try
            {
                var growth = JsonSerializer.Deserialize(File.ReadAllBytes(path), ReportJson.Default.RunReport)?.Growth;
                return growth is { FormedBySecond: { } curve } && growth.Seconds == seconds ? [.. curve] : [];
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or NotSupportedException)
            {
                return [];
            }
        }
    }

    sealed class StageProgress(IStages stages, int before, int maxSeconds, PoolingOptions pooling) : IProgress<GrowthProgress>
    {
        public void Report(GrowthProgress value)
        {
            var second = before + value.Seconds;
            stages.Report(GrowStage, Math.Max(value.Formed / pooling.FormedFraction, second / (double)maxSeconds), $"{second} s of waves, {Tables.Percent(value.Formed, "0")} formed");
        }
    }
}

/// <summary>Growth in a table.</summary>
static class GrowthTable
{
    public static Spectre.Console.Table Of(GrowthPart growth, string? hash, Dictionary<string, double> timings, string title, params (string Name, string Value)[] more)
    {
        var table = Tables.New(title, "", "");
        AddTo(table, growth);
        foreach (var (stage, seconds) in timings)
            table.Row($"time: {stage.Replace('_', ' ')}", ConsoleUi.Span(seconds));
        table.Row("time in all", ConsoleUi.Span(timings.Values.Sum()));
        table.Row("spike hash", hash ?? "none");
        foreach (var (name, value) in more)
            table.Row(name, value);
        return table;
    }

    static void AddTo(Spectre.Console.Table table, GrowthPart growth)
    {
        table.Row("units formed", $"{growth.UnitsFormed} of {growth.Units}{(growth.Complete ? "" : " (growth did not end by itself)")}");
        table.Row("grown for", $"{growth.Seconds} s of sheet time");
        table.Row("mean receptive field", growth.MeanField is { } field ? $"{Tables.Number(field)} nodes" : "none");
        table.Row("sheet covered", Tables.Percent(growth.Coverage, "0.0"));
        table.Row("rate of the sheet", growth.RateHz > 0 ? $"{Tables.Number(growth.RateHz)} Hz" : "not measured");
    }
}
