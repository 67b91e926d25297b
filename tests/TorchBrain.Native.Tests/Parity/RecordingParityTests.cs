using NUnit.Framework;

namespace TorchBrain.Native.Tests;

/// <summary>What recorders hand out is the same on every backend, and is what the buffers say at the end of the step.</summary>
public class RecordingParityTests
{
    static readonly (string Population, string Variable, int Every)[] Variables =
        [("sheet", "v", 1), ("sheet", "u", 3), ("cells", "v", 1), ("cells", "i_exc", 2), ("cells", "refractory", 1), ("units", "x", 1), ("units", "theta", 1)];

    static ParityCase Case(int batch)
    {
        var parity = LearningCases.Everything(batch);
        Population Find(string name) => parity.Network.Populations.Single(p => p.Name == name);
        return parity with
        {
            Network = parity.Network with
            {
                Recordings = [.. parity.Network.Populations.Select(p => new SpikeRecording(p) { Steps = 300 }), .. Variables.Select(v => new StateRecording(Find(v.Population), v.Variable) { Steps = 300, EverySteps = v.Every })],
            },
        };
    }

    static List<string> Recorded(ParityCase parity, IBackend backend, int drainEvery)
    {
        using var simulation = Simulation.Create(parity.Network, backend);
        var rasters = parity.Network.Populations.Select(p => (p.Name, Recorder: SpikeRecorder.Open(simulation, p.Name))).Select(r => (r.Name, r.Recorder, Raster: r.Recorder.NewRaster())).ToArray();
        var states = Variables.Select(v => (v.Population, v.Variable, Recorder: StateRecorder.Open(simulation, v.Population, v.Variable))).ToArray();
        var samples = states.Select(_ => new List<string>()).ToArray();
        while (simulation.StepNumber < parity.Steps)
        {
            parity.Run(simulation, Math.Min(parity.Steps, simulation.StepNumber + drainEvery));
            foreach (var (_, recorder, raster) in rasters)
                recorder.Drain(raster);
            for (var k = 0; k < states.Length; k++)
                states[k].Recorder.Drain((step, values) => samples[k].Add($"{states[k].Population}.{states[k].Variable} {step}: {string.Join(' ', values.ToArray().Select(BitConverter.SingleToUInt32Bits))}"));
        }
        return [.. rasters.SelectMany(r => r.Raster.Steps.Zip(r.Raster.Elements, (s, e) => $"{r.Name} {s}: {e}")), .. samples.SelectMany(s => s)];
    }

    [Test]
    public void Recordings_AnyBackend_EqualReference([Values(1, 2, 3)] int threads, [Values(1, 3)] int batch)
    {
        var parity = Case(batch);
        var expected = Recorded(parity, new ReferenceBackend(), 200);
        Assert.That(expected, Has.Count.GreaterThan(1000));
        Assert.That(Recorded(parity, ParityRun.Cpu(threads), 200), Is.EqualTo(expected));
        Assert.That(Recorded(parity, ParityRun.Cpu(threads), 17).Order(), Is.EqualTo(expected.Order()), "drained in small parts");
    }

    [Test]
    public void StateRecording_EveryVariable_IsStateAtEndOfStep([Values("reference", "cpu")] string name)
    {
        var parity = Case(1);
        using var simulation = Simulation.Create(parity.Network, name == "cpu" ? ParityRun.Cpu(2) : new ReferenceBackend());
        var recorders = Variables.Where(v => v.Every == 1).Select(v => (v.Population, v.Variable, Recorder: StateRecorder.Open(simulation, v.Population, v.Variable))).ToArray();
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
