using NUnit.Framework;
using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Tests;

/// <summary>
/// Decides once, before anything touches CUDA, what the tests of this assembly run on: the emulator, or with <c>TORCHBRAIN_TEST_CUDA=device</c> the machine's own driver. Kernels are
/// cached in a folder of the run.
/// </summary>
[SetUpFixture]
public class CudaTestSetup
{
    internal const string Choice = "TORCHBRAIN_TEST_CUDA", Required = "TORCHBRAIN_REQUIRE";

    static TemporaryFolder? s_cache;

    /// <summary>Why there is nothing to run on; null if there is.</summary>
    internal static string? Missing { get; private set; }

    internal static bool OnDevice => Environment.GetEnvironmentVariable(Choice) == "device";

    [OneTimeSetUp]
    public void Begin()
    {
        s_cache = new TemporaryFolder();
        Environment.SetEnvironmentVariable(KernelCache.Variable, s_cache.Path);
        if (!OnDevice)
        {
            if (EmulatorLibrary.TryBuild(out var why) is { } emulator)
                Environment.SetEnvironmentVariable(CudaProbe.Variable, emulator.Folder);
            else
                Missing = why;
        }
        else if (CudaProbe.Machine.Devices.Count == 0)
            Missing = CudaProbe.Machine.Summary;
    }

    [OneTimeTearDown]
    public void End() => s_cache?.Dispose();
}
