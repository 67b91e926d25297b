using System.Numerics;
using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Cli.Tests;

/// <summary>What a step cannot be shorter than.</summary>
public sealed class StepFloorTests
{
    static readonly MachineCeilings s_machine = new(VectorOpsPerNs: 2, UpdatesPerNs: 0.5, CacheGBps: 50, MemoryGBps: 10, MeetingUs: 0.7);

    static StepFloor Floor(double events, int threads, Connectivity connectivity)
    {
        var cells = new Population("cells", 1600) { Neuron = new LeakyIntegrateAndFire { Synapses = new ExponentialSynapses { TauMs = 5 } } };
        var plan = new Network { Populations = [cells], Projections = [new Projection(cells, cells) { Connectivity = connectivity, Weight = 1, DelayMs = 1 }] }.Plan();
        return StepFloor.Of(plan, [events / 100], [events], threads, s_machine);
    }

    [Test]
    public void Arithmetic_IsOfNeuronsAndEvents()
    {
        // 9 operations per vector of neurons with one current, 2 of them a nanosecond; half an update a nanosecond.
        var neurons = 1600.0 / Vector<float>.Count * 9 / 2 * 1e-3;
        Assert.That(Floor(0, 1, new FixedInDegree(10)).ComputeUs, Is.EqualTo(neurons).Within(1e-12));
        Assert.That(Floor(5000, 1, new FixedInDegree(10)).ComputeUs, Is.EqualTo(neurons + 10).Within(1e-12));
        Assert.That(Floor(5000, 2, new FixedInDegree(10)).ComputeUs, Is.EqualTo((neurons + 10) / 2).Within(1e-12));
        Assert.That(Floor(8000, 1, new AllToAll()).ComputeUs, Is.EqualTo(neurons + 8.0 / Vector<float>.Count / 2).Within(1e-12), "a dense row takes whole vectors");
    }

    [Test]
    public void Bytes_AreOfStateSumsAndSynapses()
    {
        // v, refractory, current and one channel of sums, read and written.
        const double State = 1600 * 4 * 8;
        Assert.That(Floor(1000, 1, new FixedInDegree(10)).BytesUs, Is.EqualTo((State + 4000) / 50 * 1e-3).Within(1e-12));
        Assert.That(Floor(1000, 1, new AllToAll()).BytesUs, Is.EqualTo((State + 2000) / 50 * 1e-3).Within(1e-12));
    }

    [Test]
    public void DenseSynapsesOfOneWeight_TakeABitAPair()
    {
        double neurons = 1600.0 / Vector<float>.Count * 9 / 2 * 1e-3, bits = 1600.0 / 32 / Vector<float>.Count;
        // 8 spikes: 14 operations a vector of bits, and 4 digits of two operations a vector of sums.
        var floor = Floor(800, 1, new FixedProbability(0.1));
        Assert.That(floor.ComputeUs, Is.EqualTo(neurons + (14 * bits + 8 * 32 * bits) / 2 * 1e-3).Within(1e-12));
        Assert.That(floor.BytesUs, Is.EqualTo((1600 * 4 * 8 + 8 * 1600 / 8) / 50.0 * 1e-3).Within(1e-12));
        Assert.That(Floor(50, 1, new FixedProbability(0.1)).ComputeUs - neurons, Is.EqualTo((Floor(100, 1, new FixedProbability(0.1)).ComputeUs - neurons) / 2).Within(1e-12), "half a spike");
    }

    [Test]
    public void TheFloorIsTheLargerOfBoth_AndTheMeeting()
    {
        var floor = Floor(20_000, 2, new FixedInDegree(10));
        Assert.That(floor.Us, Is.EqualTo(Math.Max(floor.ComputeUs, floor.BytesUs) + 0.7).Within(1e-12));
        Assert.That(floor.Binds, Is.EqualTo("arithmetic"));
        Assert.That(Floor(0, 1, new FixedInDegree(10)).MeetingUs, Is.Zero);
        Assert.That(new StepFloor(1, 2, 0.5).Binds, Is.EqualTo("bytes"));
        Assert.That(new StepFloor(1, 2, 3).Binds, Is.EqualTo("meetings"));
    }

    [Test]
    public void OnADevice_AdditionsAreOfEvents_BytesOfLargeRows_MeetingsAreGiven()
    {
        var device = new CudaCeilings(AdditionsPerNs: 80, WideAdditionsPerNs: 40, MemoryGBps: 2000, NodeUs: 0.8, BarrierUs: 1.2);
        StepFloor On(Connectivity connectivity, int neurons)
        {
            var cells = new Population("cells", neurons) { Neuron = new LeakyIntegrateAndFire { Synapses = new ExponentialSynapses { TauMs = 5 } } };
            var plan = new Network { Populations = [cells], Projections = [new Projection(cells, cells) { Connectivity = connectivity, Weight = 1, DelayMs = 1 }] }.Plan();
            return StepFloor.OnDevice(plan, [100], [100_000], meetingUs: 2.4, device);
        }

        var sparse = On(new FixedInDegree(10), 1600);
        Assert.That(sparse, Is.EqualTo(new StepFloor(100_000 / 80.0 * 1e-3, 0, 2.4) { Work = "additions" }), "few synapses stay in the cache");
        Assert.That((sparse.Us, sparse.Binds), Is.EqualTo((3.65, "meetings")));
        Assert.That(On(new FixedInDegree(1000), 5000).BytesUs, Is.EqualTo(400_000 / 2000.0 * 1e-3).Within(1e-12));
        Assert.That(On(new AllToAll(), 400).ComputeUs, Is.EqualTo(sparse.ComputeUs / 16).Within(1e-12), "a sum is touched once for 16 spikes");
        Assert.That(new StepFloor(3, 1, 2) { Work = "additions" }.Binds, Is.EqualTo("additions"));
    }

    [TestCase("cuda: a device, 2 phases and 2 barriers a step, up to 64 steps a launch of 132 x 640 threads (stepping Persistent, chosen)", 2.4)]
    [TestCase("cuda: a device, 3 phases and 3 barriers a step, up to 64 steps a launch of 1 x 512 threads (stepping OneBlock, chosen)", 0)]
    [TestCase("cuda: a device, 4 kernels a step, up to 64 steps a graph (stepping Graph, asked for)", 3.2)]
    [TestCase("cpu: 2 threads", 0)]
    public void Meetings_AreThoseThatTheBackendTells(string how, double us) =>
        Assert.That(NetworkBench.MeetingsUs(how, new CudaCeilings(80, 40, 2000, NodeUs: 0.8, BarrierUs: 1.2)), Is.EqualTo(us).Within(1e-12));

    [Test]
    public void Ceilings_AreOfThisMachine()
    {
        var here = MachineCeilings.Here;
        Assert.Multiple(() =>
        {
            Assert.That(here.VectorOpsPerNs, Is.InRange(0.05, 50));
            Assert.That(here.UpdatesPerNs, Is.InRange(0.01, 20));
            Assert.That(here.CacheGBps, Is.InRange(0.5, 2000));
            Assert.That(here.MemoryGBps, Is.InRange(0.1, 2000));
            Assert.That(here.MeetingUs, Is.GreaterThanOrEqualTo(0));
        });
        Assert.That(MachineCeilings.Here, Is.SameAs(here), "measured once");
    }
}
