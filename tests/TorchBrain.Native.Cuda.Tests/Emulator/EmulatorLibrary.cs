using System.Runtime.InteropServices;
using System.Text;

namespace TorchBrain.Native.Tests;

/// <summary>
/// The CUDA emulator of <c>tests/emulator</c>: one library that looks like the driver and like NVRTC, built on this machine.
/// Point the variable that names a folder with the CUDA libraries at <see cref="Folder"/> before CUDA is first used.
/// </summary>
sealed class EmulatorLibrary
{
    static readonly Lazy<(EmulatorLibrary? Library, string Why)> s_built = new(Build);

    readonly SetNumber _setSeed, _setMemory;
    readonly SetFlag _setCheck, _setLazy, _setFatal, _setDevices;
    readonly Act _reset, _clearReport;
    readonly Report _report;
    readonly Counters _counters;

    EmulatorLibrary(string folder)
    {
        Folder = folder;
        var handle = NativeLibrary.Load(Path.Combine(folder, "libcuda.so.1"));
        T Function<T>(string name) where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(handle, name));
        _setSeed = Function<SetNumber>("tbnemu_set_seed");
        _setMemory = Function<SetNumber>("tbnemu_set_memory");
        _setCheck = Function<SetFlag>("tbnemu_set_check");
        _setLazy = Function<SetFlag>("tbnemu_set_lazy");
        _setFatal = Function<SetFlag>("tbnemu_set_fatal");
        _setDevices = Function<SetFlag>("tbnemu_set_devices");
        _reset = Function<Act>("tbnemu_reset");
        _clearReport = Function<Act>("tbnemu_clear_report");
        _report = Function<Report>("tbnemu_report");
        _counters = Function<Counters>("tbnemu_counters");
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    delegate void SetNumber(ulong value);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    delegate void SetFlag(int value);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    delegate void Act();

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    delegate int Report(byte[]? buffer, int size);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    delegate void Counters([Out] ulong[] values, int count);

    /// <summary>The folder with <c>libcuda.so.1</c> and <c>libnvrtc.so.12</c>, which are one file.</summary>
    public string Folder { get; }

    /// <summary>Builds and loads the emulator, once per process; null and the reason where that cannot be.</summary>
    public static EmulatorLibrary? TryBuild(out string why)
    {
        why = s_built.Value.Why;
        return s_built.Value.Library;
    }

    /// <summary>The order in which blocks, threads and streams run: 0 is first come, first served; any other value a random schedule.</summary>
    public static void SetSeed(ulong seed) => Loaded._setSeed(seed);

    /// <summary>Race, bounds and initialisation checks, for programs that NVRTC compiles from now on.</summary>
    public static void SetCheck(bool on) => Loaded._setCheck(on ? 1 : 0);

    /// <summary>Whether asynchronous work waits for the next synchronisation.</summary>
    public static void SetLazy(bool on) => Loaded._setLazy(on ? 1 : 0);

    /// <summary>Whether findings that need not stop a launch (races, uninitialised reads) make it fail all the same. They do unless switched off.</summary>
    public static void SetFatal(bool on) => Loaded._setFatal(on ? 1 : 0);

    /// <summary>Memory of each device, bytes.</summary>
    public static void SetMemory(ulong bytes) => Loaded._setMemory(bytes);

    /// <summary>The number of devices.</summary>
    public static void SetDevices(int count) => Loaded._setDevices(count);

    /// <summary>Forgets the sticky errors of all contexts.</summary>
    public static void Reset() => Loaded._reset();

    /// <summary>What the checks have found, one line per finding.</summary>
    public static IReadOnlyList<string> Findings()
    {
        var buffer = new byte[1 << 20];
        _ = Loaded._report(buffer, buffer.Length);
        return Encoding.UTF8.GetString(buffer, 0, Array.IndexOf(buffer, (byte)0)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Forgets the findings.</summary>
    public static void ClearReport() => Loaded._clearReport();

    /// <summary>What the emulator has counted since it was loaded.</summary>
    public static EmulatorCounts Counts()
    {
        var values = new ulong[6];
        Loaded._counters(values, values.Length);
        return new EmulatorCounts((long)values[0], (long)values[1], (long)values[2], (long)values[3], (long)values[4], (long)values[5]);
    }

    static EmulatorLibrary Loaded => s_built.Value.Library ?? throw new InvalidOperationException(s_built.Value.Why);

    static (EmulatorLibrary? Library, string Why) Build()
    {
        if (NativeBuild.Find(out var why) is not { } build)
            return (null, why);
        var folder = build.Build("core", "libcuda.so.1", ["-fPIC", "-fvisibility=hidden", $"-DTBN_COMPILER=\"{build.Compiler}\""], ["-shared", "-Wl,-soname,libcuda.so.1", "-Wl,-z,nodelete", "-Wl,-z,defs"], "libnvrtc.so.12", out why);
        if (folder is null)
            return (null, why);
        try
        {
            return (new EmulatorLibrary(folder), "");
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            return (null, $"the CUDA emulator was built but does not load: {e.Message}");
        }
    }
}

/// <summary>What the emulator has counted.</summary>
/// <param name="Launches">Kernel launches, those inside graphs included.</param>
/// <param name="GraphLaunches">Launches of graphs.</param>
/// <param name="Compilations">Runs of the C++ compiler.</param>
/// <param name="Bytes">Device memory in use.</param>
/// <param name="Allocations">Device allocations alive.</param>
/// <param name="CacheHits">Compilations that the cache saved.</param>
sealed record EmulatorCounts(long Launches, long GraphLaunches, long Compilations, long Bytes, long Allocations, long CacheHits);
