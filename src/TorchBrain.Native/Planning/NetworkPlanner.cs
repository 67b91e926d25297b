using System.Numerics;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native;

/// <summary>Turns a description into a plan.</summary>
public static class NetworkPlanner
{
    /// <summary>
    /// Checks the network and plans it: positions, model constants, fixed-point scales, storage, buffers and the operations of a step.
    /// </summary>
    /// <exception cref="NetworkValidationException">The description has problems; all are listed.</exception>
    public static NetworkPlan Plan(this Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var problems = NetworkValidator.Problems(network);
        if (problems.Count > 0)
            throw new NetworkValidationException(problems);
        return new Draft(network).Build();
    }

    sealed class Draft(Network network)
    {
        readonly Dictionary<Population, int> _index = network.Populations.Select((p, i) => (p, i)).ToDictionary(x => x.p, x => x.i);
        readonly Position[]?[] _positions = new Position[]?[network.Populations.Count];
        readonly List<Problem> _late = [];

        int Batch => network.Batch;

        public NetworkPlan Build()
        {
            for (var i = 0; i < _positions.Length; i++)
                if (network.Populations[i] is { Geometry: { } geometry } p)
                    _positions[i] = GeometrySampler.Sample(geometry, p.Count, network.Seed, RandomStream.Named($"{p.Name}/position"));
            var neurons = network.Populations.Select((p, i) => NeuronPlanner.Plan(p, network.TimeStepMs, network.Seed, _positions[i], _late)).ToArray();
            ThrowIfLate();
            var generators = network.Projections.Select(p => new SynapseGenerator(p, network.Seed, network.TimeStepMs, _positions[_index[p.Source]], _positions[_index[p.Target]])).ToArray();
            var surveys = network.Projections.Select((p, i) => SynapseSurvey.Of(generators[i])).ToArray();
            for (var i = 0; i < surveys.Length; i++)
            {
                DrawnValues.Check(network.Projections[i], surveys[i], _late);
                StorageChoice.Check(network.Projections[i], generators[i], surveys[i], _late);
            }
            foreach (var input in network.Inputs)
                if (input is CurrentInjection or GaussianNoise)
                    DrawnValues.Check(input, PlanInput(input, [], _index[input.Target]), _late);
            ThrowIfLate();

            var channels = new ChannelPlanner(network, neurons, surveys);
            var populations = network.Populations.Select((p, i) => new PopulationPlan
            {
                Index = i,
                Description = p,
                Count = p.Count,
                Elements = p.Count * Batch,
                Positions = _positions[i],
                Neuron = neurons[i],
                Channels = channels.Of(i),
                RingSlots = Slots(1 + MaxDelay(surveys, q => ReferenceEquals(q.Target, p) && q.Learning is null)),
                // Two more than the delay: learning of step t still reads t - delay while a faster thread already lists t + 1.
                HistorySlots = Slots(2 + MaxDelay(surveys, q => ReferenceEquals(q.Source, p) && q.Learning is not null)),
                Inputs = [.. network.Inputs.Where(x => ReferenceEquals(x.Target, p)).Select(x => PlanInput(x, channels.Of(i), i))],
            }).ToArray();
            var projections = network.Projections.Select((p, i) => PlanProjection(p, i, generators[i], surveys[i], populations)).ToArray();
            ThrowIfLate();
            var recordings = network.Recordings.Select((r, i) => PlanRecording(r, i, populations)).ToArray();
            var contents = surveys.Select(s => s.ContentHash).ToArray();
            return new NetworkPlan(network, populations, projections, recordings, BufferPlanner.Plan(populations, projections, Batch), Order(populations, projections, recordings), contents);
        }

        void ThrowIfLate()
        {
            if (_late.Count > 0)
                throw new NetworkValidationException(_late);
        }

        int MaxDelay(SynapseSurvey[] surveys, Func<Projection, bool> which) =>
            network.Projections.Select((p, i) => which(p) ? Math.Max(1, surveys[i].MaxDelay) : 0).DefaultIfEmpty(0).Max();

        static int Slots(int needed) => (int)BitOperations.RoundUpToPowerOf2((uint)needed);

        InputPlan PlanInput(Input input, IReadOnlyList<ChannelPlan> channels, int population)
        {
            var name = input.EffectiveName;
            var stream = RandomStream.Named(name);
            ParameterArray Resolve(Parameter parameter, string what) =>
                ParameterResolver.PerNeuron(parameter, name, what, input.Target.Count, network.Seed, _positions[population]);
            switch (input)
            {
                case CurrentInjection c:
                    return new CurrentPlan { Name = name, Initial = Resolve(c.Amplitude, "amplitude") };
                case GaussianNoise n:
                    return new NoisePlan { Name = name, Deviation = Resolve(n.Deviation, "deviation"), Stream = stream };
                case PoissonInput p:
                    var channel = ProjectionValidator.Channel(p.Receptor, input.Target, p.Weight < 0);
                    return new PoissonPlan
                    {
                        Name = name,
                        Channel = channel,
                        Table = new PoissonTable(p.RateHz * network.TimeStepMs * 1e-3),
                        FixedWeight = (int)Math.Round(p.Weight * Math.ScaleB(1, channels[channel].ScaleLog2)),
                        Stream = stream,
                    };
                case RandomPulse p:
                    return new PulsePlan { Name = name, Amplitude = (float)p.Amplitude, Among = p.Among ?? input.Target.Count, Stream = stream };
                default:
                    throw new InvalidOperationException($"No plan for {input.GetType().Name}.");
            }
        }

        ProjectionPlan PlanProjection(Projection p, int index, SynapseGenerator synapses, SynapseSurvey survey, PopulationPlan[] populations)
        {
            var target = populations[_index[p.Target]];
            var channel = ProjectionValidator.Channel(p);
            var shift = FixedPointScale.Shift(Math.Max(survey.LargestWeight, p.WritableUpTo ?? 0), target.Channels[channel].ScaleLog2);
            var weightScale = (float)Math.ScaleB(1.0, target.Channels[channel].ScaleLog2 - shift);
            var (storage, equalTo, stencil) = StorageChoice.For(p, synapses, survey, weightScale);
            return new ProjectionPlan
            {
                Index = index,
                Description = p,
                Source = populations[_index[p.Source]],
                Target = target,
                Channel = channel,
                Storage = storage,
                EqualTo = equalTo,
                Shift = shift,
                SharedWeight = survey.LeastWeight == survey.GreatestWeight ? survey.LeastWeight : null,
                MinDelay = survey.Count == 0 ? 1 : survey.MinDelay,
                MaxDelay = Math.Max(1, survey.MaxDelay),
                SynapseCount = storage is SynapseStorage.DenseFloat or SynapseStorage.DenseInt16 ? (long)p.Source.Count * p.Target.Count : survey.Count,
                Stencil = stencil,
                Procedural = storage == SynapseStorage.Procedural ? StorageChoice.Procedural(p, network.Seed, synapses, survey, weightScale, _late) : null,
                RowLengths = survey.RowLengths,
                Synapses = synapses,
                Learning = LearningPlanner.Plan(p, network.TimeStepMs, synapses, Math.Max(1, survey.MaxDelay)),
            };
        }

        RecordingPlan PlanRecording(Recording recording, int index, PopulationPlan[] populations)
        {
            var population = populations[_index[recording.Target]];
            if (recording is not StateRecording s)
                return new RecordingPlan(index, recording, population, -1, 1);
            var variable = population.Neuron.State.Select((v, i) => (v, i)).First(x => x.v.Name == s.Variable).i;
            return new RecordingPlan(index, recording, population, variable, s.EverySteps);
        }

        // The order of a step, in one place.
        static List<StepOp> Order(PopulationPlan[] populations, ProjectionPlan[] projections, RecordingPlan[] recordings) =>
        [
            .. projections.Where(p => p.Learning is not null).Select(p => new ArriveOp(p)),
            .. populations.Select(p => new UpdateNeuronsOp(p)),
            .. projections.Where(p => p.Learning is not null).Select(p => new LearnOp(p)),
            .. projections.Where(p => p.Learning is null).Select(p => new PropagateOp(p)),
            .. recordings.Select(r => new RecordOp(r)),
        ];
    }
}
