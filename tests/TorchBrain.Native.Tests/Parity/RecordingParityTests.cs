using NUnit.Framework;

namespace TorchBrain.Native.Tests;

/// <summary>What recorders hand out is the same on every backend, and is what the buffers say at the end of the step.</summary>
public class RecordingParityTests
{
    [Test]
    public void Recordings_AnyBackend_EqualReference([Values(1, 2, 3)] int threads, [Values(1, 3)] int batch)
    {
        var parity = RecordedRun.Case(batch);
        var expected = RecordedRun.Of(parity, new ReferenceBackend(), 200);
        Assert.That(expected, Has.Count.GreaterThan(1000));
        Assert.That(RecordedRun.Of(parity, ParityRun.Cpu(threads), 200), Is.EqualTo(expected));
        Assert.That(RecordedRun.Of(parity, ParityRun.Cpu(threads), 17).Order(), Is.EqualTo(expected.Order()), "drained in small parts");
    }

    [Test]
    public void StateRecording_EveryVariable_IsStateAtEndOfStep([Values("reference", "cpu")] string name)
    {
        var parity = RecordedRun.Case(1);
        using var simulation = Simulation.Create(parity.Network, name == "cpu" ? ParityRun.Cpu(2) : new ReferenceBackend());
        var recorders = RecordedRun.Variables.Where(v => v.Every == 1).Select(v => (v.Population, v.Variable, Recorder: StateRecorder.Open(simulation, v.Population, v.Variable))).ToArray();
        for (var step = 0; step < parity.Steps; step++)
        {
            parity.Run(simulation, step + 1);
            foreach (var (population, variable, recorder) in recorders)
            {
                var now = new float[simulation.Population(population).Elements];
                simulation.ReadState(simulation.Population(population), variable, now);
                recorder.Drain((at, values) => Assert.That(values.ToArray(), Is.EqualTo(now), $"{population}.{variable} of step {at}"));
            }
            foreach (var population in parity.Network.Populations)
                SpikeRecorder.Open(simulation, population.Name).Drain();
        }
    }
}
