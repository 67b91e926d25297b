using System.Text.Json;
using NUnit.Framework;
using TorchBrain.Native.Cli;

namespace TorchBrain.Native.Tests;

/// <summary>The command on a device: what the user types changes by one option, what comes out does not change.</summary>
public class CommandTests
{
    TemporaryFolder _folder = null!;

    [SetUp]
    public void Begin()
    {
        CudaTest.Require();
        _folder = new TemporaryFolder();
    }

    [TearDown]
    public void End() => _folder.Dispose();

    (int Code, string Out, string Error) Run(params string[] args)
    {
        using StringWriter output = new(), error = new();
        var code = TorchBrainCommand.Run(args, new CommandEnvironment { Out = output, Error = error, CurrentFolder = _folder.Path, Download = null });
        return (code, output.ToString(), error.ToString());
    }

    string SpikeHash(string backend, params string[] args)
    {
        var (code, output, error) = Run([.. args, "--backend", backend, "--json", "--output", $"out-{backend}"]);
        Assert.That((code, error), Is.EqualTo((0, "")));
        using var report = JsonDocument.Parse(output);
        return report.RootElement.GetProperty("spike_hash").GetString()!;
    }

    [TestCase("waves", "--geometry", "torus", "--seconds", "0.5")]
    [TestCase("waves", "--nodes", "300", "--side", "12", "--seconds", "1", "--seed", "5")]
    [TestCase("grow", "--nodes", "200", "--side", "10", "--units", "20", "--max-seconds", "2")]
    public void Cuda_AnySheet_GivesTheHashOfTheCpu(params string[] args) => Assert.That(SpikeHash("cuda", args), Is.EqualTo(SpikeHash("cpu", args)));

    [TestCase("izhikevich", 0.6)]       // 600 neurons: a grid
    [TestCase("polychronisation", 0.1)] // 100: one block, whose barriers count as nothing
    public void Bench_OnADevice_CountsFloorsInItsFigures(string network, double scale)
    {
        var (code, output, error) = Run("bench", "--backend", "cuda", "--only", network, "--scale", $"{scale}", "--seconds", "0.02", "--repeats", "1", "--json", "--output", "out");
        Assert.That((code, error), Is.EqualTo((0, "")));
        using var report = JsonDocument.Parse(output);
        var bench = report.RootElement.GetProperty("bench");
        var (units, ran) = (bench.GetProperty("device_ceilings"), bench.GetProperty("networks")[0]);
        var (floor, how) = (ran.GetProperty("floor"), ran.GetProperty("how").GetString()!);
        var barriers = how.Contains("launch of 1 x", StringComparison.Ordinal) ? 0 : int.Parse(System.Text.RegularExpressions.Regex.Match(how, "([0-9]+) barriers a step").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.That(barriers > 0, Is.EqualTo(network == "izhikevich"), how);
        Assert.That(floor.GetProperty("meeting_us").GetDouble(), Is.EqualTo(barriers * units.GetProperty("barrier_us").GetDouble()).Within(1e-9));
        Assert.That(floor.GetProperty("compute_us").GetDouble(), Is.Positive);
        Assert.That(ran.GetProperty("hash_equal").GetBoolean());
        Assert.That(ran.GetProperty("over_floor").GetDouble(), Is.EqualTo(ran.GetProperty("step_us").GetDouble() / floor.GetProperty("us").GetDouble()).Within(1e-9));
        Assert.That(File.ReadAllText(Path.Combine(_folder.Path, "out", "bench.md")), Does.Contain("Floors are counted in figures of the device").And.Contain("additions"));
    }

    [Test]
    public void Info_NamesTheDevice()
    {
        var (code, output, _) = Run("info");
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Contain("cpu, cuda").And.Contain("compute capability"));
    }

    [Test]
    public void Device_ThatIsNotThere_IsRefusedBeforeAnyWork()
    {
        var (code, _, error) = Run("waves", "--backend", "cuda", "--device", "77", "--output", "never");
        Assert.That((code, Directory.Exists(Path.Combine(_folder.Path, "never"))), Is.EqualTo((1, false)));
        Assert.That(error, Does.StartWith(ErrorCode.BackendOption));
    }
}
