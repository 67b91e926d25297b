using System.Globalization;

namespace TorchBrain.Native.Cli;

/// <summary>Check 4: spikes arrive in their step, for delays up to the length of the ring and around powers of two.</summary>
sealed class DelayCheck : VerifyCheck
{
    const int Length = 1000;

    static readonly int[] s_chainDelays = [1, 2, 3, 7, 8, 15, 16, 17, 63, 64];

    public override int Number => 4;
    public override string Title => "delay line";

    public override IEnumerable<VerifyResult> Run(VerifyContext context)
    {
        for (var k = 0; k < s_chainDelays.Length; k++)
        {
            context.Report(k / (s_chainDelays.Length + 1.0));
            yield return VerifyResult.Exactly(string.Create(CultureInfo.InvariantCulture, $"chain of 1,000 neurons, delay {s_chainDelays[k]}: spikes out of their step"), Chain(context, s_chainDelays[k]), 0, "spikes");
        }
        yield return VerifyResult.Exactly("one source, delays 1 to 64 and up to 4,096, twice: spikes out of their step", Fan(context), 0, "spikes");
    }

    static int Chain(VerifyContext context, int delay)
    {
        var chain = new Population("chain", Length) { Neuron = new LeakyIntegrateAndFire { RefractoryMs = 0, Synapses = new DeltaSynapses() } };
        var clock = new Population("clock", 1) { Neuron = new SpikeArray { Spikes = [new(3, 0)] } };
        Synapse[] links = [.. Enumerable.Range(0, Length - 1).Select(i => new Synapse(i, i + 1))];
        using var simulation = context.Simulate(new Network
        {
            Populations = [chain, clock],
            Projections =
            [
                new Projection(chain, chain) { Connectivity = new ExplicitList(links), Weight = 20, DelayMs = delay },
                new Projection(clock, chain) { Connectivity = new ExplicitList([new Synapse(0, 0)]), Weight = 20 },
            ],
            Recordings = [new SpikeRecording(chain) { Steps = 70_000 }],
        });
        simulation.Run(4 + (Length - 1) * delay + 10);
        return Wrong(SpikeRecorder.Open(simulation, "chain").Drain(), Enumerable.Range(0, Length).Select(i => (4L + i * delay, i)));
    }

    static int Fan(VerifyContext context)
    {
        int[] delays = [.. Enumerable.Range(1, 64), 100, 255, 256, 257, 1000, 4095, 4096];
        var clock = new Population("clock", 1) { Neuron = new SpikeArray { Spikes = [new(0, 0), new(5000, 0)] } };
        var fan = new Population("fan", delays.Length) { Neuron = new LeakyIntegrateAndFire { Synapses = new DeltaSynapses() } };
        using var simulation = context.Simulate(new Network
        {
            Populations = [clock, fan],
            Projections = [new Projection(clock, fan) { Connectivity = new ExplicitList([.. delays.Select((d, i) => new Synapse(0, i, 20f, d))]) }],
            Recordings = [new SpikeRecording(fan) { Steps = 10_000 }],
        });
        simulation.Run(9500);
        return Wrong(SpikeRecorder.Open(simulation, "fan").Drain(), from start in (long[])[0, 5000] from i in Enumerable.Range(0, delays.Length) select (start + delays[i], i));
    }

    // Spikes that should not be and spikes that are missing.
    static int Wrong(SpikeRaster raster, IEnumerable<(long Step, int Element)> expected)
    {
        var found = raster.Steps.Zip(raster.Elements).ToHashSet();
        found.SymmetricExceptWith(expected);
        return found.Count;
    }
}
