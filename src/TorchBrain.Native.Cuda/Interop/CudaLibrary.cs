using System.Reflection;
using System.Runtime.InteropServices;

namespace TorchBrain.Native.Cuda;

/// <summary>Finds one native library and remembers where it looked. Nothing here throws: absence is a result.</summary>
sealed class CudaLibrary
{
    /// <summary>Names in the interop declarations.</summary>
    public const string DriverName = "cuda", RuntimeCompilerName = "nvrtc";

    static CudaLibrary() => NativeLibrary.SetDllImportResolver(typeof(CudaLibrary).Assembly, Resolve);

    CudaLibrary(bool toolkit, params string[] names)
    {
        List<string> tried = [];
        foreach (var candidate in Candidates(names).Concat(toolkit ? InToolkits(names) : []))
        {
            tried.Add(candidate);
            if (!NativeLibrary.TryLoad(candidate, out var handle))
                continue;
            (Handle, Found) = (handle, candidate);
            break;
        }
        Tried = tried;
    }

    /// <summary>The driver.</summary>
    public static CudaLibrary Driver { get; } = OperatingSystem.IsWindows() ? new(false, "nvcuda.dll") : new(false, "libcuda.so.1");

    /// <summary>The run-time compiler, newest first.</summary>
    public static CudaLibrary RuntimeCompiler { get; } = OperatingSystem.IsWindows()
        ? new(true, "nvrtc64_130_0.dll", "nvrtc64_120_0.dll", "nvrtc64_112_0.dll")
        : new(true, "libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so.11.2", "libnvrtc.so");

    /// <summary>The loaded library; 0 if there is none.</summary>
    public nint Handle { get; }

    /// <summary>The path or name that worked; null if none did.</summary>
    public string? Found { get; }

    /// <summary>Paths and names in the order they were tried.</summary>
    public IReadOnlyList<string> Tried { get; }

    static IEnumerable<string> Candidates(string[] names)
    {
        var folder = Environment.GetEnvironmentVariable(CudaProbe.Variable);
        if (!string.IsNullOrWhiteSpace(folder))
            foreach (var name in names)
                yield return Path.Combine(folder, name);
        foreach (var name in names)
            yield return name;
    }

    // Beside the program, and where the CUDA toolkit is usually installed. A folder without the library is named once, not once per version.
    static IEnumerable<string> InToolkits(string[] names)
    {
        List<string> folders = [AppContext.BaseDirectory];
        foreach (var root in (string?[])[Environment.GetEnvironmentVariable("CUDA_PATH"), Environment.GetEnvironmentVariable("CUDA_HOME"), OperatingSystem.IsWindows() ? null : "/usr/local/cuda"])
            if (!string.IsNullOrWhiteSpace(root))
                folders.AddRange(OperatingSystem.IsWindows() ? [Path.Combine(root, "bin", "x64"), Path.Combine(root, "bin")] : [Path.Combine(root, "lib64")]);
        return folders.Distinct().SelectMany(folder => names.Select(name => Path.Combine(folder, name)).Where(File.Exists).DefaultIfEmpty(Path.Combine(folder, names[0])));
    }

    static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name switch
    {
        DriverName => Driver.Handle,
        RuntimeCompilerName => RuntimeCompiler.Handle,
        _ => 0,
    };
}
