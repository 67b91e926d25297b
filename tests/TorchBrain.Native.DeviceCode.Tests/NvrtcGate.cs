using System.Collections.Concurrent;
using System.Text;

namespace TorchBrain.Native.Tests;

/// <summary>What a compiler made of all units of a file for one target.</summary>
/// <param name="Units">Units compiled.</param>
/// <param name="Problems">What is wrong, with the unit.</param>
/// <param name="Usages">What the kernels need; empty where only PTX was made.</param>
sealed record GateResult(int Units, IReadOnlyList<string> Problems, IReadOnlyList<KernelUsage> Usages)
{
    const int Shown = 5;

    /// <summary>Fails with the first problems, or says how many specialisations passed.</summary>
    public void Assess(string file, string target)
    {
        Assert.That(Units, Is.Positive, $"no network needs {file}");
        if (Problems.Count > 0)
            Assert.Fail($"{file} for {target}: {Problems.Count} problems in {Units} specialisations\n{string.Join('\n', Problems.Take(Shown))}{(Problems.Count > Shown ? "\n..." : "")}");
        TestContext.Out.WriteLine($"{file} for {target}: {Units} specialisations");
    }
}

/// <summary>Compiles units with NVRTC and the options of the product, and reads what comes out. It compiles one at a time, whoever asks.</summary>
static class NvrtcGate
{
    /// <summary>Devices that machine code is made for: the oldest that is supported, and two that people have.</summary>
    public static readonly int[] Capabilities = [75, 80, 90];

    /// <summary>The target whose PTX is read.</summary>
    public const string Ptx = "compute_75";

    public static readonly string[] Targets = [.. Capabilities.Select(c => $"sm_{c}"), Ptx];

    static readonly ConcurrentDictionary<(string File, string Target), Lazy<GateResult>> s_results = new();

    /// <summary>The entries that the catalogue has for a file.</summary>
    public static IReadOnlyList<KernelEntry> Entries(string file) => [.. KernelCatalog.All.Where(k => k.File == file)];

    /// <summary>All units of a file for one target; compiled once.</summary>
    public static GateResult Result(string file, string target) => s_results.GetOrAdd((file, target), _ => new(() =>
    {
        var units = DeviceUnits.Of(file);
        var results = units.Select(u => (Unit: u, Checked: Check(KernelSources.Embedded, u, target, Entries(file)))).ToArray();
        return new GateResult(units.Count, [.. results.SelectMany(r => r.Checked.Problems.Select(p => $"{DeviceUnits.Show(r.Unit)}\n    {p}"))], [.. results.SelectMany(r => r.Checked.Usages)]);
    })).Value;

    /// <summary>One unit: its problems, and what its kernels need if machine code was made.</summary>
    public static (IReadOnlyList<string> Problems, IReadOnlyList<KernelUsage> Usages) Check(KernelSources sources, KernelUnit unit, string target, IReadOnlyList<KernelEntry> entries, params IReadOnlyList<string> extra)
    {
        var binary = target.StartsWith("sm_", StringComparison.Ordinal);
        CompiledImage image;
        try
        {
            image = NvrtcCompiler.Compile(sources, unit, target, binary ? [PtxasLog.Verbose, .. extra] : extra);
        }
        catch (KernelCompilationException e)
        {
            return ([e.Message], []);
        }
        var problems = OptionProblems(NvrtcCompiler.Options(unit, target, extra));
        if (binary)
            return ([.. problems, .. PtxasLog.Problems(image.Log, entries, DeviceUnits.Block(unit))], PtxasLog.Read(image.Log).Usages);
        string[] said = image.Log.Length > 0 ? [$"the compiler says: {image.Log.TrimEnd()}"] : [];
        return ([.. problems, .. said, .. PtxScan.Problems(Encoding.UTF8.GetString(image.Bytes), entries, DeviceUnits.Block(unit))], []);
    }

    /// <summary>Options without which results would depend on the device, and options that undo them.</summary>
    public static IReadOnlyList<string> OptionProblems(IReadOnlyList<string> options)
    {
        string[] needed = ["--fmad=false", "--ftz=false", "--prec-div=true", "--prec-sqrt=true"];
        return
        [
            .. needed.Where(n => !options.Contains(n)).Select(n => $"compiled without {n}"),
            .. options.Where(o => o.TrimStart('-').Replace('_', '-').StartsWith("use-fast-math", StringComparison.Ordinal)).Select(o => $"compiled with {o}"),
            .. options.Where(o => needed.Any(n => o != n && o.TrimStart('-').Split('=')[0] == n.TrimStart('-').Split('=')[0])).Select(o => $"compiled with {o}"),
        ];
    }
}
