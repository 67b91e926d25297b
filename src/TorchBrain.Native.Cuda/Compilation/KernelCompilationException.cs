using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace TorchBrain.Native.Cuda;

/// <summary>A kernel that does not compile (<see cref="ErrorCode.KernelCompilation"/>). The message shows where, the lines around it, the definitions and the compiler's whole log.</summary>
public sealed partial class KernelCompilationException : TorchBrainException
{
    KernelCompilationException(string what, string fix, string log, string file, int line)
        : base(ErrorCode.KernelCompilation, what, fix + (log.Length > 0 ? $"\n\nThe compiler's log:\n{log}" : "")) => (Log, File, Line) = (log, file, line);

    internal KernelCompilationException(KernelSources sources, KernelUnit unit, string architecture, int result, string log)
        : this(sources, unit, architecture, result, log, FirstError(log, unit)) { }

    KernelCompilationException(KernelSources sources, KernelUnit unit, string architecture, int result, string log, (string File, int Line, string Text) error)
        : this($"NVRTC refused {unit.File} for {architecture} (definitions: {(unit.Defines.Count == 0 ? "none" : string.Join(' ', unit.Defines.Select(d => "-D" + d)))}): {CudaRuntimeCompiler.NameOf(result)}"
            + (error.Text.Length > 0 ? $"\n        {error.File}{(error.Line > 0 ? $"({error.Line})" : "")}: {error.Text}" : "") + Excerpt(sources.Named(error.File, unit), error.Line),
            Cure(result), log, error.File, error.Line)
    { }

    /// <summary>Everything the compiler said.</summary>
    public string Log { get; }

    /// <summary>The file of the first error, as the compiler names it: a kernel file or an included header.</summary>
    public string File { get; }

    /// <summary>The line of the first error, from 1; 0 if the compiler names none.</summary>
    public int Line { get; }

    static (string File, int Line, string Text) FirstError(string log, KernelUnit unit)
    {
        var match = ErrorLine().Match(log);
        if (match.Success)
            return (match.Groups["file"].Value, int.Parse(match.Groups["line"].ValueSpan, CultureInfo.InvariantCulture), match.Groups["text"].Value.Trim());
        return (unit.File, 0, log.Split('\n', 2)[0].Trim());
    }

    static string Cure(int result) => result switch
    {
        CudaRuntimeCompiler.CompilationError => "If you edited the kernels, mend the line; else use the kernels that came with this version of the library, with NVRTC 12 or later.",
        CudaRuntimeCompiler.BuiltinsMissing => "NVRTC did not find its second library: put libnvrtc-builtins of the same version into the folder of libnvrtc.",
        _ => $"This NVRTC does not do what was asked of it: install NVRTC 12 or later, or name its folder in {CudaProbe.Variable}.",
    };

    static string Excerpt(string? text, int line)
    {
        if (text is null || line < 1)
            return "";
        var lines = text.Split('\n');
        var excerpt = new StringBuilder();
        for (var number = Math.Max(1, line - 2); number <= Math.Min(lines.Length, line + 2); number++)
            excerpt.Append(CultureInfo.InvariantCulture, $"\n        {(number == line ? '>' : ' ')} {number,4} | {lines[number - 1].TrimEnd()}");
        return excerpt.ToString();
    }

    // NVRTC writes file(line): error: text, other compilers file:line:column: error: text.
    [GeneratedRegex(@"^(?<file>[^\s():][^():\n]*)(?:\((?<line>\d+)\)|:(?<line>\d+)(?::\d+)?)\s*:\s*(?:fatal |catastrophic )?error\b[^:\n]*:\s*(?<text>[^\n]*)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex ErrorLine();
}
