using System.Runtime.InteropServices;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// Pages of 2 MiB instead of 4 KiB for large buffers, so that rows spread over gigabytes do not cost a walk of the page table each. On Linux the kernel is asked (it may
/// decline, which only costs speed); elsewhere nothing is done.
/// </summary>
static partial class HugePages
{
    public const nuint Size = 2 << 20;

    /// <summary>Buffers of at least this many bytes are aligned for huge pages.</summary>
    public const nuint WorthIt = 4 * Size;

    const int UseHugePages = 14, UseNoHugePages = 15; // MADV_HUGEPAGE, MADV_NOHUGEPAGE

    /// <summary>Whether the system can be asked.</summary>
    public static bool Available { get; } = OperatingSystem.IsLinux();

    /// <summary>Asks for huge pages, or that there be none where the system would lend them unasked.</summary>
    public static unsafe void Advise(void* start, nuint bytes, bool huge)
    {
        if (Available)
            _ = MemoryAdvise(start, bytes, huge ? UseHugePages : UseNoHugePages);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static unsafe partial int MemoryAdvise(void* start, nuint length, int advice);
}
