using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace TorchBrain.Native.Tests;

/// <summary>Compiles C++ of <c>tests/emulator</c> into folders below the temporary one, named by a hash of everything that goes in.</summary>
sealed class NativeBuild
{
    static readonly string[] s_compilers = ["c++", "g++", "clang++"];

    NativeBuild(string compiler, string version) => (Compiler, Version) = (compiler, version);

    /// <summary>The C++ compiler found on the search path.</summary>
    public string Compiler { get; }

    /// <summary>What it says about itself.</summary>
    public string Version { get; }

    /// <summary>The folder with the sources.</summary>
    public static string Sources { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "emulator"));

    /// <summary>Looks for a compiler; null and the reason where nothing can be built.</summary>
    public static NativeBuild? Find(out string why)
    {
        why = "";
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture is not (Architecture.X64 or Architecture.Arm64))
            why = "the CUDA emulator runs on Linux with x86-64 or aarch64 processors only";
        else if (!Directory.Exists(Path.Combine(Sources, "core")))
            why = $"the sources of the CUDA emulator are not at {Sources}";
        if (why.Length > 0)
            return null;
        foreach (var compiler in s_compilers)
            if (Run(compiler, ["--version"], Sources) is (0, var version))
                return new NativeBuild(compiler, version);
        why = $"no C++ compiler found (tried {string.Join(", ", s_compilers)})";
        return null;
    }

    /// <summary>Compiles the .cpp files of a folder and links them; null and the reason if that fails. What was built before is used again.</summary>
    public string? Build(string folder, string output, string[] compileOptions, string[] linkOptions, string? link, out string why)
    {
        why = "";
        var key = Key(folder, output, [.. compileOptions, .. linkOptions, link ?? ""]);
        var place = Path.Combine(Path.GetTempPath(), $"tbn-emulator-{Environment.UserName}-{folder}-{key}");
        if (File.Exists(Path.Combine(place, output)))
            return place;
        var aside = $"{place}.{Environment.ProcessId}.{Guid.NewGuid():N}";
        Directory.CreateDirectory(aside);
        try
        {
            var problem = CompileAll(folder, aside, compileOptions) ?? Link(aside, output, linkOptions);
            if (problem != null)
            {
                why = problem;
                return null;
            }
            if (link != null)
                File.CreateSymbolicLink(Path.Combine(aside, link), output);
            foreach (var file in Directory.EnumerateFiles(aside, "*.o"))
                File.Delete(file);
            // Another process may have been faster; then its folder serves.
            try
            {
                Directory.Move(aside, place);
            }
            catch (IOException) when (File.Exists(Path.Combine(place, output)))
            {
            }
            return place;
        }
        finally
        {
            if (Directory.Exists(aside))
                Directory.Delete(aside, recursive: true);
        }
    }

    string? CompileAll(string folder, string aside, string[] options)
    {
        string? problem = null;
        Parallel.ForEach(Directory.EnumerateFiles(Path.Combine(Sources, folder), "*.cpp"), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, file =>
        {
            string[] arguments = ["-std=c++17", "-O2", .. options, "-c", file, "-o", Path.Combine(aside, Path.GetFileNameWithoutExtension(file) + ".o")];
            // The sources name the parts of the shim relative to their own folder.
            var (status, text) = Run(Compiler, arguments, Sources) ?? (-1, "it could not be started");
            if (status != 0)
                problem = $"{Compiler} failed on {Path.GetFileName(file)}: {text}";
        });
        return problem;
    }

    string? Link(string aside, string output, string[] options)
    {
        string[] arguments = [.. Directory.EnumerateFiles(aside, "*.o").Order(StringComparer.Ordinal), "-o", Path.Combine(aside, output), .. options, "-ldl", "-lpthread"];
        var (status, text) = Run(Compiler, arguments, Sources) ?? (-1, "it could not be started");
        return status == 0 ? null : $"{Compiler} could not link {output}: {text}";
    }

    string Key(string folder, string output, string[] options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in (string[])[Version, output, .. options])
            hash.AppendData(Encoding.UTF8.GetBytes(text + "\0"));
        foreach (var part in (string[])["kernel", folder])
            foreach (var file in Directory.EnumerateFiles(Path.Combine(Sources, part)).Order(StringComparer.Ordinal))
            {
                hash.AppendData(Encoding.UTF8.GetBytes(Path.GetFileName(file) + "\0"));
                hash.AppendData(File.ReadAllBytes(file));
            }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..20];
    }

    /// <summary>Runs a program; its status and all it printed, or null if it cannot be started.</summary>
    public static (int Status, string Text)? Run(string program, IEnumerable<string> arguments, string folder)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = folder };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, text + error.GetAwaiter().GetResult());
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException)
        {
            return null;
        }
    }

    static string Here([CallerFilePath] string path = "") => path;
}
