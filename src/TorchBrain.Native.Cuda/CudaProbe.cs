namespace TorchBrain.Native.Cuda;

/// <summary>
/// What this machine offers of CUDA: driver, devices, run-time compiler. It asks the real driver and never throws; a machine without CUDA is a clean result.
/// </summary>
public sealed record CudaProbe
{
    /// <summary>The environment variable that names a folder with the CUDA libraries, looked into before the system's own search path.</summary>
    public const string Variable = "TORCHBRAIN_CUDA_LIBRARIES";

    static readonly Lazy<CudaProbe> s_machine = new(Ask);

    /// <summary>Names and paths of the driver library that were tried, in order.</summary>
    public required IReadOnlyList<string> DriverTried { get; init; }
    /// <summary>The driver library that was loaded; null if there is none.</summary>
    public string? DriverLibrary { get; init; }
    /// <summary>The CUDA version the driver supports, for example <c>12.4</c>; null if unknown.</summary>
    public string? DriverVersion { get; init; }
    /// <summary>Why there is no device to use, in words; null if there is one.</summary>
    public string? Problem { get; init; }
    /// <summary>Devices.</summary>
    public IReadOnlyList<CudaDevice> Devices { get; init; } = [];
    /// <summary>Names and paths of NVRTC that were tried, in order.</summary>
    public required IReadOnlyList<string> RuntimeCompilerTried { get; init; }
    /// <summary>The NVRTC library that was loaded; null if there is none.</summary>
    public string? RuntimeCompilerLibrary { get; init; }
    /// <summary>Its version, for example <c>12.4</c>; null if there is none or it did not answer.</summary>
    public string? RuntimeCompilerVersion { get; init; }
    /// <summary>Compute capabilities that it compiles for, ascending, for example 90 for 9.0; empty if there is none or it did not answer.</summary>
    public IReadOnlyList<int> RuntimeCompilerArchitectures { get; init; } = [];

    /// <summary>One line for people: what was found.</summary>
    public string Summary => (DriverLibrary is null ? $"no CUDA driver (tried {string.Join(", ", DriverTried)})"
            : $"CUDA driver {DriverLibrary}{(DriverVersion is null ? "" : $" for CUDA {DriverVersion}")}")
        + (Devices.Count == 0 ? Problem is null || DriverLibrary is null ? "" : $"; {Problem}"
            : "; " + string.Join(", ", Devices.Select(d => $"device {d.Ordinal}: {d.Name}, compute capability {d.ComputeCapability}, {d.MemoryBytes / (double)(1L << 30):0.#} GiB")));

    /// <summary>Asks this machine; once per process, as a driver that is loaded stays loaded.</summary>
    public static CudaProbe Machine => s_machine.Value;

    static CudaProbe Ask()
    {
        var (driver, compiler) = (CudaLibrary.Driver, CudaLibrary.RuntimeCompiler);
        var probe = new CudaProbe
        {
            DriverTried = driver.Tried,
            DriverLibrary = driver.Found,
            RuntimeCompilerTried = compiler.Tried,
            RuntimeCompilerLibrary = compiler.Found,
            RuntimeCompilerVersion = NvrtcCompiler.Version is { } v ? $"{v.Major}.{v.Minor}" : null,
            RuntimeCompilerArchitectures = NvrtcCompiler.SupportedArchitectures,
        };
        if (driver.Found is null)
            return probe with { Problem = "there is no CUDA driver library" };
        try
        {
            var version = CudaDriver.DriverGetVersion(out var number) == CudaDriver.Success ? VersionText(number) : null;
            var (count, problem) = Start();
            CudaDevice[] devices = [.. from ordinal in Enumerable.Range(0, count) let device = CudaDevice.Of(ordinal) where device is not null select device];
            return probe with { DriverVersion = version, Devices = devices, Problem = problem ?? (devices.Length > 0 ? null : "no device answers") };
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException or BadImageFormatException)
        {
            return probe with { Problem = $"the library is no complete CUDA driver: {e.Message}" };
        }
    }

    /// <summary>Starts the driver and counts its devices; the problem, in words, if there is none.</summary>
    internal static (int Count, string? Problem) Start()
    {
        var result = CudaDriver.Init(0);
        if (result == CudaDriver.NoDevice)
            return (0, "the driver sees no device");
        if (result != CudaDriver.Success)
            return (0, $"the driver could not be started: {CudaDriver.NameOf(result)}");
        result = CudaDriver.DeviceGetCount(out var count);
        if (result != CudaDriver.Success)
            return (0, $"the driver could not count its devices: {CudaDriver.NameOf(result)}");
        return count > 0 ? (count, null) : (0, "the driver sees no device");
    }

    /// <summary>A version as CUDA numbers it, for example 12040, as people write it: <c>12.4</c>.</summary>
    internal static string VersionText(int number) => $"{number / 1000}.{number % 1000 / 10}";
}
