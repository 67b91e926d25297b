// Thin tasks, each a command that a person could type. Only Cake.Tool itself is needed: no addins, nothing is fetched at run time.
//   dotnet tool restore && dotnet cake                      format check, build, test
//   dotnet cake --target=Test --filter='TestCategory!=Gpu'  some of the tests
//   dotnet cake --target=DeviceCode                         only what compiles the kernels, with the table of registers
//   dotnet cake --target=Bundle                             an archive for a machine with a GPU but without .NET
//   dotnet cake --target=Bench --filter='*Neuron*' --job=short
using System.Xml.Linq;

var target = Argument("target", "Default");
var configuration = Argument("configuration", "Release");
var filter = Argument("filter", "");
const string solution = "./TorchBrain.Native.sln";
var artifacts = Directory("./artifacts");
var results = artifacts + Directory("tests");
string tally = null;
var broken = false;

Environment.SetEnvironmentVariable("DOTNET_CLI_TELEMETRY_OPTOUT", "1");
Environment.SetEnvironmentVariable("TESTINGPLATFORM_TELEMETRY_OPTOUT", "1");
Environment.SetEnvironmentVariable("DOTNET_NOLOGO", "1");

Task("Default").IsDependentOn("CI");

Task("Clean").Does(() =>
{
    CleanDirectory(artifacts);
    DotNetClean(solution, new DotNetCleanSettings { Configuration = configuration });
});

Task("Restore").Does(() => DotNetRestore(solution));

Task("Format-Check").IsDependentOn("Restore").Does(() => Run("format " + solution + " --verify-no-changes --no-restore"));

// Directory.Build.props makes warnings errors already; the switch holds for projects that forget it.
Task("Build").IsDependentOn("Restore").Does(() => DotNetBuild(solution, new DotNetBuildSettings
{
    Configuration = configuration,
    NoRestore = true,
    MSBuildSettings = new DotNetMSBuildSettings { TreatAllWarningsAs = MSBuildTreatAllWarningsAs.Error },
}));

Task("Test").IsDependentOn("Build").Does(() =>
{
    CleanDirectory(results);
    tally = "0 passed, 1 failed, 0 skipped"; // if nothing below is reached
    // 8 is "no test ran" of one assembly: all assemblies together are checked below.
    var exit = Start("test --solution " + solution + " --configuration " + configuration + " --no-build --no-progress --no-ansi --report-trx"
        + " --ignore-exit-code 8 --hangdump --hangdump-timeout 5m --hangdump-type None"
        + " --results-directory \"" + MakeAbsolute(results).FullPath + "\"" + (filter == "" ? "" : " --filter \"" + filter + "\""));
    // Where there is an NVIDIA device, the tests of the CUDA backend run once more, on it.
    if (System.IO.File.Exists("/dev/nvidia0"))
    {
        Environment.SetEnvironmentVariable("TORCHBRAIN_TEST_CUDA", "device");
        exit |= Start("test --project ./tests/TorchBrain.Native.Cuda.Tests --configuration " + configuration + " --no-build --no-progress --no-ansi --report-trx --ignore-exit-code 8"
            + " --results-directory \"" + MakeAbsolute(results + Directory("device")).FullPath + "\" --filter \"TestCategory!=Emulator&TestCategory!=Slow\"");
        Environment.SetEnvironmentVariable("TORCHBRAIN_TEST_CUDA", null);
    }
    int passed = 0, failed = 0, skipped = 0;
    foreach (var trx in GetFiles("./artifacts/tests/**/*.trx"))
        foreach (var outcome in XDocument.Load(trx.FullPath).Descendants().Where(e => e.Name.LocalName == "UnitTestResult").Select(e => (string)e.Attribute("outcome")))
            if (outcome == "Passed") passed++;
            else if (outcome == "NotExecuted") skipped++;
            else failed++;
    if ((exit != 0 || passed == 0) && failed == 0)
        failed = 1; // a test host that died reports no failed test of its own
    tally = $"{passed} passed, {failed} failed, {skipped} skipped";
    if (failed > 0)
        throw new CakeException($"Tests failed: {tally} (dotnet test exited with {exit}).");
});

// Compiles every kernel with NVRTC (folder in TORCHBRAIN_NVRTC, see .ci/fetch-nvrtc) and clang. The table of registers lands in artifacts/registers.md.
Task("DeviceCode").IsDependentOn("Build").Does(() =>
{
    EnsureDirectoryExists(artifacts);
    Environment.SetEnvironmentVariable("TORCHBRAIN_WRITE_REGISTERS", MakeAbsolute(artifacts + File("registers.md")).FullPath);
    Run("test --project ./tests/TorchBrain.Native.DeviceCode.Tests --configuration " + configuration + " --no-build --no-progress --no-ansi --output Detailed"
        + (filter == "" ? "" : " --filter \"" + filter + "\""));
});

// Published numbers: --job=default on a quiet machine; --job=dry only shows that every benchmark runs.
Task("Bench").IsDependentOn("Build").Does(() => Run("run --project bench/TorchBrain.Native.Benchmarks --configuration " + configuration + " --no-build --"
    + " --filter \"" + (filter == "" ? "*" : filter) + "\" --job " + Argument("job", "short") + " --exporters github fulljson"
    + " --artifacts \"" + MakeAbsolute(artifacts + Directory("bench")).FullPath + "\""));

// Without --no-build: a tool package for one system needs a build of its own.
Task("Pack").IsDependentOn("Build").Does(() => DotNetPack(solution, new DotNetPackSettings
{
    Configuration = configuration,
    OutputDirectory = artifacts + Directory("packages"),
}));

// One archive for a bare x86-64 Linux machine with an NVIDIA driver and NVRTC: tar xzf, then ./run. Tests, tool and benchmarks share one self-contained folder.
Task("Bundle").Does(() =>
{
    const long mostBytes = 60L << 20;
    var folder = artifacts + Directory("torchbrain-gpu");
    CleanDirectory(folder);
    foreach (var project in new[] { "src/TorchBrain.Native.Cli", "tests/TorchBrain.Native.Cuda.Tests" })
        Run("publish " + project + " --configuration " + configuration + " --runtime linux-x64 --self-contained true --output \"" + MakeAbsolute(folder).FullPath + "\"");
    DeleteFiles(GetFiles(folder.Path.FullPath + "/*.pdb") + GetFiles(folder.Path.FullPath + "/*.xml"));
    CopyFiles(GetFiles("./bench/bundle/*"), folder);
    var archive = MakeAbsolute(artifacts + File("torchbrain-gpu.tar.gz")).FullPath;
    if (StartProcess("tar", new ProcessSettings { Arguments = "czf \"" + archive + "\" -C \"" + MakeAbsolute(artifacts).FullPath + "\" torchbrain-gpu" }) != 0)
        throw new CakeException("tar failed.");
    var bytes = new System.IO.FileInfo(archive).Length;
    Information($"{archive}: {bytes / 1048576.0:0.0} MiB");
    if (bytes > mostBytes)
        throw new CakeException($"The bundle has {bytes:N0} bytes; at most {mostBytes:N0} are allowed.");
});

Task("CI").IsDependentOn("Format-Check").IsDependentOn("Build").IsDependentOn("Test");

int Start(string arguments) => StartProcess("dotnet", new ProcessSettings { Arguments = arguments });

void Run(string arguments)
{
    if (Start(arguments) is var exit && exit != 0)
        throw new CakeException($"dotnet {arguments} exited with {exit}.");
}

try
{
    RunTarget(target);
}
catch (Exception e)
{
    broken = true;
    Error(e.Message);
}
if (broken)
    tally ??= target is "Default" or "CI" or "Test" ? "0 passed, 1 failed, 0 skipped" : null;
if (tally != null)
    Console.WriteLine(tally);
Environment.Exit(broken ? 1 : 0);
