using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace TorchBrain.Native.Tests;

/// <summary>A target of clang: the one asked for and the one that is compiled for instead where clang is too old for it.</summary>
sealed record ClangTarget(string Asked, string Architecture, string PtxFeature);

/// <summary>
/// Compiles kernels to PTX with clang's device pass. It needs no toolkit: <c>tests/device-compile/prelude.cuh</c> has the vocabulary. Sources lie in a temporary folder under
/// the names by which NVRTC gets them.
/// </summary>
sealed partial class ClangCompiler
{
    /// <summary>Architectures that NVRTC 12.4 does not know yet.</summary>
    public static readonly string[] Architectures = ["sm_100", "sm_120"];

    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    static readonly Lazy<(ClangCompiler? Compiler, string? Problem)> s_found = new(Find);

    readonly string _program;
    readonly int _version;

    ClangCompiler(string program, int version, string description)
    {
        (_program, _version, Description) = (program, version, description);
        Targets = [.. Architectures.Select(TargetFor)];
    }

    /// <summary>The compiler; null if there is none.</summary>
    public static ClangCompiler? Found => s_found.Value.Compiler;

    /// <summary>Why there is none and what to do; null if there is one.</summary>
    public static string? Problem => s_found.Value.Problem;

    public string Description { get; }

    /// <summary>What it compiles for, in the order of <see cref="Architectures"/>.</summary>
    public IReadOnlyList<ClangTarget> Targets { get; }

    /// <summary>A folder with kernel texts as the compiler needs them.</summary>
    public static string WriteSources(KernelSources sources)
    {
        var folder = Directory.CreateTempSubdirectory("tbn-kernels-").FullName;
        foreach (var (name, text) in sources.Headers.Concat(sources.Files.Select(f => (f, sources.Text(f)))))
        {
            var path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
        using var prelude = typeof(ClangCompiler).Assembly.GetManifestResourceStream("prelude.cuh")!;
        using var file = File.Create(Path.Combine(folder, "prelude.cuh"));
        prelude.CopyTo(file);
        return folder;
    }

    /// <summary>Compiles to PTX.</summary>
    /// <returns>The PTX and everything the compiler said; warnings are errors, so no PTX comes with them.</returns>
    public (string Ptx, string Log) Compile(string folder, KernelUnit unit, ClangTarget target, params IReadOnlyList<string> extra)
    {
        using var made = new GeneratedHeader(unit);
        var (exit, output, log) = Run(_program,
        [
            "-x", "cuda", "--cuda-device-only", "-nocudainc", "-nocudalib", $"--cuda-gpu-arch={target.Architecture}", $"--cuda-feature=+{target.PtxFeature}", "-std=c++17", "-O2", "-S",
            "-Wall", "-Wextra", "-Werror", "-ffp-contract=off", "-nostdinc", "-Xclang", "-fno-cuda-host-device-constexpr", "-fno-color-diagnostics",
            "-include", Path.Combine(folder, "prelude.cuh"), "-I", folder, .. made.Options, .. unit.Defines.Select(d => "-D" + d), .. extra, Path.Combine(folder, unit.File), "-o", "-",
        ]);
        return exit == 0 ? (output, log) : ("", $"clang exited with {exit}: {log}");
    }

    ClangTarget TargetFor(string asked)
    {
        var folder = WriteSources(KernelSources.FromText(new Dictionary<string, string> { ["probe.cu"] = "extern \"C\" __global__ void probe() {}\n" }));
        try
        {
            foreach (var feature in new[] { "ptx88", "ptx87", "ptx86" })
                if (_version >= 20 && new ClangTarget(asked, asked, feature) is var target && Compile(folder, new KernelUnit("probe.cu", []), target).Ptx.Length > 0)
                    return target;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        return new ClangTarget(asked, asked == Architectures[^1] ? "sm_90a" : "sm_90", "ptx85");
    }

    static (ClangCompiler?, string?) Find()
    {
        var named = Environment.GetEnvironmentVariable(Tools.ClangPath);
        string[] names = string.IsNullOrWhiteSpace(named) ? ["clang-22", "clang-21", "clang-20", "clang-19", "clang"] : [named];
        foreach (var name in names)
            try
            {
                var (exit, output, _) = Run(name, ["--version"]);
                if (exit == 0 && Version().Match(output) is { Success: true } match && int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) is >= 19 and var version)
                    return (new ClangCompiler(name, version, output.Split('\n')[0].Trim()), null);
            }
            catch (Win32Exception)
            {
                // Not here under this name.
            }
        return (null, $"There is no clang 19 or later: tried {string.Join(", ", names)}. Install clang-22 or clang-19, or name the program in {Tools.ClangPath}.");
    }

    static (int Exit, string Output, string Log) Run(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, log) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (process.WaitForExit(s_patience) && Task.WhenAll(output, log).Wait(s_patience))
            return (process.ExitCode, output.Result, log.Result);
        process.Kill(entireProcessTree: true);
        return (-1, "", $"no answer within {s_patience.TotalSeconds} s");
    }

    [GeneratedRegex(@"clang version (\d+)\.")]
    private static partial Regex Version();
}
