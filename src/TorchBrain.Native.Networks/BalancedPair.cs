namespace TorchBrain.Native.Networks;

/// <summary>What the two networks of Vogels and Abbott share: 3,200 and 800 neurons, each joined with 2 % of both, delays of one step of 0.1 ms.</summary>
static class BalancedPair
{
    const int Excitatory = 3200, Inhibitory = 800;
    const double Probability = 0.02;

    public static Network Network(string name, ulong seed, double scale, bool fixedInDegree, int recordingSteps, double excitatoryWeight, double inhibitoryWeight, NeuronModel neuron)
    {
        var e = new Population("E", Math.Max(1, (int)Math.Round(Excitatory * scale))) { Neuron = neuron };
        var i = new Population("I", Math.Max(1, (int)Math.Round(Inhibitory * scale))) { Neuron = neuron };
        Projection Join(Population source, Population target)
        {
            var excites = ReferenceEquals(source, e);
            var inDegree = (int)Math.Round((excites ? Excitatory : Inhibitory) * Probability);
            return new Projection(source, target)
            {
                Connectivity = fixedInDegree ? new FixedInDegree(inDegree) : new FixedProbability(Math.Min(1, (double)inDegree / source.Count)),
                Weight = excites ? excitatoryWeight : inhibitoryWeight,
                Receptor = excites ? Receptor.Excitatory : Receptor.Inhibitory,
            };
        }
        return new Network
        {
            Name = name,
            Seed = seed,
            TimeStepMs = 0.1,
            Populations = [e, i],
            Projections = [Join(e, e), Join(e, i), Join(i, e), Join(i, i)],
            Recordings = recordingSteps > 0 ? [new SpikeRecording(e) { Steps = recordingSteps }, new SpikeRecording(i) { Steps = recordingSteps }] : [],
        };
    }
}
