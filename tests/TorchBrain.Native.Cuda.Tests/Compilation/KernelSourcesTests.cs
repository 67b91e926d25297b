using NUnit.Framework;
using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Tests;

public class KernelSourcesTests
{
    [Test]
    public void Headers_AreNamed_AsTheyAreIncluded()
    {
        var sources = KernelSources.FromText(new Dictionary<string, string>
        {
            ["include/tbn/platform.cuh"] = "a",
            ["neuron/lif.cuh"] = "b",
            ["neuron/lif.cu"] = "c",
        });
        Assert.That(sources.Headers, Is.EqualTo(new[] { ("tbn/platform.cuh", "a"), ("neuron/lif.cuh", "b") }));
        Assert.That(sources.Files, Is.EqualTo(new[] { "neuron/lif.cu" }));
        Assert.That(sources.Text("neuron/lif.cu"), Is.EqualTo("c"));
        Assert.That(sources.Named("tbn/platform.cuh"), Is.EqualTo("a"));
    }

    [Test]
    public void LineEnds_AreOneCharacter() =>
        Assert.That(KernelSources.FromText(new Dictionary<string, string> { ["a.cu"] = "1\r\n2\r3\n" }).Text("a.cu"), Is.EqualTo("1\n2\n3\n"));

    [Test]
    public void MissingFile_SaysWhichThereAre()
    {
        var error = CudaTest.Error(ErrorCode.KernelMissing, () => CudaTest.Sources.Text("test/other.cu"));
        Assert.That(error.Message, Does.Contain("test/other.cu").And.Contain("test/kernels.cu"));
    }

    [Test]
    public void Folder_IsRead_WithSubfolders()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["include/tbn"]);
        File.WriteAllText(folder["include/tbn/a.cuh"], "header\r\n");
        File.WriteAllText(folder["b.cu"], "kernel");
        File.WriteAllText(folder["b.cu.orig"], "not a kernel");
        var sources = KernelSources.FromFolder(folder.Path);
        Assert.That(sources.Files, Is.EqualTo(new[] { "b.cu" }));
        Assert.That(sources.Headers, Is.EqualTo(new[] { ("tbn/a.cuh", "header\n") }));
        CudaTest.Error(ErrorCode.KernelMissing, () => KernelSources.FromFolder(folder["none"]));
    }

    [Test]
    public void Embedded_HasAllKernelsOfTheTree()
    {
        var embedded = KernelSources.Embedded;
        Assert.That(embedded, Is.SameAs(KernelSources.Embedded));
        Assert.That(embedded.Files, Is.All.EndsWith(".cu").And.All.Not.StartsWith("kernels/"));
    }

    [Test]
    public void Unit_IsEqual_ByItsContents()
    {
        KernelUnit unit = new("a.cu", ["X=1", "Y"]), same = new("a.cu", new List<string> { "X=1", "Y" });
        Assert.That(unit, Is.EqualTo(same));
        Assert.That(unit.GetHashCode(), Is.EqualTo(same.GetHashCode()));
        Assert.That(unit, Is.Not.EqualTo(new KernelUnit("a.cu", ["Y", "X=1"])));
        Assert.That(unit, Is.Not.EqualTo(new KernelUnit("b.cu", ["X=1", "Y"])));
        Assert.That(unit.ToString(), Is.EqualTo("a.cu (X=1, Y)"));
    }
}
