using NUnit.Framework;

namespace TorchBrain.Native.Tests;

/// <summary>Recorders: values, windows, overflow, drains, bounded rasters.</summary>
public class RecorderTests
{
    static readonly Population Array = new("array", 5) { Neuron = new SpikeArray { Spikes = [new(0, 1), new(3, 4), new(3, 0), new(9, 2), new(12, 2)] } };
    static readonly Population Cells = new("cells", 5) { Neuron = new LeakyIntegrateAndFire { RestMv = -70, Synapses = new DeltaSynapses() } };

    static Simulation Create(string backend, params Recording[] recordings) => Simulation.Create(new Network
    {
        Populations = [Array, Cells],
        Projections = [new Projection(Array, Cells) { Connectivity = new OneToOne(), Weight = 2 }],
        Recordings = recordings,
    }, backend == "reference" ? new ReferenceBackend() : ParityRun.Cpu(2));

    static List<string> Lines(SpikeRaster raster) => [.. raster.Steps.Zip(raster.Elements, (s, e) => $"{s}:{e}")];

    [Test]
    public void Spikes_Drained_StepsAndElementsAscending([Values("reference", "cpu")] string backend)
    {
        using var simulation = Create(backend, new SpikeRecording(Array) { Steps = 20 });
        var recorder = SpikeRecorder.Open(simulation, "array");
        simulation.Run(10);
        var first = recorder.Drain();
        simulation.Run(10);
        var second = recorder.Drain();
        Assert.Multiple(() =>
        {
            Assert.That(Lines(first), Is.EqualTo(new[] { "0:1", "3:0", "3:4", "9:2" }));
            Assert.That(Lines(second), Is.EqualTo(new[] { "12:2" }));
            Assert.That((first.FirstStep, first.EndStep, second.FirstStep, second.EndStep), Is.EqualTo((0, 10, 10, 20)));
            Assert.That(first.TimeMs(1), Is.EqualTo(4), "a spike of step 3 carries the time at its end");
            Assert.That(first.MeanRateHz, Is.EqualTo(4 / (0.010 * 5)).Within(1e-9));
            Assert.That(recorder.Drain().Count, Is.Zero, "drained is drained");
        });
    }

    [Test]
    public void Run_WindowFull_RefusedBeforeAnyStep([Values("reference", "cpu")] string backend)
    {
        using var simulation = Create(backend, new SpikeRecording(Array) { Steps = 8 });
        simulation.Run(5);
        var error = Assert.Throws<TorchBrainException>(() => simulation.Run(4));
        Assert.That(error.Code, Is.EqualTo(ErrorCode.RecordingOverflow));
        Assert.That(simulation.StepNumber, Is.EqualTo(5), "nothing ran");
        simulation.Run(3);
        Assert.That(Assert.Throws<TorchBrainException>(simulation.Step)?.Code, Is.EqualTo(ErrorCode.RecordingOverflow));
        Assert.That(SpikeRecorder.Open(simulation, "array").Drain().Count, Is.EqualTo(3));
        simulation.Run(8);
    }

    [Test]
    public void Recorder_RunsLongerThanWindow_LosesNothing([Values("reference", "cpu")] string backend)
    {
        using var simulation = Create(backend, new SpikeRecording(Array) { Steps = 4 });
        var recorder = SpikeRecorder.Open(simulation, "array");
        var raster = recorder.NewRaster();
        recorder.Run(50, raster);
        Assert.That(Lines(raster), Is.EqualTo(new[] { "0:1", "3:0", "3:4", "9:2", "12:2" }));
        Assert.That(raster.EndStep, Is.EqualTo(50));
    }

    [Test]
    public void State_EverySecondStep_ValuesInUnit([Values("reference", "cpu")] string backend, [Values(1, 2, 3)] int every)
    {
        using var simulation = Create(backend, new StateRecording(Cells, "v") { Steps = 11, EverySteps = every });
        var recorder = StateRecorder.Open(simulation, "cells", "v");
        var seen = new List<(long Step, float[] Values)>();
        for (var round = 0; round < 3; round++)
        {
            simulation.Run(11);
            recorder.Drain((step, values) => seen.Add((step, values.ToArray())));
        }
        Assert.That(seen.Select(s => s.Step), Is.EqualTo(Enumerable.Range(0, 33).Where(s => s % every == 0)));
        foreach (var (step, values) in seen)
        {
            Assert.That(values[0], Is.EqualTo(step < 4 ? -70 : -70 + 2 * Math.Exp(-(step - 4) / 10.0)).Within(1e-4), $"step {step}: the spike of step 3 arrives in step 4");
            Assert.That(values[3], Is.EqualTo(-70f));
        }
    }

    [Test]
    public void Reset_AndLoad_BeginTheWindowAnew([Values("reference", "cpu")] string backend)
    {
        using var simulation = Create(backend, new SpikeRecording(Array) { Steps = 8 }, new StateRecording(Cells, "v") { Steps = 8 });
        simulation.Run(8);
        var checkpoint = simulation.Save();
        simulation.Reset();
        Assert.That(simulation.Compiled.RecordedSteps(0), Is.EqualTo((0L, 0L)));
        simulation.Run(8);
        simulation.Load(checkpoint);
        Assert.That(simulation.Compiled.RecordedSteps(1), Is.EqualTo((8L, 0L)));
        simulation.Run(8);
        Assert.That(Lines(SpikeRecorder.Open(simulation, "array").Drain()), Is.EqualTo(new[] { "9:2", "12:2" }));
    }

    [Test]
    public void Open_NotRecorded_NotInPlan()
    {
        using var simulation = Create("cpu", new SpikeRecording(Array));
        Assert.Multiple(() =>
        {
            Assert.That(Assert.Throws<TorchBrainException>(() => SpikeRecorder.Open(simulation, "cells"))?.Code, Is.EqualTo(ErrorCode.NotInPlan));
            Assert.That(Assert.Throws<TorchBrainException>(() => StateRecorder.Open(simulation, "cells", "v"))?.Code, Is.EqualTo(ErrorCode.NotInPlan));
            Assert.That(Assert.Throws<TorchBrainException>(() => SpikeRecorder.Open(simulation, "nobody"))?.Code, Is.EqualTo(ErrorCode.UnknownName));
        });
    }

    [Test]
    public void Raster_Full_RefusesAndKeepsWhatItHas()
    {
        var raster = new SpikeRaster(10, 1, maxSpikes: 3);
        raster.Accept(0, [1, 2]);
        Assert.That(Assert.Throws<TorchBrainException>(() => raster.Accept(1, [3, 4]))?.Code, Is.EqualTo(ErrorCode.RecordingOverflow));
        raster.Accept(1, [3]);
        Assert.That(raster.Count, Is.EqualTo(3));
        raster.Clear();
        Assert.That((raster.Count, raster.FirstStep, raster.EndStep, raster.MeanRateHz), Is.EqualTo((0, -1, 0, 0.0)));
    }

    [Test]
    public void Spikes_MoreThanEverBefore_WindowGrows()
    {
        var all = new Population("all", 70_000) { Neuron = new SpikeArray { Spikes = [.. from s in Enumerable.Range(0, 40) from i in Enumerable.Range(0, 70_000) select new SourceSpike(s, i)] } };
        using var simulation = Simulation.Create(new Network { Populations = [all], Recordings = [new SpikeRecording(all) { Steps = 40 }] }, ParityRun.Cpu(2));
        simulation.Run(40);
        var raster = SpikeRecorder.Open(simulation, "all").Drain();
        Assert.That(raster.Count, Is.EqualTo(40 * 70_000));
        Assert.That((raster.Steps[^1], raster.Elements[^1]), Is.EqualTo((39L, 69_999)));
    }
}
