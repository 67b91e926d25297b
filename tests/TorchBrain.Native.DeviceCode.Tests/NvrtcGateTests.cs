using System.Globalization;
using System.Text;

namespace TorchBrain.Native.Tests;

/// <summary>Every specialisation that the networks at hand need compiles with NVRTC, without a GPU: no warning, no spill, nothing in the code that could depend on the device.</summary>
[Parallelizable(ParallelScope.Self)]
public class NvrtcGateTests
{
    const string TableFile = "TORCHBRAIN_WRITE_REGISTERS";

    static IEnumerable<TestCaseData> Cases() => from file in KernelCatalog.All.Select(k => k.File).Distinct() from target in NvrtcGate.Targets select new TestCaseData(file, target);

    [SetUp]
    public void NeedNvrtc() => Tools.NeedNvrtc();

    [TestCaseSource(nameof(Cases))]
    public void Nvrtc_EverySpecialisation_Passes(string file, string target) => NvrtcGate.Result(file, target).Assess(file, target);

    [Test]
    public void Nvrtc_ProductThenSum_StayTwo()
    {
        static string Ptx(string value) => Encoding.UTF8.GetString(NvrtcCompiler.Compile(
            KernelSources.FromText(new Dictionary<string, string> { ["probe.cu"] = $"extern \"C\" __global__ void probe(float* x) {{ x[0] = {value}; }}\n" }), new KernelUnit("probe.cu", []), NvrtcGate.Ptx).Bytes);
        var ptx = Ptx("x[1] * x[2] + x[3]");
        Assert.That(PtxScan.Contracts(ptx), Is.False);
        Assert.That(ptx, Does.Contain("mul.rn.f32").And.Contain("add.rn.f32"));
        Assert.That(PtxScan.Contracts(Ptx("__fmaf_rn(x[1], x[2], x[3])")), Is.True, "the probe would show it");
    }

    /// <summary>Registers of each kernel, the most over its specialisations. TORCHBRAIN_WRITE_REGISTERS names a file for them.</summary>
    [Test]
    public void Nvrtc_Registers_AreListed()
    {
        var table = new StringBuilder();
        table.AppendLine(CultureInfo.InvariantCulture, $"| kernel | specialisations | {string.Join(" | ", NvrtcGate.Capabilities.Select(c => $"registers sm_{c}"))} | most shared memory |");
        table.AppendLine(CultureInfo.InvariantCulture, $"| --- | ---: |{string.Concat(NvrtcGate.Capabilities.Select(_ => " ---: |"))} ---: |");
        foreach (var kernel in KernelCatalog.All)
        {
            var usages = NvrtcGate.Capabilities.Select(c => NvrtcGate.Result(kernel.File, $"sm_{c}").Usages.Where(u => u.Entry == kernel.Entry).ToArray()).ToArray();
            Assert.That(usages, Is.All.Not.Empty, kernel.Entry);
            table.AppendLine(CultureInfo.InvariantCulture, $"| {kernel.Entry} | {usages[0].Length} | {string.Join(" | ", usages.Select(u => u.Max(x => x.Registers)))} | {usages.Max(u => u.Max(x => x.SharedBytes))} |");
        }
        TestContext.Out.WriteLine($"{CudaLibrary.RuntimeCompiler.Found}, version {NvrtcCompiler.Version}");
        TestContext.Out.WriteLine(table);
        if (Environment.GetEnvironmentVariable(TableFile) is { Length: > 0 } path)
            File.WriteAllText(path, table.Replace("\r\n", "\n").ToString());
    }
}
