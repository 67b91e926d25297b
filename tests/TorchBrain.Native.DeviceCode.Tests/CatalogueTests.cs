using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace TorchBrain.Native.Tests;

/// <summary>Nothing in the kernel folder is missed by the catalogue, and nothing in the catalogue by the gate. Needs no compiler.</summary>
public class CatalogueTests
{
    static readonly string[] s_files = [.. KernelCatalog.All.Select(k => k.File).Distinct().Order(StringComparer.Ordinal)];

    static string Here([CallerFilePath] string path = "") => path;

    [Test]
    public void Catalogue_Files_AreThoseOfTheLibrary() => Assert.That(KernelSources.Embedded.Files.Order(StringComparer.Ordinal), Is.EqualTo(s_files));

    [Test]
    public void Library_Kernels_AreThoseOfTheFolder()
    {
        var folder = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "kernels"));
        if (!Directory.Exists(folder))
            Assert.Ignore($"No sources at {folder}: this test runs where the project was built.");
        var written = KernelSources.FromFolder(folder);
        Assert.That(written.Files, Is.EqualTo(KernelSources.Embedded.Files));
        Assert.That(written.Headers, Is.EqualTo(KernelSources.Embedded.Headers));
        Assert.That(written.Files.Select(written.Text), Is.EqualTo(KernelSources.Embedded.Files.Select(KernelSources.Embedded.Text)));
        var others = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetExtension(f)).Where(e => e is not (".cu" or ".cuh" or ".md"));
        Assert.That(others, Is.Empty, "files that nothing compiles");
    }

    [Test]
    public void Catalogue_Entries_AreThoseOfTheTexts()
    {
        var sources = KernelSources.Embedded;
        var found = from file in sources.Files from Match match in Regex.Matches(sources.Text(file), @"^TBN_KERNEL\((\w+),", RegexOptions.Multiline) select (File: file, Entry: match.Groups[1].Value);
        Assert.That(found, Is.EquivalentTo(KernelCatalog.All.Select(k => (k.File, k.Entry))));
        var other = sources.Files.Select(f => (Name: f, Text: sources.Text(f))).Concat(sources.Headers).Where(t => t.Name != "tbn/platform.cuh" && t.Text.Contains("__global__", StringComparison.Ordinal));
        Assert.That(other.Select(t => t.Name), Is.Empty, "kernels are declared with TBN_KERNEL");
    }

    [Test]
    public void Units_CoverEveryFile()
    {
        Assert.That(DeviceUnits.All.Select(u => u.File).Distinct().Order(StringComparer.Ordinal).ToArray(), Is.EqualTo(s_files));
        TestContext.Out.WriteLine($"{DeviceUnits.All.Count} units of {DeviceUnits.Plans} networks in {s_files.Length} files with {KernelCatalog.All.Count} kernels; {DeviceUnits.Merged} more differ only in the values of numbers");
        foreach (var file in s_files)
            TestContext.Out.WriteLine($"  {file}: {DeviceUnits.Of(file).Count}");
    }

    [Test]
    public void Units_CompileWithOptions_ThatKeepResultsTheSame()
    {
        foreach (var unit in DeviceUnits.All)
            foreach (var target in NvrtcGate.Targets)
                Assert.That(NvrtcGate.OptionProblems(NvrtcCompiler.Options(unit, target, [])), Is.Empty, $"{unit} for {target}");
    }

    [Test]
    public void Normalised_Unit_KeepsEverythingButNumbers()
    {
        var unit = new KernelUnit("x.cu", ["TBN_BLOCK=64", "TBN_BATCH=64", "TBN_A=0,0x00000000u", "TBN_B=0,0x3f800000u", "TBN_C=1,0u", "TBN_D=2,0u"]);
        var normalised = DeviceUnits.Normalised(unit);
        Assert.That(normalised.Defines, Has.Count.EqualTo(6).And.Contain("TBN_BLOCK=64").And.Contain("TBN_BATCH=3").And.Contain("TBN_C=1,0u").And.Contain("TBN_D=2,0u"));
        Assert.That(normalised.Defines.Where(d => d.Contains("=0,0x3f9", StringComparison.Ordinal)).Distinct().Count(), Is.EqualTo(2));
        Assert.That(DeviceUnits.Normalised(normalised), Is.EqualTo(normalised));
        Assert.That(DeviceUnits.Block(unit), Is.EqualTo(64));
    }
}
