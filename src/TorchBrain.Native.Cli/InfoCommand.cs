using System.CommandLine;
using System.Diagnostics;
using TorchBrain.Native.Cuda;
using TorchBrain.Native.Mnist;

namespace TorchBrain.Native.Cli;

/// <summary><c>torchbrain info</c>: what this machine offers and what torchbrain finds.</summary>
sealed class InfoCommand(CommandEnvironment environment)
{
    public const string Name = "info";

    readonly CommonOptions _common = new(Name, writes: false);

    public Command Build()
    {
        var command = new Command(Name, "Show versions, processor, data folders and CUDA as torchbrain finds them. Fetches nothing.");
        _common.AddTo(command, runs: false);
        command.SetAction(Run);
        return command;
    }

    int Run(ParseResult parsed)
    {
        var settings = _common.Read(parsed, environment, runs: false);
        var watch = Stopwatch.StartNew();
        var digits = DigitSource.Resolve(null, new DigitSourceOptions { Environment = environment.Variables, Download = null, DrawnTrain = 1, DrawnTest = 1 }, environment.Cancellation);
        var probe = CudaProbe.Machine;
        var report = new RunReport
        {
            Command = settings.Command,
            Data = digits.Data.IsDrawn
                ? new DataPart(null, true, false, 0, 0, "MNIST was not found; torchbrain mnist would fetch it or, without network, use drawn digits.", [.. digits.Tried.Where(t => !t.StartsWith("download:", StringComparison.Ordinal))])
                : new DataPart(digits.Data.Source, false, digits.Data.IsCanonical, digits.Data.Train.Count, digits.Data.Test.Count, digits.Message, digits.Tried),
            Cuda = CudaPart.Of(probe),
            Timings = new() { ["info"] = watch.Elapsed.TotalSeconds },
        };
        if (settings.Output.Length > 0)
        {
            using var folder = OutputFolder.Open(settings.Output);
            folder.Commit(report.ToJson());
        }
        var ui = new ConsoleUi(environment, settings);
        Show(ui, report, probe);
        ui.End($"torchbrain {RunReport.ToolVersion}: {report.Machine.Cores} cores, {report.Machine.VectorBits}-bit vectors, {(report.Data.IsDrawn ? "no MNIST" : "MNIST found")}, "
            + (probe.Devices.Count > 0 ? $"{probe.Devices.Count} CUDA device{(probe.Devices.Count == 1 ? "" : "s")}" : "no CUDA device"), report);
        return TorchBrainCommand.Success;
    }

    void Show(ConsoleUi ui, RunReport report, CudaProbe probe)
    {
        var table = Tables.New("torchbrain", "", "");
        table.Columns[1].Alignment = Spectre.Console.Justify.Left;
        table.Row("version", report.Versions.Torchbrain);
        table.Row(".NET", report.Versions.Dotnet);
        table.Row("system", $"{report.Machine.Os}, {report.Machine.Architecture}");
        table.Row("processor", $"{report.Machine.Cores} cores, {report.Machine.VectorBits}-bit vectors");
        table.Row("memory", $"{Tables.Number(report.Machine.MemoryBytes / (double)(1L << 30))} GiB");
        table.Row("digits", report.Data!.Message);
        foreach (var tried in report.Data.Tried)
            table.Row("  tried", tried);
        table.Row("  cache of downloads", DigitSource.CacheFolder(environment.Variables));
        table.Row("backends", probe.Devices.Count > 0 && probe.RuntimeCompilerLibrary is not null ? "cpu, cuda" : "cpu (cuda needs a driver, a device and NVRTC)");
        table.Row("CUDA driver", probe.DriverLibrary is null ? "not found" : $"{probe.DriverLibrary}, for CUDA {probe.DriverVersion ?? "(no answer)"}");
        if (probe.DriverLibrary is null)
            table.Row("  tried", string.Join(", ", probe.DriverTried));
        table.Row("CUDA devices", probe.Devices.Count == 0 ? probe.Problem ?? "none" : string.Join('\n', probe.Devices.Select(d =>
            $"{d.Ordinal}: {d.Name}, compute capability {d.ComputeCapability}, {d.Multiprocessors} multiprocessors, {Tables.Number(d.MemoryBytes / (double)(1L << 30))} GiB")));
        table.Row("NVRTC", probe.RuntimeCompilerLibrary is null ? "not found" : $"{probe.RuntimeCompilerLibrary}, version {probe.RuntimeCompilerVersion ?? "(no answer)"}");
        if (probe.RuntimeCompilerLibrary is null)
            table.Row("  tried", string.Join(", ", probe.RuntimeCompilerTried));
        table.Row("CUDA libraries folder", environment.Variables(CudaProbe.Variable) ?? $"{CudaProbe.Variable} is not set");
        ui.Show(table);
    }
}
