using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NUnit.Framework;
using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Tests;

/// <summary>The sample in <c>tests/aot</c> as a process of its own: without a driver, with errors that would spoil this process, and published with Native AOT or trimmed.</summary>
[Category("Slow"), NonParallelizable]
public class SampleTests
{
    static readonly TemporaryFolder s_folder = new();
    static readonly Dictionary<string, (string Program, string Log)> s_published = [];

    static string Project([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "aot", "TorchBrain.Native.AotSample.csproj"));

    static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    [OneTimeTearDown]
    public void End() => s_folder.Dispose();

    static (string Program, string Log) Published(string kind, params string[] properties)
    {
        if (!File.Exists(Project()))
            Assert.Ignore("The sources of the sample are not here.");
        if (s_published.TryGetValue(kind, out var published))
            return published;
        // An output tree of its own: the sample's usual one may be in use, and is made with other settings.
        var (code, log) = CudaTest.Run(Dotnet, ["publish", Project(), "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-o", s_folder[kind], $"-p:ArtifactsPath={s_folder[kind + "-build"]}",
            "--disable-build-servers", "-nodeReuse:false", .. properties]);
        if (code != 0 && log.Contains("error NU", StringComparison.Ordinal) && Environment.GetEnvironmentVariable(CudaTestSetup.Required)?.Contains("aot", StringComparison.Ordinal) != true)
            Assert.Ignore($"The packages that publishing needs cannot be had here: {log}");
        Assert.That(code, Is.Zero, log);
        return s_published[kind] = (Path.Combine(s_folder[kind], "TorchBrain.Native.AotSample" + (OperatingSystem.IsWindows() ? ".exe" : "")), log);
    }

    static string Trimmed => Published("trimmed", "-p:PublishAot=false", "-p:PublishTrimmed=true", "--self-contained").Program;

    static string Libraries => Environment.GetEnvironmentVariable(CudaProbe.Variable) ?? "";

    static (int Code, string Output) Start(string program, params string[] arguments) => CudaTest.Run(program, arguments, null, (CudaProbe.Variable, Libraries), (KernelCache.Variable, s_folder["cache"]));

    static void AssertRuns(string program)
    {
        CudaTest.Require();
        var (code, output) = Start(program);
        Assert.That(code, Is.Zero, output);
        Assert.That(output, Does.Contain("cpu: spike hash ").And.Contain("sum 7000").And.Contain("1 compiled").Or.Contain("0 compiled"), output);
        Assert.That(Start(program).Output, Does.Contain("0 compiled").And.Contain("sum 7000"), "the second start compiles nothing");
    }

    [Test]
    public void NativeAot_PublishesWithoutWarnings_AndRuns()
    {
        if (!OperatingSystem.IsWindows() && new[] { "clang", "gcc" }.All(c => !OnPath(c)))
            Assert.Ignore("Native AOT links with a C compiler; there is none here.");
        var (program, log) = Published("aot", OnPath("clang") ? "-p:CppCompilerAndLinker=clang" : "-p:CppCompilerAndLinker=gcc");
        Assert.That(log, Does.Not.Match(@"warning|\bIL\d{4}\b"));
        Assert.That(File.Exists(Path.ChangeExtension(program, ".dll")), Is.False, "nothing is left for a run-time compiler");
        AssertRuns(program);
    }

    [Test]
    public void Trimmed_PublishesWithoutWarnings_AndRuns()
    {
        var program = Trimmed;
        Assert.That(s_published["trimmed"].Log, Does.Not.Match(@"warning|\bIL\d{4}\b"));
        AssertRuns(program);
    }

    [Test]
    public void WithoutADriver_SaysSo_AndTheCpuRuns()
    {
        if (NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", out _) && CudaTestSetup.OnDevice)
            Assert.Ignore("This machine has a driver.");
        using var empty = new TemporaryFolder();
        var (code, output) = CudaTest.Run(Trimmed, [], null, (CudaProbe.Variable, empty.Path));
        Assert.That(code, Is.Zero, output);
        Assert.That(output, Does.Contain("cpu: spike hash ").And.Contain(ErrorCode.CudaUnavailable).And.Contain(empty.Path).And.Contain("CpuBackend"));
    }

    [Test]
    public void KernelThatFails_IsToldWithItsName()
    {
        CudaTest.Require();
        var (code, output) = Start(Trimmed, "fault");
        TestContext.Out.WriteLine(output);
        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Does.Contain(ErrorCode.CudaCallFailed).And.Contain("(700)").And.Contain("'cuStreamSynchronize'").And.Contain("kernel 'sample', grid 16 x block 64").And.Contain("restart it"));
    }

    [Test]
    public void LackOfMemory_IsToldWithItsPurpose()
    {
        CudaTest.Require();
        var (code, output) = Start(Trimmed, "memory");
        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Does.Contain(ErrorCode.DeviceOutOfMemory).And.Contain("a sample that is too large"));
    }

    static bool OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
