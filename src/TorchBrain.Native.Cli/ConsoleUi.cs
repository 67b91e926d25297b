using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace TorchBrain.Native.Cli;

/// <summary>What a run tells people. With --json standard output carries run.json alone, with --quiet the final line alone.</summary>
sealed class ConsoleUi
{
    readonly CommandEnvironment _environment;
    readonly bool _json, _quiet;
    readonly IAnsiConsole _console;

    public ConsoleUi(CommandEnvironment environment, CommonSettings settings)
    {
        (_environment, _json, _quiet) = (environment, settings.Json, settings.Quiet);
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(environment.Out),
            Ansi = environment.Interactive ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = environment.Interactive ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = environment.Interactive ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!environment.Interactive)
        {
            _console.Profile.Width = 120;
            _console.Profile.Capabilities.Unicode = true;
        }
    }

    bool Talks => !_json && !_quiet;

    /// <summary>A sentence.</summary>
    public void Say(string text)
    {
        if (Talks)
            _console.Write(new Text(text + "\n"));
    }

    /// <summary>A table.</summary>
    public void Show(IRenderable what)
    {
        if (!Talks)
            return;
        _console.WriteLine();
        _console.Write(what);
    }

    /// <summary>The end of a run: run.json, or the one line that --quiet leaves.</summary>
    public void End(string line, RunReport report)
    {
        if (_json)
            _environment.Out.Write(report.ToJson());
        else if (_quiet)
            _environment.Out.WriteLine(line);
        else
            _console.Write(new Text(line + "\n", new Style(decoration: Decoration.Bold)));
        _environment.Out.Flush();
    }

    /// <summary>Runs work that goes through stages, with bars where the terminal can move them, else with a line per stage.</summary>
    public T Stages<T>(IReadOnlyList<string> names, Func<IStages, T> work)
    {
        if (!Talks)
            return work(new SilentStages());
        if (!_environment.Interactive || !_console.Profile.Capabilities.Interactive)
            return work(new PlainStages(this));
        return _console.Progress().HideCompleted(false).AutoClear(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 30 }, new PercentageColumn(), new TimeColumn())
            .Start(context => work(new BarStages(context, names)));
    }

    /// <summary>A length of time for people.</summary>
    public static string Span(double seconds) => seconds < 60
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)(seconds / 60)} min {(int)seconds % 60:00} s");

    sealed class SilentStages : IStages
    {
        public void Report(string name, double fraction, string note = "") { }
        public void End(string name, string note = "") { }
        public void Stop(string name) { }
    }

    sealed class PlainStages(ConsoleUi ui) : IStages
    {
        readonly Dictionary<string, Stopwatch> _begun = [];

        public void Report(string name, double fraction, string note = "")
        {
            if (_begun.TryAdd(name, Stopwatch.StartNew()))
                ui.Say($"{name} ...");
        }

        public void Stop(string name) => ui.Say($"{name}: stopped");

        public void End(string name, string note = "")
        {
            Report(name, 1);
            ui.Say($"{name}: done in {Span(_begun[name].Elapsed.TotalSeconds)}{(note.Length > 0 ? ", " + note : "")}");
        }
    }

    sealed class BarStages : IStages
    {
        readonly Dictionary<string, ProgressTask> _tasks = [];

        public BarStages(ProgressContext context, IReadOnlyList<string> names)
        {
            foreach (var name in names)
                _tasks[name] = context.AddTask(Markup.Escape(name), autoStart: false, maxValue: 1);
        }

        public void Report(string name, double fraction, string note = "")
        {
            var task = _tasks[name];
            if (!task.IsStarted)
                task.StartTask();
            // A full bar would stop its clock: the end is told by End.
            task.Value = Math.Clamp(fraction, 0, 0.999);
            Describe(task, name, note);
        }

        public void End(string name, string note = "")
        {
            var task = _tasks[name];
            if (!task.IsStarted)
                task.StartTask();
            task.Value = 1;
            Describe(task, name, note);
            task.StopTask();
        }

        public void Stop(string name)
        {
            Describe(_tasks[name], name, "stopped");
            _tasks[name].StopTask();
        }

        static void Describe(ProgressTask task, string name, string note) => task.Description = Markup.Escape(name) + (note.Length > 0 ? $" [grey]{Markup.Escape(note)}[/]" : "");
    }

    /// <summary>Time left while a stage runs, time taken when it is done.</summary>
    sealed class TimeColumn : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        {
            if (task.ElapsedTime is not { TotalSeconds: var elapsed })
                return new Text("");
            if (task.Value >= 1 || task.StopTime is not null)
                return new Text(Span(elapsed), new Style(Color.Green));
            return task.Value > 0.02 && elapsed > 0.5 ? new Text($"about {Span(elapsed / task.Value * (1 - task.Value))} left", new Style(Color.Blue)) : new Text(Span(elapsed), new Style(Color.Blue));
        }
    }
}

/// <summary>Progress through the stages of a run.</summary>
interface IStages
{
    /// <summary>A stage runs; the first report begins it.</summary>
    void Report(string name, double fraction, string note = "");

    /// <summary>A stage is over.</summary>
    void End(string name, string note = "");

    /// <summary>A stage was stopped on the way.</summary>
    void Stop(string name);
}
