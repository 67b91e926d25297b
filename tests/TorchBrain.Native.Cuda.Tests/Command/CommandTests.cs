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
