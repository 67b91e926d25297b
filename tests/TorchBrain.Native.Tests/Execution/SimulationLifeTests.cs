using NUnit.Framework;
using TorchBrain.Native.Cpu;

namespace TorchBrain.Native.Tests;

/// <summary>Handles and life of a simulation.</summary>
[TestFixture]
public class SimulationLifeTests
{
    static Simulation New()
    {
        var p = new Population("p", 3) { Neuron = Izhikevich.RegularSpiking };
        var pools = new Population("pools", 2) { Neuron = new ThresholdLinear() };
        return Simulation.Create(new Network
        {
            Populations = [p, pools],
            Projections = [new Projection(p, pools) { Connectivity = new AllToAll(), Learning = new WinnerTakeAllHebbian() }],
            Recordings = [new SpikeRecording(p)],
        }, new CpuBackend(new CpuOptions { Threads = 1 }));
    }

    [Test]
    public void Handle_OfAnotherSimulation_Refused()
    {
        using Simulation one = New(), two = New();
        var e = Assert.Throws<TorchBrainException>(() => one.ReadSpikes(two.Population("p"), new int[3]));
        Assert.That((e!.Code, e.What), Is.EqualTo((ErrorCode.UnknownName, "The population handle 'p' belongs to another simulation.")));
        Assert.Throws<TorchBrainException>(() => one.ReadWeights(two.Projection("p", "pools"), new float[6]));
    }

    [Test]
    public void Handle_Default_Refused()
    {
        using var simulation = New();
        Assert.That(Assert.Throws<TorchBrainException>(() => simulation.AddSpikeCounts(default, new int[3]))!.Code, Is.EqualTo(ErrorCode.UnknownName));
        Assert.That(Assert.Throws<TorchBrainException>(() => simulation.ReadWeights(default, new float[6]))!.Code, Is.EqualTo(ErrorCode.UnknownName));
    }

    [Test]
    public void Disposed_AnyUse_SaysSo()
    {
        var simulation = New();
        simulation.Dispose();
        simulation.Dispose();
        Assert.Throws<ObjectDisposedException>(() => simulation.Step());
        Assert.Throws<ObjectDisposedException>(() => simulation.Save());
    }

    [Test]
    public void WriteWeights_ColumnOfZeros_Refused()
    {
        using var simulation = New();
        Assert.That(Assert.Throws<TorchBrainException>(() => simulation.WriteWeights(simulation.Projection("p", "pools"), new float[6]))!.Code, Is.EqualTo(ErrorCode.ValueOutOfRange));
    }

    [Test]
    public void RecorderRun_Negative_Refused()
    {
        using var simulation = New();
        var recorder = SpikeRecorder.Open(simulation, "p");
        Assert.That(Assert.Throws<TorchBrainException>(() => recorder.Run(-5, recorder.NewRaster()))!.Code, Is.EqualTo(ErrorCode.ValueOutOfRange));
    }
}
