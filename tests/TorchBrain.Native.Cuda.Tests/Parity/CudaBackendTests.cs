using NUnit.Framework;
using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Tests;

/// <summary>The backend itself: options, its cache, its memory, its life.</summary>
public class CudaBackendTests
{
    [OneTimeSetUp]
    public void Begin() => CudaTest.Require();

    static Network Small { get; } = LearningCases.Everything(1).Network;

    [TestCase(3)]
    [TestCase(-1)]
    [TestCase(2048)]
    public void StepsPerGraph_NotAllowed_Refused(int steps) => CudaTest.Error(ErrorCode.BackendOption, () => new CudaBackend(new CudaOptions { StepsPerGraph = steps }).Dispose());

    [Test]
    public void Tuning_NotAllowed_Refused()
    {
        CudaTuning[] wrong = [new() { UpdateBlock = 48 }, new() { CompactBlock = 2048 }, new() { SparseBlock = 0 }, new() { DenseBlock = -32 }, new() { WinnerBlock = 33 }, new() { ChunkLength = 31 }, new() { BlocksPerMultiprocessor = -1 },
            new() { Stepping = (CudaStepping)4 }, new() { Plasticity = (CudaPlasticity)2 }, new() { StepsBlock = -32 }, new() { StepsBlock = 48 }, new() { StepsBlock = 2048 },
            new() { PullFromActivity = -0.1 }, new() { PullFromActivity = 1.5 }, new() { PullFromActivity = double.NaN }];
        foreach (var tuning in wrong)
            CudaTest.Error(ErrorCode.BackendOption, () => new CudaBackend(new CudaOptions { Tuning = tuning }).Dispose());
    }

    [Test]
    public void Device_ThatIsNotThere_Refused() => CudaTest.Error(ErrorCode.BackendOption, () => new CudaBackend(new CudaOptions { Device = 99 }).Dispose());

    [Test]
    [Category("Emulator")]
    public void Device_ByNumber_RunsThere()
    {
        if (CudaTestSetup.OnDevice)
            Assert.Ignore("A machine may have one device only.");
        EmulatorLibrary.SetDevices(3);
        try
        {
            var parity = LearningCases.Everything(1);
            var (plan, expected) = ParityRun.Reference(parity);
            using var backend = new CudaBackend(new CudaOptions { Device = 2 });
            using var simulation = Simulation.Create(plan, backend);
            parity.Run(simulation, parity.Steps);
            Assert.That(Outcome.Of(simulation).DifferenceFrom(expected, plan), Is.Null);
            Assert.That(backend.Context.Device.Ordinal, Is.EqualTo(2));
            Assert.That(simulation.Compiled.Describe(), Does.Contain("device 2"));
        }
        finally
        {
            EmulatorLibrary.SetDevices(1);
        }
    }

    [Test]
    public void SecondStart_OfTheSameNetwork_CompilesNothing()
    {
        using var folder = new TemporaryFolder();
        var options = new CudaOptions { KernelCacheFolder = folder.Path, Tuning = new() { Stepping = CudaStepping.Graph } };
        using (var first = new CudaBackend(options))
        {
            using var simulation = Simulation.Create(Small, first);
            Assert.That((first.KernelsCompiled, first.KernelsFromCache), Is.EqualTo((CudaLowering.Units(Small.Plan(), options.Tuning).Count, 0)));
        }
        using var second = new CudaBackend(options);
        using var again = Simulation.Create(Small, second);
        Assert.That((second.KernelsCompiled, second.KernelsFromCache), Is.EqualTo((0, CudaLowering.Units(Small.Plan(), options.Tuning).Count)));
        Assert.That(again.Compiled.Describe(), Does.Contain("0 kernel files compiled"));
    }

    [Test]
    public void KernelSources_FromAFolder_AreUsed()
    {
        using var folder = new TemporaryFolder();
        EditedKernels.Write(folder.Path, "const bool spike = Scheme == TBN_EULER ? v > p.peak : v >= p.peak;", "const bool spike = false;");
        var p = new Population("p", 50) { Neuron = new Izhikevich() };
        var network = new Network { Populations = [p], Inputs = [new CurrentInjection(p) { Amplitude = 12 }] };
        using var edited = new CudaBackend(new CudaOptions { KernelSourceFolder = folder.Path });
        using var silent = Simulation.Create(network, edited);
        using var own = new CudaBackend();
        using var alive = Simulation.Create(network, own);
        foreach (var simulation in new[] { silent, alive })
            simulation.Run(100);
        int[] none = new int[50], some = new int[50];
        silent.AddSpikeCounts(silent.Population("p"), none);
        alive.AddSpikeCounts(alive.Population("p"), some);
        Assert.That((none.Sum(), some.Sum() > 50), Is.EqualTo((0, true)));
    }

    [Test]
    public void SimilarPopulations_ShareALaunch()
    {
        Population[] populations = [.. Enumerable.Range(0, 8).Select(k => new Population($"p{k}", 20 + k) { Neuron = new LeakyIntegrateAndFire { TauMs = 10 + k } })];
        var plan = new Network { Populations = populations, Inputs = [.. populations.Select(p => new CurrentInjection(p))] }.Plan();
        var launches = CudaLowering.Lower(plan, new CudaTuning());
        Assert.That(launches.Count(l => l.Kernel == KernelCatalog.UpdateNeurons), Is.EqualTo(1));
        Assert.That(launches[0].Unit.Defines, Does.Contain("TBN_Q22=1,0u").And.Some.StartsWith("TBN_THRESHOLD=0,0x"));
    }

    [Test]
    public void Memory_AllGivenBack()
    {
        CudaTest.RequireOwnMemory();
        using var backend = new CudaBackend();
        var before = backend.Context.Memory().Free;
        using (var simulation = Simulation.Create(Small, backend))
        {
            simulation.Run(10);
            Assert.That(backend.Context.Memory().Free, Is.LessThan(before));
        }
        Assert.That(backend.Context.Memory().Free, Is.EqualTo(before));
    }

    [Test]
    public void Describe_NamesDeviceAndGraphs()
    {
        using var backend = new CudaBackend(new CudaOptions { StepsPerGraph = 16, Tuning = new() { Stepping = CudaStepping.Graph } });
        using var simulation = Simulation.Create(Small, backend);
        Assert.That(simulation.Compiled.Describe(), Does.Contain(backend.Context.Device.Name).And.Contain("up to 16 steps a graph"));
    }
}
