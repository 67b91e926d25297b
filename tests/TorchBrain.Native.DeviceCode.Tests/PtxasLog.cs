using System.Globalization;
using System.Text.RegularExpressions;

namespace TorchBrain.Native.Tests;

/// <summary>What a kernel needs of a multiprocessor.</summary>
sealed record KernelUsage(string Entry, int Registers, int SharedBytes, int StackBytes, int SpillStoreBytes, int SpillLoadBytes);

/// <summary>Reads what ptxas says with <c>-v</c>. It says nothing else if all is well: every line that is not understood is a problem.</summary>
static partial class PtxasLog
{
    public const string Verbose = "--ptxas-options=-v";

    const int RegistersOfMultiprocessor = 65_536;

    public static (IReadOnlyList<KernelUsage> Usages, IReadOnlyList<string> Problems) Read(string log)
    {
        var usages = new List<KernelUsage>();
        var problems = new List<string>();
        var unread = new List<string>();
        KernelUsage? current = null;
        foreach (var line in log.Split('\n').Select(l => l.TrimEnd()).Where(l => l.Length > 0))
            if (Compiling().Match(line) is { Success: true } compiling)
                current = new KernelUsage(compiling.Groups["entry"].Value, 0, 0, 0, 0, 0);
            else if (Stack().Match(line) is { Success: true } stack && current is not null)
                // A function that ptxas adds to a kernel is listed with its own frame; the largest is what counts.
                current = current with
                {
                    StackBytes = Math.Max(current.StackBytes, Number(stack, "stack")),
                    SpillStoreBytes = current.SpillStoreBytes + Number(stack, "stores"),
                    SpillLoadBytes = current.SpillLoadBytes + Number(stack, "loads"),
                };
            else if (Used().Match(line) is { Success: true } used && current is not null)
            {
                usages.Add(current with { Registers = Number(used, "registers"), SharedBytes = SharedMemory().Match(line) is { Success: true } shared ? Number(shared, "bytes") : 0 });
                current = null;
            }
            else if (!Harmless().IsMatch(line))
                unread.Add(line);
        if (unread.Count > 0)
            problems.Add($"the compiler says: {string.Join('\n', unread).Trim()}");
        return (usages, problems);
    }

    /// <summary>What is wrong according to the log of a unit.</summary>
    /// <param name="log">The log.</param>
    /// <param name="entries">The entries it should tell of.</param>
    /// <param name="block">Threads of a block.</param>
    public static IReadOnlyList<string> Problems(string log, IReadOnlyList<KernelEntry> entries, int block)
    {
        var (usages, said) = Read(log);
        var problems = new List<string>(said);
        foreach (var entry in entries.Where(e => usages.Count(u => u.Entry == e.Entry) != 1))
            problems.Add($"the log does not tell of {entry.Entry} once");
        foreach (var u in usages)
        {
            if (u.StackBytes > 0)
                problems.Add($"{u.Entry}: {u.StackBytes} bytes stack frame");
            if (u.SpillStoreBytes + u.SpillLoadBytes > 0)
                problems.Add($"{u.Entry}: {u.SpillStoreBytes} bytes spill stores, {u.SpillLoadBytes} bytes spill loads");
            if (u.SharedBytes > PtxScan.MaxSharedBytes)
                problems.Add($"{u.Entry}: {u.SharedBytes} bytes of shared memory; {PtxScan.MaxSharedBytes} is the most");
            // Registers are handed out to warps in steps of 8 per thread.
            if ((u.Registers + 7) / 8 * 8 * block > RegistersOfMultiprocessor)
                problems.Add($"{u.Entry}: {u.Registers} registers; a block of {block} does not run with more than {RegistersOfMultiprocessor / block / 8 * 8}");
        }
        return problems;
    }

    static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^ptxas info\s*: Compiling entry function '(?<entry>[\w$]+)' for 'sm_\w+'$")]
    private static partial Regex Compiling();

    [GeneratedRegex(@"^(?:ptxas\s*\.)?\s*(?<stack>\d+) bytes stack frame, (?<stores>\d+) bytes spill stores, (?<loads>\d+) bytes spill loads$")]
    private static partial Regex Stack();

    [GeneratedRegex(@"^ptxas info\s*: Used (?<registers>\d+) registers\b")]
    private static partial Regex Used();

    [GeneratedRegex(@"\b(?<bytes>\d+) bytes smem\b")]
    private static partial Regex SharedMemory();

    [GeneratedRegex(@"^ptxas info\s*: (?:0 bytes gmem\b.*|Function properties for [\w$]+|Compile time = .*)$")]
    private static partial Regex Harmless();
}
