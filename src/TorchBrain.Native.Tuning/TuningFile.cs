using System.Text.Json;
using TorchBrain.Native.Cpu;
using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Tuning;

/// <summary>What was found for plans of one shape on one device.</summary>
/// <param name="Backend">Name of the backend.</param>
/// <param name="Device">The device: see <see cref="ITunable.Device"/>.</param>
/// <param name="Shape">The shape: see <see cref="PlanShape"/>.</param>
/// <param name="Settings">The settings; names that this version does not know are kept and passed over.</param>
/// <param name="Speedup">Time of the defaults / time with the settings when they were found.</param>
public sealed record TuningEntry(string Backend, string Device, string Shape, TuningSettings Settings, double Speedup)
{
    /// <summary>The network that was tuned, for people.</summary>
    public string? Network { get; init; }

    /// <summary>The entry of a report.</summary>
    public static TuningEntry Of(TuningReport report, string? network = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        return new TuningEntry(report.Backend, report.Device, report.Shape, report.Settings, report.Speedup) { Network = network };
    }
}

/// <summary>A file of tuned settings, by device and shape of the plan. Immutable; fields that this version does not know are kept.</summary>
public sealed class TuningFile
{
    /// <summary>The version that this library reads and writes.</summary>
    public const int Version = 1;

    const string Format = "torchbrain-tuning";

    readonly TuningFileText _text;

    TuningFile(TuningFileText text) => _text = text;

    /// <summary>A file without entries.</summary>
    public static TuningFile Empty { get; } = new(new TuningFileText { Format = Format, Version = Version, Entries = [] });

    /// <summary>The entries.</summary>
    public IReadOnlyList<TuningEntry> Entries => [.. _text.Entries!.Select(e => e!.ToEntry())];

    /// <summary>Reads a file.</summary>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.DataMissing"/>: it cannot be read. <see cref="ErrorCode.TuningFileDamaged"/>, <see cref="ErrorCode.TuningFileNewer"/>.</exception>
    public static TuningFile Load(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new TorchBrainException(ErrorCode.DataMissing, $"{path}: the tuning file cannot be read: {e.Message}", "Name a file that 'torchbrain tune' wrote, or leave it out: the defaults give the same spikes.", e);
        }
        try
        {
            var header = JsonSerializer.Deserialize(bytes, TuningJson.Default.TuningFileHeader);
            if (header?.Format != Format)
                throw Damaged(path, $"\"format\" is not \"{Format}\"");
            if (header.Version > Version)
                throw new TorchBrainException(ErrorCode.TuningFileNewer, $"{path}: version {header.Version} of the format; this library reads up to version {Version}.", "Use a newer TorchBrain.Native, or tune anew into another file.");
            var text = JsonSerializer.Deserialize(bytes, TuningJson.Default.TuningFileText)!;
            if (header.Version < 1 || text.Entries is null)
                throw Damaged(path, header.Version < 1 ? $"\"version\" is {header.Version}" : "\"entries\" is missing");
            for (var k = 0; k < text.Entries.Count; k++)
                if ((text.Entries[k] is { } entry ? entry.Problem : "nothing is there") is { } problem)
                    throw Damaged(path, $"entries[{k}] is incomplete: {problem}");
            return new TuningFile(text);
        }
        catch (JsonException e)
        {
            throw Damaged(path, $"line {e.LineNumber + 1}, at {e.Path ?? "$"}: {e.Message.Split(" Path:")[0]}", e);
        }
    }

    static TorchBrainException Damaged(string path, string what, Exception? inner = null) =>
        new(ErrorCode.TuningFileDamaged, $"{path}: {what}.", "Mend it, or remove the file and tune anew; the defaults give the same spikes.", inner);

    /// <summary>Writes the file: whole or not at all.</summary>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.FileNotWritable"/>.</exception>
    public void Save(string path) => AtomicFile.Write(path, JsonSerializer.Serialize(_text, TuningJson.Default.TuningFileText).ReplaceLineEndings("\n") + "\n");

    /// <summary>What was found for a plan on a device; null if nothing was.</summary>
    public TuningEntry? Find(ITunable target, NetworkPlan plan)
    {
        ArgumentNullException.ThrowIfNull(target);
        var shape = PlanShape.Of(plan);
        return Entries.LastOrDefault(e => e.Backend == target.Backend && e.Device == target.Device && e.Shape == shape);
    }

    /// <summary>The file with an entry, which takes the place of an earlier one of the same backend, device and shape.</summary>
    public TuningFile With(TuningEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        bool Same(TuningEntryText? e) => (e!.Backend, e.Device, e.Shape) == (entry.Backend, entry.Device, entry.Shape);
        var earlier = _text.Entries!.FindLast(Same);
        return new TuningFile(_text with { Entries = [.. _text.Entries!.Where(e => !Same(e)), TuningEntryText.Of(entry, earlier)] });
    }

    /// <summary>Options of the CPU backend for a plan: those tuned, on top of the given ones.</summary>
    public CpuOptions CpuOptions(NetworkPlan plan, CpuOptions? options = null)
    {
        var target = new CpuTarget(options);
        return target.Options(Find(target, plan)?.Settings ?? TuningSettings.Defaults);
    }

    /// <summary>Options of the CUDA backend for a plan: those tuned, on top of the given ones.</summary>
    public CudaOptions CudaOptions(NetworkPlan plan, CudaOptions? options = null)
    {
        var target = new CudaTarget(options);
        return target.Options(Find(target, plan)?.Settings ?? TuningSettings.Defaults);
    }
}
