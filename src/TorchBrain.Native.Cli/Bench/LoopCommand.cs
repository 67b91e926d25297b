using System.CommandLine;
using System.Globalization;
using System.Text;

namespace TorchBrain.Native.Cli;

/// <summary><c>torchbrain bench loop</c>: latency with a host in the loop of every step.</summary>
sealed class LoopCommand(CommandEnvironment environment)
{
    static readonly string[] s_columns = ["neurons", "synapses", "steps", "p50 us", "p99 us", "p99.9 us", "max us", "allocated bytes"];

    readonly CommonOptions _common = new("bench loop");
    readonly Option<int> _neurons = OptionMaker.Whole("--neurons", 100_000, 5, 10_000_000, "Neurons.");
    readonly Option<int> _synapses = OptionMaker.Whole("--synapses", 100, 5, 10_000, "Synapses onto each neuron.");
    readonly Option<int> _steps = OptionMaker.Whole("--steps", 5000, 1, 10_000_000, "Steps of 1 ms.");

    public Command Build()
    {
        var command = new Command("loop", "Measure the latency of a closed loop: set the current of all neurons, step, read all spikes.") { _neurons, _synapses, _steps };
        _common.AddTo(command);
        command.SetAction(Run);
        return command;
    }

    int Run(ParseResult parsed)
    {
        var settings = _common.Read(parsed, environment);
        var ui = new ConsoleUi(environment, settings);
        using var folder = OutputFolder.Open(settings.Output);
        ui.Say("Running the loop ...");
        // No bars: whoever draws them would allocate beside the loop.
        using var backend = settings.OpenBackend(settings.Threads);
        using var loop = new ClosedLoop(parsed.GetValue(_neurons), parsed.GetValue(_synapses), settings.Seed, backend);
        var report = new RunReport
        {
            Command = settings.Command,
            Seed = settings.Seed,
            Options = new OptionsPart { Threads = settings.Threads, Backend = OptionMaker.Word(settings.Backend) },
            Loop = loop.Run(parsed.GetValue(_steps), environment.Cancellation),
        };
        report = report with { Cancelled = report.Loop is null, SpikeHash = report.Loop?.SpikeHash };
        if (report.Loop is { } part)
            AtomicFile.Write(folder.PathOf("loop.md"), Markdown(report, part));
        report = report with { Files = [.. folder.Files] };
        folder.Commit(report.ToJson());
        if (report.Loop is null)
            return RunEnd.Of(ui, environment, report, folder, "nothing measured");
        BenchPage.Show(ui, "Closed loop", s_columns, [Row(report.Loop)]);
        ui.Say(report.Loop.How);
        var code = RunEnd.Of(ui, environment, report, folder, string.Create(CultureInfo.InvariantCulture, $"median {report.Loop.MedianUs:0} us, p99 {report.Loop.P99Us:0} us, {report.Loop.AllocatedBytes} bytes allocated"));
        return Verdict(report.Loop, environment.Error, code);
    }

    /// <summary>The exit code: 1 where the loop allocated.</summary>
    internal static int Verdict(LoopPart loop, TextWriter error, int code)
    {
        if (loop.AllocatedBytes == 0)
            return code;
        error.WriteLine(ErrorCode.LoopAllocates + $" The loop allocated {loop.AllocatedBytes} bytes in {loop.Steps} steps; it must allocate none.");
        return TorchBrainCommand.UserError;
    }

    static string[] Row(LoopPart l) =>
    [
        Tables.Count(l.Neurons), Tables.Count(l.Synapses), Tables.Count(l.Steps), BenchPage.Three(l.MedianUs), BenchPage.Three(l.P99Us), BenchPage.Three(l.P999Us), BenchPage.Three(l.MaxUs), Tables.Count(l.AllocatedBytes),
    ];

    static string Markdown(RunReport report, LoopPart loop)
    {
        var text = new StringBuilder("# torchbrain bench loop\n\n");
        text.Append(CultureInfo.InvariantCulture, $"torchbrain {report.Versions.Torchbrain}, {report.Versions.Dotnet}, {report.Machine.Os}. {loop.Processor}, {report.Machine.Cores} cores, {report.Machine.VectorBits}-bit vectors.\n");
        BenchPage.Table(text, s_columns, [Row(loop)]);
        text.Append(CultureInfo.InvariantCulture, $"\nAn iteration sets the current of every neuron, runs a step of 1 ms and reads all spikes. {BenchPage.Three(loop.SpikesPerStep)} spikes a step; seed {report.Seed}; spike hash {loop.SpikeHash}; {loop.How}\n");
        return text.ToString();
    }
}
