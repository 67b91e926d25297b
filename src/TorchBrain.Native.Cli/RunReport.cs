using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using TorchBrain.Native.Cpu;
using TorchBrain.Native.Cuda;
using TorchBrain.Native.Mnist;

namespace TorchBrain.Native.Cli;

/// <summary>What run.json says; parts that a command does not have are left out.</summary>
sealed record RunReport
{
    public const string ToolName = "torchbrain";

    /// <summary>Version and, where it was built from a repository, commit.</summary>
    public static string FullVersion { get; } = typeof(RunReport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static string ToolVersion { get; } = FullVersion.Split('+')[0];

    public int SchemaVersion { get; init; } = 1;
    public string Tool { get; init; } = ToolName;
    public required string Command { get; init; }
    /// <summary>What a growth told: pooling, damage, colony or stack.</summary>
    public string? Story { get; init; }
    public bool Cancelled { get; init; }
    public ulong? Seed { get; init; }
    public OptionsPart? Options { get; init; }
    public VersionsPart Versions { get; init; } = new(FullVersion, RuntimeInformation.FrameworkDescription);
    public MachinePart Machine { get; init; } = MachinePart.This();
    public DataPart? Data { get; init; }
    public double? TestAccuracy { get; init; }
    public double? TrainAccuracy { get; init; }
    public int? Features { get; init; }
    public string? SpikeHash { get; init; }
    public string? CountHash { get; init; }
    public GrowthPart? Growth { get; init; }
    public DamagePart? Damage { get; init; }
    public ColonyPart? Colony { get; init; }
    public StackPart? Stack { get; init; }
    public WavesPart? Waves { get; init; }
    public IReadOnlyList<BaselinePart>? Baselines { get; init; }
    /// <summary>Rows: true class; columns: predicted class.</summary>
    public int[][]? Confusion { get; init; }
    public BenchPart? Bench { get; init; }
    public NetworkRunPart? Network { get; init; }
    public ScalingPart? Scaling { get; init; }
    public LoopPart? Loop { get; init; }
    public BenchComparison? Comparison { get; init; }
    public VerifyPart? Verify { get; init; }
    public TunePart? Tune { get; init; }
    public CudaPart? Cuda { get; init; }
    /// <summary>Seconds per stage.</summary>
    public Dictionary<string, double>? Timings { get; init; }
    /// <summary>Files of this run beside run.json.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>The file's text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Default.RunReport).ReplaceLineEndings("\n") + "\n";
}

sealed record OptionsPart
{
    public required int Threads { get; init; }
    public required string Backend { get; init; }
    public string? Data { get; init; }
    public int? Hidden { get; init; }
    public int? Steps { get; init; }
    public int? Train { get; init; }
    public int? Test { get; init; }
    public bool? NoBaselines { get; init; }
    public int? Nodes { get; init; }
    public double? Side { get; init; }
    public double? Radius { get; init; }
    public string? Geometry { get; init; }
    public string? Excitability { get; init; }
    public int? Units { get; init; }
    public int? MaxSeconds { get; init; }
    public double? Seconds { get; init; }
    public string? Resume { get; init; }
    public IReadOnlyList<string>? Only { get; init; }
    public double? Scale { get; init; }
    public int? Repeats { get; init; }
    public bool? Quick { get; init; }
    public string? Network { get; init; }
    /// <summary>The tuning file that was written.</summary>
    public string? File { get; init; }
}

sealed record VersionsPart(string Torchbrain, string Dotnet);

sealed record MachinePart(string Os, string Architecture, int Cores, int VectorBits, long MemoryBytes)
{
    public static MachinePart This() => new(RuntimeInformation.OSDescription, OptionMaker.Word(RuntimeInformation.ProcessArchitecture), Environment.ProcessorCount,
        CpuBackend.NativeVectorBits, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
}

sealed record DataPart(string? Source, bool IsDrawn, bool IsCanonical, int Train, int Test, string Message, IReadOnlyList<string> Tried);

sealed record GrowthPart(int Seconds, bool Complete, int Units, int UnitsFormed, double? MeanField, double Coverage, double RateHz, int FormedBelow, IReadOnlyList<float> FormedBySecond, int FirstSecond)
{
    public static GrowthPart Of(GrowthResult growth, IReadOnlyList<float> formed, int firstSecond) => new(firstSecond + formed.Count - 1, growth.Complete, growth.Layer.Units,
        growth.Layer.Formed, RunReportNumbers.Finite(growth.Layer.MeanField), growth.Layer.Coverage, growth.MeanRateHz, growth.Layer.Options.FormedBelow, formed, firstSecond);
}

sealed record WavesPart(double Seconds, double RateHz, double ActivePerFrame, double? Radius, double WaveFraction, double WavesPerSecond, double? FirstWaveMs, long Spikes, WavesPart? Expected = null)
{
    public static WavesPart Of(WaveStatistics s, long spikes) => new(s.Steps * 1e-3, s.MeanRateHz, s.ActivePerFrame, RunReportNumbers.Finite(s.Radius), s.WaveFraction, s.WavesPerSecond,
        RunReportNumbers.Finite(s.FirstWaveMs), spikes);
}

sealed record BaselinePart(string Name, int TrainingDigits, double TestAccuracy);

sealed record CudaPart(string? DriverLibrary, string? DriverVersion, string? Problem, IReadOnlyList<CudaDevicePart> Devices, string? NvrtcLibrary, string? NvrtcVersion,
    IReadOnlyList<string> DriverTried, IReadOnlyList<string> NvrtcTried)
{
    public static CudaPart Of(CudaProbe probe) => new(probe.DriverLibrary, probe.DriverVersion, probe.Problem,
        [.. probe.Devices.Select(d => new CudaDevicePart(d.Ordinal, d.Name, d.ComputeCapability, d.Multiprocessors, d.MemoryBytes))],
        probe.RuntimeCompilerLibrary, probe.RuntimeCompilerVersion, probe.DriverTried, probe.RuntimeCompilerTried);
}

sealed record CudaDevicePart(int Ordinal, string Name, string ComputeCapability, int Multiprocessors, long MemoryBytes);

static class RunReportNumbers
{
    /// <summary>Null where JSON has no number for it.</summary>
    public static double? Finite(double value) => double.IsFinite(value) ? value : null;
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunReport))]
sealed partial class ReportJson : JsonSerializerContext;
