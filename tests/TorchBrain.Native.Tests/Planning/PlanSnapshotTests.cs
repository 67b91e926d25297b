using NUnit.Framework;

namespace TorchBrain.Native.Tests;

/// <summary>
/// The plans of three networks as text files in git, so that a change of buffers, scales, storage or the order of a step is seen in review.
/// To renew them after an intended change: run these tests once with the environment variable TORCHBRAIN_RENEW_SNAPSHOTS=1 and commit the files.
/// </summary>
public class PlanSnapshotTests
{
    const string Renew = "TORCHBRAIN_RENEW_SNAPSHOTS";

    static Network Sheet()
    {
        var sheet = new Population("sheet", 400) { Neuron = new Izhikevich { A = Parameter.FromUniform(u => 0.02 + 0.08 * u, "kind"), D = Parameter.FromUniform(u => 8 - 6 * u, "kind") }, Geometry = new Square(28), Lesionable = true };
        var pool = new Population("pool", 50) { Neuron = new ThresholdLinear(), Geometry = new Square(28) { Placement = NodePlacement.Lattice } };
        return new Network
        {
            Name = "sheet and pooling layer",
            Seed = 7,
            Populations = [sheet, pool],
            Projections =
            [
                new Projection(sheet, sheet) { Connectivity = DistanceKernel.CentreSurround() },
                new Projection(sheet, pool) { Connectivity = new AllToAll(), Weight = Parameter.Uniform(0, 5), Learning = new WinnerTakeAllHebbian() },
            ],
            Inputs = [new GaussianNoise(sheet) { Deviation = 3 }, new CurrentInjection(sheet)],
            Recordings = [new SpikeRecording(sheet), new StateRecording(pool, "theta") { Steps = 100, EverySteps = 10 }],
        };
    }

    static Network Balanced()
    {
        var model = new LeakyIntegrateAndFire { Synapses = new ExponentialSynapses { TauMs = 5, TauInhibitoryMs = 10 }, InitialMv = Parameter.Uniform(-65, -50) };
        Population excitatory = new("e", 800) { Neuron = model }, inhibitory = new("i", 200) { Neuron = model };
        Projection Join(Population source, Population target, double weight) => new(source, target) { Connectivity = new FixedProbability(0.02), Weight = weight, DelayMs = Parameter.Uniform(1, 3) };
        return new Network
        {
            Name = "balanced network",
            TimeStepMs = 0.1,
            Batch = 2,
            Populations = [excitatory, inhibitory],
            Projections = [Join(excitatory, excitatory, 20), Join(excitatory, inhibitory, 20), Join(inhibitory, excitatory, -100), Join(inhibitory, inhibitory, -100)],
            Inputs = [new PoissonInput(excitatory) { RateHz = 8000, Weight = 15 }, new PoissonInput(inhibitory) { RateHz = 8000, Weight = 15 }],
            Recordings = [new SpikeRecording(excitatory)],
        };
    }

    static Network Plastic()
    {
        Population source = new("source", 100) { Neuron = new PoissonSource { RateHz = 20 } }, cells = new("cells", 10) { Neuron = new LeakyIntegrateAndFire { Synapses = new DeltaSynapses() } };
        var spikes = new Population("teacher", 10) { Neuron = new SpikeArray { Spikes = [new(3, 1), new(50, 9)] } };
        return new Network
        {
            Name = "spike-timing-dependent plasticity",
            TimeStepMs = 0.5,
            Populations = [source, cells, spikes],
            Projections =
            [
                new Projection(source, cells) { Connectivity = new FixedInDegree(20), Weight = 0.5, DelayMs = 2, Learning = new PairStdp() },
                new Projection(spikes, cells) { Connectivity = new OneToOne(), Weight = 30, WritableUpTo = 40 },
            ],
            Recordings = [new StateRecording(cells, "v")],
        };
    }

    static IEnumerable<TestCaseData> Networks() =>
    [
        new TestCaseData("sheet", (Func<Network>)Sheet).SetArgDisplayNames("sheet"),
        new TestCaseData("balanced", (Func<Network>)Balanced).SetArgDisplayNames("balanced"),
        new TestCaseData("plastic", (Func<Network>)Plastic).SetArgDisplayNames("plastic"),
    ];

    [TestCaseSource(nameof(Networks))]
    public void Plan_Described_EqualsItsSnapshot(string name, Func<Network> network)
    {
        var path = Path.Combine(SourceTree.Root, "tests/TorchBrain.Native.Tests/Planning/Snapshots", $"{name}.txt");
        var found = network().Plan().Describe().ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable(Renew) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, found);
            Assert.Ignore($"Renewed {name}.txt; run again without {Renew}.");
        }
        if (!File.Exists(path))
            Assert.Fail($"There is no snapshot {name}.txt; make it with {Renew}=1.");
        var (expected, actual) = (File.ReadAllText(path).ReplaceLineEndings("\n").Split('\n'), found.Split('\n'));
        for (var line = 0; line < Math.Max(expected.Length, actual.Length); line++)
            if (expected.ElementAtOrDefault(line) != actual.ElementAtOrDefault(line))
                Assert.Fail($"The plan of '{name}' changed. First difference in line {line + 1}:\n  snapshot: {expected.ElementAtOrDefault(line) ?? "(ends)"}\n  now:      "
                    + $"{actual.ElementAtOrDefault(line) ?? "(ends)"}\nIf that is meant, run the tests once with {Renew}=1 and commit the files.");
    }

    [Test]
    public void Plan_MadeTwice_IsTheSame()
    {
        var first = Sheet().Plan().Describe();
        Assert.That(Sheet().Plan().Describe(), Is.EqualTo(first));
    }
}
