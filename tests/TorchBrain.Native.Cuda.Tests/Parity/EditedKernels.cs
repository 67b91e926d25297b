using NUnit.Framework;
using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Tests;

/// <summary>A copy of the kernels in which one piece of text is another.</summary>
static class EditedKernels
{
    public static void Write(string folder, string from, string to)
    {
        var edited = 0;
        foreach (var (name, text) in KernelSources.Embedded.Files.Select(f => (f, KernelSources.Embedded.Text(f))).Concat(KernelSources.Embedded.Headers))
        {
            var path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text.Replace(from, to, StringComparison.Ordinal));
            edited += text.Contains(from, StringComparison.Ordinal) ? 1 : 0;
        }
        Assert.That(edited, Is.EqualTo(1), "files that hold the text");
    }
}
