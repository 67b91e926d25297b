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
    public void Persistent_AnyNetwork_EqualsReference(string name)
    {
        using var backend = Backend(CudaStepping.Persistent);
        ParityRun.AssertSame(ParityCases.All.Single(c => c.Name == name), backend);
    }

    // The phases are the same code, and the random networks draw how they are launched: a part of the matrix is enough here.
    [TestCaseSource(nameof(EveryFourth), new object[] { 0 })]
    public void Graph_AnyNetwork_EqualsReference(string name)
    {
        using var backend = Backend(CudaStepping.Graph);
        ParityRun.AssertSame(ParityCases.All.Single(c => c.Name == name), backend);
    }

    [TestCaseSource(nameof(EveryFourth), new object[] { 2 })]
    public void OneBlock_AnyNetwork_EqualsReference(string name)
    {
        using var backend = Backend(CudaStepping.OneBlock);
        ParityRun.AssertSame(ParityCases.All.Single(c => c.Name == name), backend);
    }

    // Small blocks: small networks have several of them, and the emulator has fewer threads to keep waiting.
    static CudaBackend Backend(CudaStepping stepping) => new(new CudaOptions { Tuning = new() { Stepping = stepping, StepsBlock = stepping == CudaStepping.Persistent ? 64 : 0 } });

    static IEnumerable<string> EveryFourth(int first) => Names().Where((_, k) => k % 4 == first);

    [Test]
    public void Cuda_RandomNetwork_EqualsReference([Range(0, 79)] int seed)
    {
        var random = new Random(seed);
        var parity = RandomNetworks.Case(seed, random);
        using var backend = new CudaBackend(new CudaOptions { StepsPerGraph = 1 << random.Next(7), Tuning = Tunings.Any(random) });
        ParityRun.AssertSame(parity, backend);
    }
}

/// <summary>Ways to launch, sizes of blocks and chunks, none of which may change a result.</summary>
static class Tunings
{
    public static CudaTuning Any(Random random)
    {
        int Block() => 32 << random.Next(5);
        var stepping = (CudaStepping)random.Next(4);
        return random.Next(2) == 0 ? new CudaTuning { Stepping = stepping } : new CudaTuning
        {
            Stepping = stepping,
            StepsBlock = Block(),
            UpdateBlock = Block(),
            CompactBlock = Block(),
            SparseBlock = Block(),
            DenseBlock = Block(),
            WinnerBlock = Block(),
            ChunkLength = 32 << random.Next(4),
            BlocksPerMultiprocessor = 1 + random.Next(4),
            Plasticity = (CudaPlasticity)random.Next(2),
            PullFromActivity = random.Next(3) * 0.04,
        };
    }
}
