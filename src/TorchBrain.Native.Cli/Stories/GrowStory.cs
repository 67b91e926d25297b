using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using TorchBrain.Native.Mnist;

namespace TorchBrain.Native.Cli;

/// <summary>The stories that <c>torchbrain grow</c> tells.</summary>
enum StoryChoice
{
    Pooling,
    Damage,
    Colony,
    Stack,
}

/// <summary>What a story is told with.</summary>
sealed record StoryPlan(SheetOptions Sheet, PoolingOptions Pooling, double Side, int MaxSeconds);

/// <summary>What a story came to: its part of run.json, its rows of the table, its line.</summary>
sealed record StoryEnd(Func<RunReport, RunReport> Figures, bool Complete, string Line, IReadOnlyList<(string Name, string Value)> Rows);

/// <summary>One of the experiments beyond plain pooling.</summary>
abstract class GrowStory
{
    protected const string PictureStage = "Drawing pictures";

    public abstract string Title { get; }

    /// <summary>Names of the stages, in order.</summary>
    public abstract IReadOnlyList<string> Stages { get; }

    public abstract StoryEnd Tell(StoryRun run);

    public static GrowStory Of(StoryChoice choice, StoryPlan plan) => choice switch
    {
        StoryChoice.Damage => new DamageStory(plan),
        StoryChoice.Colony => new ColonyStory(plan),
        _ => new StackStory(plan),
    };

    /// <summary>Refuses an option that a story has no use for.</summary>
    public static void Refuse(ParseResult parsed, Option option, StoryChoice story, string why)
    {
        if (parsed.GetResult(option) is { Implicit: false })
            throw Wrong($"{option.Name} does not go with --story {OptionMaker.Word(story)}: {why}.", $"Leave {option.Name} out, or choose another --story.");
    }

    public static TorchBrainException Wrong(string what, string fix) => new(ErrorCode.OptionInvalid, what, fix);

    /// <summary>Tells a story, from the empty folder to the last line.</summary>
    public int Run(CommandEnvironment environment, CommonSettings settings, StoryChoice choice, OptionsPart options)
    {
        var ui = new ConsoleUi(environment, settings);
        using var folder = OutputFolder.Open(settings.Output);
        var timings = new Dictionary<string, double>();
        var (end, hash) = ui.Stages(Stages, stages =>
        {
            using var backend = settings.OpenBackend(settings.Threads);
            var run = new StoryRun(stages, folder, backend, timings, environment.Cancellation);
            return (Tell(run), run.SpikeHash);
        });
        var report = end.Figures(new RunReport
        {
            Command = settings.Command,
            Story = OptionMaker.Word(choice),
            Cancelled = environment.Cancellation.IsCancellationRequested && !end.Complete,
            Seed = settings.Seed,
            Options = options,
            SpikeHash = hash,
            Timings = timings,
            Files = [.. folder.Files],
        });
        folder.Commit(report.ToJson());
        var table = Tables.New(Title, "", "");
        foreach (var (name, value) in end.Rows)
            table.Row(name, value);
        table.Row("time in all", ConsoleUi.Span(timings.Values.Sum()));
        table.Row("spike hash", hash ?? "none");
        ui.Show(table);
        return RunEnd.Of(ui, environment, report, folder, end.Line);
    }

    protected static string Fraction(int part, int whole) => string.Create(CultureInfo.InvariantCulture, $"{part:N0} of {whole:N0}");
}

/// <summary>The surroundings of a story that is being told.</summary>
sealed class StoryRun(IStages stages, OutputFolder folder, IBackend backend, Dictionary<string, double> timings, CancellationToken cancellation)
{
    public IStages Stages => stages;
    public OutputFolder Folder => folder;
    public IBackend Backend => backend;
    public CancellationToken Cancellation => cancellation;
    public string? SpikeHash { get; set; }

    /// <summary>Runs one stage and notes its time under a key of run.json.</summary>
    public T Stage<T>(string name, string key, Func<T> work, Func<T, string> note) => Stage(() => name, key, work, note);

    /// <summary>The same for work that goes on to a later stage by itself.</summary>
    public T Stage<T>(Func<string> name, string key, Func<T> work, Func<T, string> note)
    {
        var watch = Stopwatch.StartNew();
        stages.Report(name(), 0);
        var result = work();
        timings[key] = watch.Elapsed.TotalSeconds;
        if (cancellation.IsCancellationRequested)
            stages.Stop(name());
        else
            stages.End(name(), note(result));
        return result;
    }

    /// <summary>Draws; an interrupted story draws what it has.</summary>
    public void Pictures(string name, Action draw)
    {
        var watch = Stopwatch.StartNew();
        stages.Report(name, 0);
        draw();
        timings["pictures"] = watch.Elapsed.TotalSeconds;
        stages.End(name);
    }
}

/// <summary>Calls on the same thread, unlike <see cref="Progress{T}"/>, so that nothing is told late.</summary>
sealed class Told(Action<GrowthProgress> tell) : IProgress<GrowthProgress>
{
    public void Report(GrowthProgress value) => tell(value);
}
