using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using NUnit.Framework;
using TorchBrain.Native.Cpu;

namespace TorchBrain.Native.Tests;

/// <summary>The README's program is the one below, compiled and run. The test compares and never writes.</summary>
[TestFixture]
public class ReadmeTests
{
    static string Root([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", ".."));

    static void Sample(TextWriter Console)
    {
        // <sample>
        var sheet = new Population("sheet", 1500)
        {
            Geometry = new Square(28),
            Neuron = new Izhikevich
            {
                C = Parameter.FromUniform(r => -65 + 15 * r * r, draw: "r"),
                D = Parameter.FromUniform(r => 8 - 6 * r * r, draw: "r"),
            },
        };
        var network = new Network
        {
            Seed = 7,
            TimeStepMs = 1,
            Populations = [sheet],
            Projections = [new(sheet, sheet) { Connectivity = DistanceKernel.CentreSurround(exciteRadius: 2, inhibitRadius: 6) }],
            Inputs = [new GaussianNoise(sheet) { Deviation = 3 }, new CurrentInjection(sheet)],
            Recordings = [new SpikeRecording(sheet)],
        };

        Console.WriteLine(network.Plan().Describe());                // buffers, scales, the order of a step

        using var backend = new CpuBackend();
        using var simulation = Simulation.Create(network, backend);
        var eyes = simulation.Population("sheet");
        var current = new float[eyes.Elements];
        var spikes = new int[eyes.Elements];
        for (var frame = 0; frame < 100; frame++)                    // the host owns time, threads and buffers; a step allocates nothing
        {
            simulation.SetCurrent(eyes, current);
            simulation.Step();
            var count = simulation.ReadSpikes(eyes, spikes);         // ids of the neurons that spiked, ascending
        }
        var raster = SpikeRecorder.Open(simulation, "sheet").Drain();
        Console.WriteLine($"{raster.MeanRateHz:F1} Hz, spike hash {simulation.SpikeHash}");
        // </sample>
    }

    static string Normal(string code) => string.Join('\n', code.Split('\n').Select(l => l.TrimEnd()).SkipWhile(l => l.Length == 0)).TrimEnd();

    [Test]
    public void Readme_Program_IsTheOneThatRuns()
    {
        if (!File.Exists(Path.Combine(Root(), "README.md")))
            Assert.Ignore("The sources are not on this machine.");
        var readme = File.ReadAllText(Path.Combine(Root(), "README.md"));
        var block = Regex.Match(readme, "```csharp\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
        block = string.Join('\n', block.Split('\n').Where(l => !l.StartsWith("using TorchBrain", StringComparison.Ordinal)));
        var here = File.ReadAllText(Path.Combine(Root(), "tests/TorchBrain.Native.Tests/Docs/ReadmeTests.cs"));
        var sample = Regex.Match(here, "// <sample>\n(.*?)\n *// </sample>", RegexOptions.Singleline).Groups[1].Value;
        sample = string.Join('\n', sample.Split('\n').Select(l => l.StartsWith("        ", StringComparison.Ordinal) ? l[8..] : l));
        Assert.That(Normal(block), Is.EqualTo(Normal(sample)));
    }

    [Test]
    public void Readme_Program_Runs()
    {
        var output = new StringWriter();
        Sample(output);
        Assert.That(output.ToString(), Does.Contain("population sheet: 1,500 x Izhikevich").And.Match("Hz, spike hash [0-9a-f]{32}"));
    }

    [Test]
    public void Readme_LinksToFiles_Exist()
    {
        if (!File.Exists(Path.Combine(Root(), "README.md")))
            Assert.Ignore("The sources are not on this machine.");
        var missing = new List<string>();
        foreach (var page in new[] { "README.md" }.Concat(Directory.GetFiles(Path.Combine(Root(), "docs"), "*.md").Select(f => Path.GetRelativePath(Root(), f))))
            foreach (Match link in Regex.Matches(File.ReadAllText(Path.Combine(Root(), page)), @"\]\(([^)#:]+)\)"))
            {
                var target = Path.Combine(Root(), Path.GetDirectoryName(page)!, link.Groups[1].Value);
                if (!File.Exists(target) && !Directory.Exists(target))
                    missing.Add($"{page}: {link.Groups[1].Value}");
            }
        Assert.That(missing, Is.Empty);
    }
}
