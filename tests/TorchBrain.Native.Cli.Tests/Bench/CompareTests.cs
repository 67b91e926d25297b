using System.Text.Json;
using System.Text.Json.Nodes;

namespace TorchBrain.Native.Cli.Tests;

/// <summary>bench compare.</summary>
public class CompareTests
{
    Cli _cli = null!;

    [OneTimeSetUp]
    public void Measure()
    {
        _cli = new Cli();
        Assert.That(_cli.Run("bench", "--only", "sheet,stdp", "--scale", "0.01", "--seconds", "0.01", "--repeats", "2", "--output", "a").Code, Is.Zero);
    }

    [OneTimeTearDown]
    public void CleanUp() => _cli.Dispose();

    /// <summary>A copy of the bench, changed.</summary>
    string Changed(string name, Action<JsonObject> change)
    {
        var report = JsonNode.Parse(File.ReadAllBytes(_cli.PathOf("a", "run.json")))!.AsObject();
        change(report);
        Directory.CreateDirectory(_cli.PathOf(name));
        File.WriteAllText(_cli.PathOf(name, "run.json"), report.ToJsonString());
        return name;
    }

    static JsonObject Network(JsonObject report, int k = 0) => report["bench"]!["networks"]![k]!.AsObject();

    static void Times(JsonObject network, double middle, double low, double high) => (network["step_us"], network["step_us_low"], network["step_us_high"]) = (middle, low, high);

    /// <summary>A with times of 100 (95 to 105) compared with B.</summary>
    CliResult AgainstHundred(double middle, double low, double high, params string[] more)
    {
        Changed("hundred", r => Times(Network(r), 100, 95, 105));
        Changed("other", r => Times(Network(r), middle, low, high));
        return _cli.Run(["bench", "compare", "hundred", "other", .. more]);
    }

    [Test]
    public void ABenchIsAsGoodAsItself()
    {
        var result = _cli.Run("bench", "compare", "a", Path.Combine("a", "run.json"));
        Assert.That(result.Code, Is.Zero, result.ToString());
        Assert.That(result.Out, Does.Contain("1.00").And.Contain("sheet").And.Contain("stdp").And.Contain("no regression"));
    }

    [TestCase(130, 120, 140, 1)]
    [TestCase(130, 104, 140, 0, Description = "the spreads overlap")]
    [TestCase(109, 108, 110, 0, Description = "within the limit")]
    [TestCase(50, 49, 51, 0)]
    public void ARegressionNeedsMoreThanTheLimitAndSpreadsApart(double middle, double low, double high, int code)
    {
        var result = AgainstHundred(middle, low, high);
        Assert.That(result.Code, Is.EqualTo(code), result.ToString());
        Assert.That(result.Out.Contains("SLOWER", StringComparison.Ordinal), Is.EqualTo(code == 1));
    }

    [Test]
    public void TheLimitCanBeChosen()
    {
        Assert.That(AgainstHundred(109, 108, 110, "--limit", "1.05").Code, Is.EqualTo(1));
        Assert.That(AgainstHundred(130, 120, 140, "--limit", "2").Code, Is.Zero);
    }

    [Test]
    public void ADifferingHashIsAlwaysAnError()
    {
        Changed("b", r => Network(r)["spike_hash"] = new string('0', 32));
        var result = _cli.Run("bench", "compare", "a", "b");
        Assert.That(result.Code, Is.EqualTo(1), result.ToString());
        Assert.That(result.Out, Does.Contain("OTHER SPIKES"));
    }

    [Test]
    public void AnotherSeedMayGiveOtherSpikesAndIsTold()
    {
        Changed("b", r =>
        {
            r["seed"] = 2;
            r["machine"]!["cores"] = 64;
            Network(r)["spike_hash"] = new string('0', 32);
        });
        var result = _cli.Run("bench", "compare", "a", "b");
        Assert.That(result.Code, Is.Zero, result.ToString());
        Assert.That(result.Out, Does.Contain("--seed: 1 and 2").And.Contain("cores:").And.Contain("not the same work"));
    }

    [Test]
    public void NetworksOfOneOnlyAreTold()
    {
        Changed("b", r => r["bench"]!["networks"]!.AsArray().RemoveAt(0));
        var result = _cli.Run("bench", "compare", "a", "b");
        Assert.That(result.Code, Is.Zero, result.ToString());
        Assert.That(result.Out, Does.Contain("sheet is only in A"));
    }

    [Test]
    public void FilesAndJsonAreWritten()
    {
        var result = AgainstHundred(130, 120, 140, "--output", "compared", "--json");
        Assert.That(result.Code, Is.EqualTo(1), result.ToString());
        Assert.That(result.Out, Is.EqualTo(File.ReadAllText(_cli.PathOf("compared", "run.json"))));
        Assert.That(_cli.FilesIn("compared"), Is.EqualTo(new[] { "compare.md", "run.json" }));
        Assert.That(File.ReadAllText(_cli.PathOf("compared", "compare.md")), Does.Contain("| sheet | 100 | 95.0-105 | 130 | 120-140 | 1.30 | equal | SLOWER |"));
        Assert.That(JsonDocument.Parse(result.Out).RootElement.GetProperty("comparison").GetProperty("networks")[0].GetProperty("ratio").GetDouble(), Is.EqualTo(1.3).Within(1e-9));
    }

    [TestCase("")]
    [TestCase("no JSON")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("""{"tool":"another"}""")]
    [TestCase("""{"tool":"torchbrain","command":"waves"}""")]
    [TestCase("""{"tool":"torchbrain","command":"bench","schema_version":7}""")]
    [TestCase("""{"tool":"torchbrain","command":"bench","bench":{"networks":[{"name":"sheet"}]}}""")]
    [TestCase("""{"tool":"torchbrain","command":"bench","bench":{"processor":"p","emulated":false,"networks":[null],"figures":[]}}""")]
    public void ADamagedOrForeignFileIsTold(string text)
    {
        File.WriteAllText(_cli.PathOf("b.json"), text);
        var result = _cli.Run("bench", "compare", "a", "b.json");
        Assert.That(result.Code, Is.EqualTo(1), result.ToString());
        Assert.That(result.Error, Does.StartWith("TBN5003 ").And.Contain("b.json"));
        Assert.That(result.Out, Is.Empty);
    }

    [Test]
    public void AMissingFileIsTold() => Assert.That(_cli.Run("bench", "compare", "a", "nowhere").Error, Does.StartWith("TBN5003 "));

    [Test]
    public void ATruncatedFileIsTold()
    {
        var whole = File.ReadAllBytes(_cli.PathOf("a", "run.json"));
        File.WriteAllBytes(_cli.PathOf("cut.json"), whole[..(whole.Length / 2)]);
        Assert.That(_cli.Run("bench", "compare", "cut.json", "a").Error, Does.StartWith("TBN5003 "));
    }
}
