using System.CommandLine;
using TorchBrain.Native.Cpu;
using TorchBrain.Native.Cuda;
using TorchBrain.Native.Tuning;

namespace TorchBrain.Native.Cli;

enum BackendChoice
{
    Cpu,
    Cuda,
}

/// <summary>What every command is told.</summary>
sealed record CommonSettings(string Command, ulong Seed, int Threads, BackendChoice Backend, int Device, string Output, bool Json, bool Quiet)
{
    /// <summary>Threads to use where the command itself divides the work.</summary>
    public int Workers => Threads > 0 ? Threads : Environment.ProcessorCount;

    /// <summary>What was tuned for networks; null to use the defaults.</summary>
    public TuningFile? Tuning { get; init; }

    /// <summary>The backend chosen; on the CPU with the given threads, 0 lets it choose by the size of the network. With a tuning file, each network runs with what is known about it.</summary>
    public IBackend OpenBackend(int threads) => Tuning is { } file ? new TunedBackend(file, Target(threads)) : Target(threads).Open(TuningSettings.Defaults);

    /// <summary>The backend chosen, as something to tune.</summary>
    public ITunable Target(int threads) => Backend == BackendChoice.Cuda ? new CudaTarget(new CudaOptions { Device = Device }) : new CpuTarget(new CpuOptions { Threads = threads });
}

/// <summary>The options that all commands share.</summary>
sealed class CommonOptions
{
    readonly string _command;
    readonly Option<ulong> _seed = OptionMaker.Seed();
    readonly Option<int> _threads = OptionMaker.Whole("--threads", 0, 0, 1024, "Threads at most; 0 uses all cores where they help. The spikes do not depend on it.");
    readonly Option<BackendChoice?> _backend = OptionMaker.Choice("--backend", BackendChoice.Cpu, "Where to run: on the processor, or on an NVIDIA device. The spikes are the same.");
    readonly Option<int> _device = OptionMaker.Whole("--device", 0, 0, 1023, "Number of the CUDA device, for --backend cuda; torchbrain info lists them.");
    readonly Option<string?> _tuning = OptionMaker.Text("--tuning", "FILE", "Run with the settings that torchbrain tune found for networks like this on this device. The spikes are the same.");
    readonly Option<string?> _output;
    readonly Option<bool> _json = OptionMaker.Switch("--json", "Print run.json to standard output, and nothing else.");
    readonly Option<bool> _quiet = OptionMaker.Switch("--quiet", "Print errors and the final line only.");

    /// <param name="command">The words of the command.</param>
    /// <param name="writes">False where nothing is written unless --output is given.</param>
    public CommonOptions(string command, bool writes = true)
    {
        _command = command;
        _output = OptionMaker.Text("--output", "FOLDER", !writes ? "Folder for the results; without it nothing is written."
            : $"Folder for the results; created if missing, files of an earlier run are replaced. [default: torchbrain-output/{Folder(command)}]");
    }

    public void AddTo(Command command, bool runs = true, bool tuned = true)
    {
        if (runs)
        {
            command.Add(_seed);
            command.Add(_threads);
            command.Add(_backend);
            command.Add(_device);
            if (tuned)
                command.Add(_tuning);
        }
        command.Add(_output);
        command.Add(_json);
        command.Add(_quiet);
    }

    /// <summary>Reads them; a backend that is not there and a tuning file that cannot be used are refused here, before any work.</summary>
    public CommonSettings Read(ParseResult parsed, CommandEnvironment environment, bool runs = true, bool tuned = true)
    {
        var output = parsed.GetValue(_output) ?? (runs ? Path.Combine("torchbrain-output", Folder(_command)) : "");
        var settings = new CommonSettings(_command, runs ? parsed.GetValue(_seed) : 1, runs ? parsed.GetValue(_threads) : 0, runs ? parsed.Chosen(_backend, BackendChoice.Cpu) : BackendChoice.Cpu, runs ? parsed.GetValue(_device) : 0,
            output.Length == 0 ? "" : Path.GetFullPath(output, environment.CurrentFolder), parsed.GetValue(_json), parsed.GetValue(_quiet))
        {
            Tuning = runs && tuned && parsed.GetValue(_tuning) is { } file ? TuningFile.Load(Path.GetFullPath(file, environment.CurrentFolder)) : null,
        };
        if (settings.Backend == BackendChoice.Cuda && environment.InPlaceOfDevice is null && settings.Device >= CudaProbe.Machine.Devices.Count)
            RefuseDevice(settings.Device);
        return settings;
    }

    static string Folder(string command) => command.Replace(' ', '-');

    // Opening it says what is missing; what to do is said in words of the command.
    static void RefuseDevice(int device)
    {
        try
        {
            CudaContext.Open(device).Dispose();
        }
        catch (TorchBrainException e) when (e.Code == ErrorCode.CudaUnavailable)
        {
            throw new TorchBrainException(e.Code, e.What, "Install the NVIDIA driver, or give the container access to the device. On the CPU the spikes are the same: leave --backend out, or use --backend cpu.", e);
        }
    }
}
