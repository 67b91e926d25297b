using NUnit.Framework;
using TorchBrain.Native.Cpu;
using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Tests;

/// <summary>Which way steps are launched, and that it can change in mid-run.</summary>
public class CudaSteppingTests
{
    static readonly CudaStepping[] s_ways = [CudaStepping.Graph, CudaStepping.Persistent, CudaStepping.OneBlock];

    [OneTimeSetUp]
    public void Begin() => CudaTest.Require();

    static CudaOptions Options(CudaStepping stepping, int stepsBlock = 0) => new() { Tuning = new() { Stepping = stepping, StepsBlock = stepsBlock } };

    static Network Silent(int neurons)
    {
        var p = new Population("p", neurons) { Neuron = new Izhikevich() };
        return new Network { Populations = [p], Inputs = [new CurrentInjection(p) { Amplitude = 12 }] };
    }

    static Network Connected(int neurons)
    {
        var p = new Population("p", neurons) { Neuron = new Izhikevich() };
        return new Network { Populations = [p], Inputs = [new CurrentInjection(p) { Amplitude = 12 }], Projections = [new Projection(p, p) { Connectivity = new AllToAll(), Weight = 0.1 }] };
    }

    static string Describe(Network network, CudaOptions options)
    {
        using var backend = new CudaBackend(options);
        using var simulation = Simulation.Create(network, backend);
        simulation.Run(3);
        return simulation.Compiled.Describe();
    }

    static string Hash(Network network, IBackend backend)
    {
        using (backend)
        using (var simulation = Simulation.Create(network, backend))
        {
            simulation.Run(100);
            return simulation.SpikeHash;
        }
    }

    [Test]
    public void Describe_Chosen_SaysWhatAndWhy()
    {
        Assert.That(Describe(Silent(512), new CudaOptions()), Does.Contain("stepping OneBlock, chosen: 512 neurons, 0 synapses fit one block").And.Contain("a launch of 1 x 512 threads"));
        Assert.That(Describe(Silent(513), new CudaOptions()), Does.Contain("stepping Persistent, chosen: 513 neurons, 0 synapses are too many for one block").And.Contain("a launch of 4 x 128 threads"));
    }

    [Test]
    public void Describe_Asked_SaysSo()
    {
        Assert.That(Describe(Silent(100), Options(CudaStepping.Graph)), Does.Contain("stepping Graph, asked for").And.Contain("1 kernels a step, up to 64 steps a graph"));
        Assert.That(Describe(Connected(100), Options(CudaStepping.Persistent, 32)), Does.Contain("stepping Persistent, asked for").And.Contain("2 phases and 2 barriers a step, up to 64 steps a launch of 4 x 32 threads"));
        Assert.That(Describe(Silent(3000), Options(CudaStepping.OneBlock)), Does.Contain("stepping OneBlock, asked for").And.Contain("a launch of 1 x 512 threads"));
        Assert.That(Describe(Silent(100), Options(CudaStepping.Persistent) with { CheckEveryLaunch = true }), Does.Contain("stepping Graph, every launch is checked"));
    }

    [Test]
    public void Rule_WithoutCooperativeLaunch_FallsBackToGraphs()
    {
        var (small, large) = (Silent(100).Plan(), Silent(5000).Plan());
        Assert.That(SteppingRule.Choose(small, new CudaOptions(), cooperative: false).Stepping, Is.EqualTo(CudaStepping.OneBlock));
        Assert.That(SteppingRule.Choose(large, new CudaOptions(), cooperative: false), Is.EqualTo(new SteppingChoice(CudaStepping.Graph,
            "chosen: 5,000 neurons, 0 synapses are too many for one block, and the device has no cooperative launch")));
        Assert.That(SteppingRule.Choose(small, Options(CudaStepping.Persistent), cooperative: false), Is.EqualTo(new SteppingChoice(CudaStepping.Graph, "instead of Persistent: the device has no cooperative launch")));
        Assert.That(SteppingRule.Choose(small, Options(CudaStepping.OneBlock), cooperative: false).Stepping, Is.EqualTo(CudaStepping.OneBlock));
    }

    [Test]
    public void Launches_TellTheSharedMemoryOfTables()
    {
        var network = Connected(100);
        using var backend = new CudaBackend(Options(CudaStepping.OneBlock, 64));
        using var simulation = Simulation.Create(network, backend);
        var program = StepProgram.Of(network.Plan(), new CudaTuning().WithBlocks(64), oneBlock: true);
        var scratch = program.Launch.Unit.Defines.Single(d => d.StartsWith("TBN_SCRATCH=", StringComparison.Ordinal))["TBN_SCRATCH=".Length..];
        Assert.That(program.TableBytes, Is.Positive);
        Assert.That(CudaBackend.Launches(simulation.Compiled).Single().SharedBytes, Is.GreaterThanOrEqualTo(program.TableBytes + sizeof(uint) * int.Parse(scratch, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Test]
    public void Tables_TooLargeForSharedMemory_StayInGlobalMemory()
    {
        Population[] cells = [.. Enumerable.Range(0, 90).Select(k => new Population($"p{k}", 3) { Neuron = new Izhikevich() })];
        var network = new Network
        {
            Populations = [.. cells],
            Inputs = [.. cells.SelectMany(p => (Input[])[new GaussianNoise(p) { Deviation = 9 }, new PoissonInput(p) { RateHz = 800, Weight = 2 }])],
            Projections = [.. cells.Zip(cells.Skip(1), (a, b) => new Projection(a, b) { Connectivity = new AllToAll(), Weight = 4 })],
        };
        var wanted = Hash(network, new CpuBackend());
        var tuning = new CudaTuning().WithBlocks(64);
        Assert.That(StepProgram.Of(network.Plan(), tuning, oneBlock: false).TableBytes, Is.Zero);
        Assert.That(StepProgram.Of(Connected(100).Plan(), tuning, oneBlock: false).TableBytes, Is.InRange(1, StepTables.MostBytes));
        foreach (var stepping in (CudaStepping[])[CudaStepping.Persistent, CudaStepping.OneBlock])
            Assert.That(Hash(network, new CudaBackend(Options(stepping, 64))), Is.EqualTo(wanted), $"{stepping}");
    }

    // More than four times as many parts as a warp has lanes share a launch: the numbering takes two rounds, and finding a part a search.
    [Test]
    public void Projections_ManyInALaunch_GiveTheSpikesOfTheProcessor()
    {
        Population[] cells = [.. Enumerable.Range(0, 13).Select(k => new Population($"p{k}", 20 + k) { Neuron = new Izhikevich() })];
        var network = new Network
        {
            Populations = [.. cells],
            Inputs = [.. cells.Select((p, k) => (Input)new GaussianNoise(p) { Deviation = k % 3 == 0 ? 12 : 4 })],
            Projections = [.. from a in cells from b in cells select new Projection(a, b) { Connectivity = new FixedTotal(40), Weight = Parameter.Uniform(-3, 6), DelayMs = Parameter.Uniform(1, 4) }],
        };
        Assert.That(network.Plan().Projections.Select(p => p.Storage).Distinct(), Is.EqualTo(new[] { Planning.SynapseStorage.SparseInt16 }));
        var wanted = Hash(network, new CpuBackend());
        foreach (var stepping in s_ways)
            Assert.That(Hash(network, new CudaBackend(Options(stepping, 256))), Is.EqualTo(wanted), $"{stepping}");
    }

    [Test]
    public void Phases_TooManyForOneKernel_FallBackToGraphs()
    {
        Population[] cells = [.. Enumerable.Range(0, 12).Select(k => new Population($"p{k}", 1) { Neuron = new LeakyIntegrateAndFire() })];
        var network = new Network
        {
            Populations = [.. cells],
            Projections = [.. from a in cells from b in cells select new Projection(a, b) { Connectivity = new AllToAll(), Weight = 1, Learning = new PairStdp { MaxWeight = 2 } }],
        };
        Assert.That(Describe(network, Options(CudaStepping.Persistent)), Does.Contain("stepping Graph, instead of Persistent: the arguments of 289 phases are too many for one kernel"));
    }

    [Test]
    public void Run_PartsOfAnyLength_SameBits([ValueSource(nameof(s_ways))] CudaStepping stepping)
    {
        var parity = LearningCases.Everything(1) with { Name = "everything, in parts", Steps = 500, Host = null };
        var (plan, expected) = ParityRun.Reference(parity);
        using var backend = new CudaBackend(Options(stepping, 64));
        using var simulation = Simulation.Create(plan, backend);
        for (var part = 1; simulation.StepNumber + part < 500; part = part * 3 % 101)
            simulation.Run(part);
        parity.Run(simulation, parity.Steps);
        Assert.That(Outcome.Of(simulation).DifferenceFrom(expected, plan), Is.Null);
    }

    [Test]
    public void Load_FromEveryOtherWay_GoesOnBitForBit([Values(1, 3)] int batch)
    {
        var parity = LearningCases.Everything(batch) with { Steps = 120 };
        var (plan, expected) = ParityRun.Reference(parity);
        IBackend[] backends = [ParityRun.Cpu(1), .. s_ways.Select(w => new CudaBackend(Options(w, 64)))];
        Simulation[] simulations = [.. backends.Select(b => Simulation.Create(plan, b))];
        // Every way hands over to every other once.
        int[] turns = [0, 1, 2, 3, 0, 2, 1, 3, 2, 0, 3, 1, 0];
        for (var k = 0; k < turns.Length; k++)
        {
            if (k > 0)
                simulations[turns[k]].Load(simulations[turns[k - 1]].Save());
            parity.Run(simulations[turns[k]], k < turns.Length - 1 ? 9 * (k + 1) : parity.Steps);
        }
        // Spike counts are those since the last load.
        Assert.That((Outcome.Of(simulations[turns[^1]]) with { Counts = expected.Counts }).DifferenceFrom(expected, plan), Is.Null);
        foreach (var d in simulations.Cast<IDisposable>().Concat(backends))
            d.Dispose();
    }

    [Test]
    public void Recordings_DrainedInAnyParts_EqualReference([ValueSource(nameof(s_ways))] CudaStepping stepping)
    {
        var parity = RecordedRun.Case(1);
        using var backend = new CudaBackend(Options(stepping, 64));
        Assert.That(RecordedRun.Of(parity, backend, 17).Order(), Is.EqualTo(RecordedRun.Of(parity, new ReferenceBackend(), 200).Order()));
    }

    static PhaseAccess[] Phase(params (Resource What, Use Use)[] accesses) => [.. accesses.Select(a => new PhaseAccess(a.What, 0, a.Use))];

    [Test]
    public void Barriers_LieBetweenPhases_ThatDependOnEachOther()
    {
        var update = Phase((Resource.Input, Use.Write), (Resource.Spikes, Use.Write));
        var compact = Phase((Resource.Spikes, Use.Read), (Resource.Lists, Use.Write));
        var propagate = Phase((Resource.Lists, Use.Read), (Resource.Input, Use.Add));
        Assert.That(StepBarriers.Of([update]), Is.EqualTo(new[] { true }), "a step writes what the one before wrote");
        Assert.That(StepBarriers.Of([update, compact, propagate, propagate]), Is.EqualTo(new[] { true, true, true, false }), "additions do not wait for each other");
        Assert.That(StepBarriers.Of([propagate, update, compact]), Is.EqualTo(new[] { true, true, true }));
    }
}
