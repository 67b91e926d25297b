using System.Diagnostics;

namespace TorchBrain.Native.Cli;

/// <summary>Memory of this process as the system counts it.</summary>
static class ProcessMemory
{
    /// <summary>With fewer synapses the rest of the process is not small beside them.</summary>
    public const long FewestSynapses = 500_000;

    /// <summary>Bytes in memory now, without what is no longer used.</summary>
    public static long Resident()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    /// <summary>The most that was in memory since the process began.</summary>
    public static long Peak()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
