using System.Collections.Concurrent;

namespace TorchBrain.Native.Tests;

/// <summary>The same specialisations through clang, a second reader of the kernels, for architectures that are newer than the NVRTC of these tests.</summary>
[Parallelizable(ParallelScope.Self)]
public class ClangGateTests
{
    readonly Lazy<string> _folder = new(() => ClangCompiler.WriteSources(KernelSources.Embedded));

    // The two files with by far the most to compile are read for the newest architecture only: clang reads the same text for each.
    static IEnumerable<TestCaseData> Cases() =>
        from file in KernelCatalog.All.Select(k => k.File).Distinct()
        from architecture in ClangCompiler.Architectures
        where architecture == ClangCompiler.Architectures[^1] || (file != KernelCatalog.RunSteps.File && file != KernelCatalog.UpdateNeurons.File)
        select new TestCaseData(file, architecture);

    [OneTimeTearDown]
    public void RemoveSources()
    {
        if (_folder.IsValueCreated)
            Directory.Delete(_folder.Value, recursive: true);
    }

    [TestCaseSource(nameof(Cases))]
    public void Clang_EverySpecialisation_Passes(string file, string architecture)
    {
        var clang = Tools.NeedClang();
        var target = clang.Targets.Single(t => t.Asked == architecture);
        if (target.Architecture != architecture)
            TestContext.Out.WriteLine($"{clang.Description} does not know {architecture}: compiled for {target.Architecture}");
        var units = DeviceUnits.Of(file);
        var problems = new ConcurrentDictionary<int, string>();
        // NVRTC, whose tests run beside these, takes one core.
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, Environment.ProcessorCount - (Tools.HasNvrtc ? 1 : 0)) };
        Parallel.For(0, units.Count, parallel, i =>
        {
            var found = Problems(clang.Compile(_folder.Value, units[i], target), units[i], NvrtcGate.Entries(file));
            if (found.Count > 0)
                problems[i] = string.Join('\n', found.Select(p => $"{DeviceUnits.Show(units[i])}\n    {p}"));
        });
        new GateResult(units.Count, [.. problems.OrderBy(p => p.Key).Select(p => p.Value)], []).Assess(file, target.Architecture);
    }

    /// <summary>Visible where an old clang stands in with older targets.</summary>
    [Test]
    public void Clang_NewestArchitectures_AreKnown()
    {
        var clang = Tools.NeedClang();
        var older = clang.Targets.Where(t => t.Architecture != t.Asked).ToArray();
        if (older.Length > 0)
            Assert.Ignore($"{clang.Description} does not know {string.Join(", ", older.Select(t => t.Asked))}: compiled for {string.Join(", ", older.Select(t => t.Architecture))} instead. Install clang-22.");
    }

    [Test]
    public void Clang_ProductThenSum_StayTwo()
    {
        var ptx = PtxOf("extern \"C\" __global__ void probe(float* x) { x[0] = x[1] * x[2] + x[3]; }\n");
        Assert.That(PtxScan.Contracts(ptx), Is.False);
        Assert.That(ptx, Does.Contain("mul.rn.f32").And.Contain("add.rn.f32"));
    }

    [TestCase("#include <stdint.h>\nextern \"C\" __global__ void probe() {}\n", TestName = "Clang_HostHeader_IsRefused")]
    [TestCase("int helper(int x) { return x + 1; }\nextern \"C\" __global__ void probe(int* x) { x[0] = helper(x[0]); }\n", TestName = "Clang_HostFunction_IsRefused")]
    [TestCase("extern \"C\" __global__ void probe(int* x) { int unused = 3; x[0] = 1; }\n", TestName = "Clang_Warning_IsAnError")]
    public void Refused(string text) => Assert.That(PtxOf(text), Is.Empty);

    /// <summary>What is wrong with what clang made of a unit.</summary>
    internal static IReadOnlyList<string> Problems((string Ptx, string Log) made, KernelUnit unit, IReadOnlyList<KernelEntry> entries) =>
        made.Ptx.Length == 0 || made.Log.Length > 0 ? [made.Log] : PtxScan.Problems(made.Ptx, entries, DeviceUnits.Block(unit));

    static string PtxOf(string text)
    {
        var clang = Tools.NeedClang();
        var folder = ClangCompiler.WriteSources(KernelSources.FromText(new Dictionary<string, string> { ["probe.cu"] = text }));
        try
        {
            return clang.Compile(folder, new KernelUnit("probe.cu", []), clang.Targets[0]).Ptx;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
