using System.Numerics;

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
