using System.Text.Json;

namespace TorchBrain.Native.Cli;

/// <summary>Reads what an earlier bench wrote.</summary>
static class BenchFile
{
    /// <summary>The report of a bench, from run.json or from the folder that holds it.</summary>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.ReportUnusable"/>.</exception>
    public static RunReport Read(string path)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, OutputFolder.ReportName) : path;
        try
        {
            var bytes = File.ReadAllBytes(file);
            using (var document = JsonDocument.Parse(bytes))
                if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("tool", out var tool) || tool.ValueKind != JsonValueKind.String || !tool.ValueEquals(RunReport.ToolName))
                    throw Refused($"{file} was not written by torchbrain.");
            var report = JsonSerializer.Deserialize(bytes, ReportJson.Default.RunReport);
            if (report?.SchemaVersion != 1)
                throw Refused($"{file} has schema version {report?.SchemaVersion}; this torchbrain reads version 1.");
            if (report.Bench?.Networks is not { Count: > 0 } networks)
                throw Refused($"{file} holds no network of torchbrain bench (its command is '{report.Command}').");
            if (networks.Any(n => n is null || !(n.StepUs > 0 && n.StepUsLow > 0 && n.StepUsHigh >= n.StepUsLow) || string.IsNullOrEmpty(n.Name) || string.IsNullOrEmpty(n.SpikeHash)))
                throw Refused($"{file} is damaged: a network has no name, no spikes or no times.");
            return networks.DistinctBy(n => n.Name).Count() == networks.Count ? report : throw Refused($"{file} is damaged: a network stands in it twice.");
        }
        catch (JsonException e)
        {
            throw Refused($"{file} is damaged: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw Refused($"{file} cannot be read: {e.Message}", e);
        }
    }

    static TorchBrainException Refused(string what, Exception? inner = null) =>
        new(ErrorCode.ReportUnusable, what, "Name a run.json that torchbrain bench wrote, or the folder it is in.", inner);
}
