using System.Text.Json;
using System.Text.Json.Serialization;

namespace TorchBrain.Native.Tuning;

/// <summary>The fields that say what a file is, in every version.</summary>
sealed record TuningFileHeader(string? Format, int Version);

/// <summary>A tuning file as it is written.</summary>
sealed record TuningFileText
{
    public string? Format { get; set; }
    public int Version { get; set; }
    public List<TuningEntryText?>? Entries { get; set; }
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>An entry as it is written.</summary>
sealed record TuningEntryText
{
    public string? Backend { get; set; }
    public string? Device { get; set; }
    public string? Shape { get; set; }
    public string? Network { get; set; }
    public double Speedup { get; set; } = 1;
    public Dictionary<string, string>? Settings { get; set; }
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }

    /// <summary>What is missing; null if nothing is.</summary>
    [JsonIgnore]
    public string? Problem => Backend is null ? "no backend" : Device is null ? "no device" : Shape is null ? "no shape" : Settings is null ? "no settings" : Settings.Values.Any(w => w is null) ? "a setting is null" : null;

    public TuningEntry ToEntry() => new(Backend!, Device!, Shape!, new TuningSettings(Settings!), Speedup) { Network = Network };

    /// <summary>An entry in the place of an earlier one, whose unknown fields stay.</summary>
    public static TuningEntryText Of(TuningEntry entry, TuningEntryText? earlier) => new()
    {
        Backend = entry.Backend,
        Device = entry.Device,
        Shape = entry.Shape,
        Network = entry.Network,
        Speedup = Math.Round(entry.Speedup, 3),
        Settings = new Dictionary<string, string>(entry.Settings.Words),
        Unknown = earlier?.Unknown,
    };
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TuningFileHeader))]
[JsonSerializable(typeof(TuningFileText))]
sealed partial class TuningJson : JsonSerializerContext;
