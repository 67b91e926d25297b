namespace TorchBrain.Native.Tests;

/// <summary>Pulses into one neuron drawn at random.</summary>
static class PulseCases
{
    public static IEnumerable<ParityCase> All()
    {
        foreach (var batch in new[] { 1, 3, 64 })
        {
            var alone = new Population("alone", batch == 64 ? 7 : 70) { Neuron = new LeakyIntegrateAndFire { Synapses = new DeltaSynapses() } };
            var driven = new Population("driven", batch == 64 ? 5 : 301) { Neuron = new Izhikevich { C = Parameter.Uniform(-65, -50) } };
            var alpha = new Population("alpha", 40) { Neuron = new LeakyIntegrateAndFire { Synapses = new AlphaSynapses() }, Lesionable = true };
            var linear = new Population("linear", 25) { Neuron = new ThresholdLinear { Threshold = 1, Competition = Competition.None } };
            yield return ParityCase.Of($"random pulses, batch {batch}", [alone, driven, alpha, linear], [],
                [
                    new RandomPulse(alone) { Amplitude = 50_000 },
                    new CurrentInjection(driven) { Amplitude = 4 }, new RandomPulse(driven) { Amplitude = 20 }, new GaussianNoise(driven) { Deviation = 3 }, new RandomPulse(driven) { Name = "second", Amplitude = -5, Among = 500 },
                    new RandomPulse(alpha) { Amplitude = 50_000, Among = 60 },
                    new RandomPulse(linear) { Amplitude = 2 }, new PoissonInput(linear) { RateHz = 100, Weight = 1.5 },
                ], batch);
        }
    }
}
