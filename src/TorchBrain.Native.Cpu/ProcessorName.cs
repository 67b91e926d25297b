using System.Runtime.InteropServices;

namespace TorchBrain.Native.Cpu;

/// <summary>The processor of this machine.</summary>
static class ProcessorName
{
    /// <summary>Its name as the system gives it; the architecture where it gives none.</summary>
    public static string Find()
    {
        const string Linux = "/proc/cpuinfo";
        try
        {
            if (OperatingSystem.IsLinux() && File.Exists(Linux) && File.ReadLines(Linux).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) is { } line)
                return line[(line.IndexOf(':') + 1)..].Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A name is not worth an error.
        }
        return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? $"{RuntimeInformation.ProcessArchitecture} processor";
    }
}
