using System.Diagnostics;
using System.Text.Json;

namespace TorchBrain.Native.Cli.Tests;

/// <summary>The built program as a process of its own.</summary>
public class ProcessTests
{
    Cli _cli = null!;

    [SetUp]
    public void Begin() => _cli = new Cli();

    [TearDown]
    public void End() => _cli.Dispose();

    Process Start(string[] args, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _cli.Folder };
        start.ArgumentList.Add(typeof(TorchBrainCommand).Assembly.Location);
        foreach (var arg in args)
            start.ArgumentList.Add(arg);
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    static CliResult Finish(Process process)
    {
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CliResult(process.ExitCode, output, error.Result);
    }

    [Test]
    public void ItRuns()
    {
        using var process = Start(["waves", "--seconds", "0.5", "--json"]);
        var result = Finish(process);
        Assert.That(result.Code, Is.Zero, result.ToString());
        using var json = JsonDocument.Parse(result.Out);
        Assert.That(json.RootElement.GetProperty("spike_hash").GetString(), Has.Length.EqualTo(32));
        Assert.That(_cli.Run("waves", "--seconds", "0.5", "--output", "here").Code, Is.Zero);
        Assert.That(json.RootElement.GetProperty("spike_hash").GetString(), Is.EqualTo(_cli.Report("here").GetProperty("spike_hash").GetString()));
        Assert.That(_cli.FilesIn(Path.Combine("torchbrain-output", "waves")), Does.Contain("waves-film.png"));
    }

    [Test]
    public void WrongOptionsGiveExitCode2()
    {
        using var process = Start(["grow", "--units", "none"]);
        Assert.That(Finish(process).Code, Is.EqualTo(2));
    }

    [Test]
    [Platform("Linux")]
    public void CtrlCKeepsWhatWasDone()
    {
        using var process = Start(["waves", "--seconds", "3600", "--nodes", "3000", "--side", "28", "--output", "o"]);
        Assert.That(process.StandardOutput.ReadLine(), Does.StartWith("Running the sheet"));
        // A shell that starts a job in the background has it ignore SIGINT, and the ignoring is inherited; the program answers SIGTERM in the same way.
        var ignored = Convert.ToUInt64(File.ReadLines($"/proc/{process.Id}/status").First(l => l.StartsWith("SigIgn:", StringComparison.Ordinal))[7..].Trim(), 16);
        using (var kill = Process.Start("kill", [(ignored & 2) != 0 ? "-TERM" : "-INT", $"{process.Id}"]))
            kill.WaitForExit();
        var result = Finish(process);
        Assert.That(result.Code, Is.EqualTo(130), result.ToString());
        Assert.That(_cli.Report("o").GetProperty("cancelled").GetBoolean(), Is.True);
        Assert.That(_cli.FilesIn("o"), Does.Contain("waves.png").And.Not.Contain(".torchbrain-partial"));
    }

    [Test]
    [Platform("Linux")]
    public void ADriverInTheNamedFolderIsAsked()
    {
        Compile("libcuda.so.1", """
            #include <string.h>
            int cuInit(unsigned f) { return 0; }
            int cuDriverGetVersion(int *v) { *v = 12040; return 0; }
            int cuDeviceGetCount(int *n) { *n = 1; return 0; }
            int cuDeviceGet(int *d, int i) { *d = i; return 0; }
            int cuDeviceGetName(char *s, int n, int d) { strncpy(s, "Test device", n); return 0; }
            int cuDeviceTotalMem_v2(unsigned long *b, int d) { *b = 8ul << 30; return 0; }
            int cuDeviceGetAttribute(int *v, int a, int d) { *v = a == 75 ? 9 : a == 76 ? 0 : 132; return 0; }
            """);
        Compile("libnvrtc.so.12", "int nvrtcVersion(int *a, int *b) { *a = 12; *b = 4; return 0; }");
        using var info = Start(["info", "--json"], ("TORCHBRAIN_CUDA_LIBRARIES", _cli.Folder));
        using var json = JsonDocument.Parse(Finish(info).Out);
        var cuda = json.RootElement.GetProperty("cuda");
        Assert.That(cuda.GetProperty("driver_version").GetString(), Is.EqualTo("12.4"));
        Assert.That(cuda.GetProperty("driver_library").GetString(), Does.StartWith(_cli.Folder));
        Assert.That(cuda.GetProperty("nvrtc_version").GetString(), Is.EqualTo("12.4"));
        var device = cuda.GetProperty("devices")[0];
        Assert.That((device.GetProperty("name").GetString(), device.GetProperty("compute_capability").GetString(), device.GetProperty("multiprocessors").GetInt32(), device.GetProperty("memory_bytes").GetInt64()),
            Is.EqualTo(("Test device", "9.0", 132, 8L << 30)));
        using var refused = Start(["waves", "--backend", "cuda"], ("TORCHBRAIN_CUDA_LIBRARIES", _cli.Folder));
        Assert.That(Finish(refused).Error, Does.StartWith("TBN2001").And.Contain("no complete CUDA driver"));
    }

    [Test]
    [Platform("Linux")]
    public void ALibraryThatIsNoDriverIsNoCrash()
    {
        Compile("libcuda.so.1", "int cuInit(unsigned f) { return 999; } int cuDriverGetVersion(int *v) { return 1; }");
        using var info = Start(["info", "--json"], ("TORCHBRAIN_CUDA_LIBRARIES", _cli.Folder));
        var result = Finish(info);
        Assert.That(result.Code, Is.Zero, result.ToString());
        using var json = JsonDocument.Parse(result.Out);
        Assert.That(json.RootElement.GetProperty("cuda").GetProperty("problem").GetString(), Does.Contain("999"));
        Compile("libcuda.so.1", "int nothing;");
        using var empty = Start(["info", "--json"], ("TORCHBRAIN_CUDA_LIBRARIES", _cli.Folder));
        result = Finish(empty);
        Assert.That(result.Code, Is.Zero, result.ToString());
        Assert.That(result.Out, Does.Contain("no complete CUDA driver"));
    }

    void Compile(string library, string source)
    {
        File.WriteAllText(_cli.PathOf("stub.c"), source);
        try
        {
            using var gcc = Process.Start("gcc", ["-shared", "-fPIC", "-w", "-o", _cli.PathOf(library), _cli.PathOf("stub.c")]);
            gcc.WaitForExit();
            Assert.That(gcc.ExitCode, Is.Zero);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("gcc is not here");
        }
    }
}
