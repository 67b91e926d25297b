using System.Globalization;
using System.Text.RegularExpressions;

namespace TorchBrain.Native.Tests;

/// <summary>A kernel as PTX declares it.</summary>
/// <param name="Name">Name of the entry.</param>
/// <param name="ParameterBytes">Bytes of its parameters.</param>
/// <param name="MaxThreads">Threads of a block, at most; 0 if not said.</param>
sealed record PtxEntry(string Name, int ParameterBytes, int MaxThreads);

/// <summary>Reads PTX, as far as this gate needs to.</summary>
static partial class PtxScan
{
    /// <summary>Static shared memory that every device has for a block.</summary>
    public const int MaxSharedBytes = 48 * 1024;

    // Arithmetic without a rounding mode may be contracted to multiply-adds by whoever translates the PTX.
    static readonly (Regex Pattern, string Problem)[] s_forbidden =
    [
        (Double(), "64-bit floating point"), (OtherFma(), "a multiply-add that is not fma.rn.f32"), (Unrounded(), "arithmetic without a rounding mode, which may be contracted"), (Approximate(), "approximate arithmetic"),
        (Flushing(), "flushing to zero"), (Local(), "local memory"), (External(), "a function that is defined nowhere"), (Call(), "a call"), (FloatAtomic(), "an atomic on floats"), (Half(), "16-bit floating point"),
    ];

    /// <summary>What is wrong with the PTX of a unit, each with the line that shows it.</summary>
    /// <param name="ptx">The text.</param>
    /// <param name="entries">The entries it should have.</param>
    /// <param name="block">Threads of a block.</param>
    public static IReadOnlyList<string> Problems(string ptx, IReadOnlyList<KernelEntry> entries, int block)
    {
        var code = Code(ptx);
        var problems = new List<string>();
        foreach (var (pattern, problem) in s_forbidden)
            if (pattern.Match(code) is { Success: true } match)
                problems.Add($"{problem} ({pattern.Count(code)} times), first: {LineAt(code, match.Index)}");
        var shared = SharedBytes(code);
        if (shared > MaxSharedBytes)
            problems.Add($"{shared} bytes of shared memory; {MaxSharedBytes} is the most");
        var found = Entries(code);
        if (!found.Select(e => e.Name).Order(StringComparer.Ordinal).SequenceEqual(entries.Select(e => e.Entry).Order(StringComparer.Ordinal)))
            problems.Add($"entries {Names(found.Select(e => e.Name))}; the catalogue has {Names(entries.Select(e => e.Entry))}");
        foreach (var entry in found)
        {
            if (entries.FirstOrDefault(e => e.Entry == entry.Name) is { } expected && expected.ArgumentBytes != entry.ParameterBytes)
                problems.Add($"{entry.Name} takes {entry.ParameterBytes} bytes; the host passes {expected.ArgumentBytes}");
            if (entry.MaxThreads != block)
                problems.Add($"{entry.Name} is bounded to {entry.MaxThreads} threads; TBN_BLOCK is {block}");
        }
        return problems;
    }

    /// <summary>Whether a product and a sum were made one multiply-add.</summary>
    public static bool Contracts(string ptx) => AnyFma().IsMatch(Code(ptx));

    public static IReadOnlyList<PtxEntry> Entries(string ptx) =>
    [
        .. Entry().Matches(Code(ptx)).Select(m => new PtxEntry(m.Groups["name"].Value, Parameter().Matches(m.Groups["parameters"].Value).Sum(Bytes),
            MaxThreads().Match(m.Groups["bounds"].Value) is { Success: true } bound ? Number(bound.Groups["x"].Value) * Number(bound.Groups["y"].Value) * Number(bound.Groups["z"].Value) : 0)),
    ];

    /// <summary>All static shared memory of a module: not less than any of its kernels has.</summary>
    public static int SharedBytes(string ptx) => Shared().Matches(Code(ptx)).Sum(Bytes);

    // Without comments, texts, and the lines that only point into the sources.
    static string Code(string ptx) => Noise().Replace(ptx.TrimEnd('\0'), "");

    static int Bytes(Match m) => Number(m.Groups["bits"].Value) / 8 * (m.Groups["count"].Success ? Number(m.Groups["count"].Value) : 1);

    static int Number(string digits) => digits.Length == 0 ? 1 : int.Parse(digits, CultureInfo.InvariantCulture);

    static string Names(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal)) is { Length: > 0 } list ? list : "none";

    static string LineAt(string text, int index)
    {
        var end = text.IndexOf('\n', index);
        return text[(text.LastIndexOf('\n', index) + 1)..(end < 0 ? text.Length : end)].Trim();
    }

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/|^[ \t]*\.(?:loc|file)\b[^\n]*|""[^""\n]*""|^[ \t]*\.section\b[^{]*\{[^}]*\}", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Noise();

    [GeneratedRegex(@"\.f64\b")]
    private static partial Regex Double();

    [GeneratedRegex(@"\bfma\.(?!rn\.f32\b)|\bmad\.[\w.]*f\d+\b")]
    private static partial Regex OtherFma();

    [GeneratedRegex(@"\bfma\.")]
    private static partial Regex AnyFma();

    [GeneratedRegex(@"\b(?:add|sub|mul)\.(?:sat\.)?f32\b")]
    private static partial Regex Unrounded();

    [GeneratedRegex(@"\.approx\b|\bdiv\.full\b")]
    private static partial Regex Approximate();

    [GeneratedRegex(@"\.ftz\b")]
    private static partial Regex Flushing();

    [GeneratedRegex(@"\.local\b|__local_depot")]
    private static partial Regex Local();

    [GeneratedRegex(@"\.extern\s+\.func\b|\b__nv_\w+")]
    private static partial Regex External();

    [GeneratedRegex(@"\bcall(?:\.uni)?\s|(?<!\.extern\s)\.func\b")]
    private static partial Regex Call();

    [GeneratedRegex(@"\b(?:atom|red)\.[\w.:]*\.(?:noftz\.)?b?f(?:16|32|64)")]
    private static partial Regex FloatAtomic();

    [GeneratedRegex(@"\.b?f16(?:x2)?\b")]
    private static partial Regex Half();

    [GeneratedRegex(@"\.entry\s+(?<name>[\w$]+)\s*(?:\((?<parameters>[^)]*)\))?(?<bounds>[^{;]*)\{")]
    private static partial Regex Entry();

    [GeneratedRegex(@"\.param\s+(?:\.align\s+\d+\s+)?\.[busf](?<bits>\d+)\s+(?:\.ptr\s+(?:\.\w+\s+)*(?:\d+\s+)?)?[\w$]+(?:\[(?<count>\d+)\])?")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\.maxntid\s+(?<x>\d+)(?:\s*,\s*(?<y>\d+))?(?:\s*,\s*(?<z>\d+))?")]
    private static partial Regex MaxThreads();

    [GeneratedRegex(@"(?<!\.extern\s)\.shared\s+(?:\.align\s+\d+\s+)?\.[busf](?<bits>\d+)\s+[\w$.]+(?:\[(?<count>\d+)\])?\s*[;=]")]
    private static partial Regex Shared();
}
