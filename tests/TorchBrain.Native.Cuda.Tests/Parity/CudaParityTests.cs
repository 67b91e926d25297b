using NUnit.Framework;
using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Tests;

/// <summary>The CUDA backend leaves exactly the bits of the reference behind, on the emulator or on a device.</summary>
[Parallelizable(ParallelScope.Children)]
public class CudaParityTests
{
    [OneTimeSetUp]
    public void Begin() => CudaTest.Require();

    static IEnumerable<string> Names() => ParityCases.All.Select(c => c.Name);

    [TestCaseSource(nameof(Names))]
    public void Cuda_AnyNetwork_EqualsReference(string name)
    {
        using var backend = new CudaBackend();
        ParityRun.AssertSame(ParityCases.All.Single(c => c.Name == name), backend);
    }

    [Test]
    public void Cuda_RandomNetwork_EqualsReference([Range(0, 79)] int seed)
    {
        var random = new Random(seed);
        var parity = RandomNetworks.Case(seed, random);
        using var backend = new CudaBackend(new CudaOptions { StepsPerGraph = 1 << random.Next(7), Tuning = Tunings.Any(random) });
        ParityRun.AssertSame(parity, backend);
    }
}

/// <summary>Sizes of blocks and chunks, none of which may change a result.</summary>
static class Tunings
{
    public static CudaTuning Any(Random random)
    {
        int Block() => 32 << random.Next(5);
        return random.Next(2) == 0 ? new CudaTuning() : new CudaTuning
        {
            UpdateBlock = Block(),
            CompactBlock = Block(),
            SparseBlock = Block(),
            DenseBlock = Block(),
            WinnerBlock = Block(),
            ChunkLength = 32 << random.Next(4),
            BlocksPerMultiprocessor = 1 + random.Next(4),
        };
    }
}
