namespace TorchBrain.Native.Tests;

/// <summary>A network with every kind of recording, and what its recorders hand out.</summary>
static class RecordedRun
{
    public static readonly (string Population, string Variable, int Every)[] Variables =
        [("sheet", "v", 1), ("sheet", "u", 3), ("cells", "v", 1), ("cells", "i_exc", 2), ("cells", "refractory", 1), ("units", "x", 1), ("units", "theta", 1)];

    public static ParityCase Case(int batch)
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

    /// <summary>Everything that recorders hand out, one line per spike and sample.</summary>
    public static List<string> Of(ParityCase parity, IBackend backend, int drainEvery)
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
}
