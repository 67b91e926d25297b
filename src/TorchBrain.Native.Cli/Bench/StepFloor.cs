using System.Numerics;
using TorchBrain.Native.Cpu;
using TorchBrain.Native.Cuda;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cli;

/// <summary>
/// What a step cannot be shorter than with the algorithms of this engine, in the units of <see cref="MachineCeilings"/> or <see cref="CudaCeilings"/>: the arithmetic of neurons, draws and deliveries
/// (on a device the additions to sums), the bytes that must be read and written, and the meetings of threads. Arithmetic and bytes may overlap entirely, so the larger one counts; nothing overlaps a meeting.
/// </summary>
/// <param name="ComputeUs">Arithmetic, or additions, us.</param>
/// <param name="BytesUs">Traffic of caches and memory, us.</param>
/// <param name="MeetingUs">Meetings of threads, or of the blocks of a device, us.</param>
sealed record StepFloor(double ComputeUs, double BytesUs, double MeetingUs)
{
    /// <summary>Synapses beyond this many bytes are read from memory, others from a cache.</summary>
    const double SharedCacheBytes = 16 << 20;

    /// <summary>The floor, us.</summary>
    public double Us => Math.Max(ComputeUs, BytesUs) + MeetingUs;

    /// <summary>What <see cref="ComputeUs"/> counts.</summary>
    public string Work { get; init; } = "arithmetic";

    /// <summary>What it is made of for the most part.</summary>
    public string Binds => MeetingUs > Math.Max(ComputeUs, BytesUs) ? "meetings" : ComputeUs >= BytesUs ? Work : "bytes";

    /// <summary>Spikes that a device adds up before it touches the sum of a dense target.</summary>
    const int SpikesPerAddition = 16;

    /// <summary>The floor of a plan on a device. State and sums are taken to stay in its cache, and to cost nothing.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="spikes">Spikes of a step, per population.</param>
    /// <param name="events">Synapses that the spikes of a step reach, per projection.</param>
    /// <param name="meetingUs">All meetings of a step, us: barriers of the grid, or nodes of a graph.</param>
    /// <param name="device">The device.</param>
    public static StepFloor OnDevice(NetworkPlan plan, IReadOnlyList<double> spikes, IReadOnlyList<double> events, double meetingUs, CudaCeilings device)
    {
        double additions = 0, streamed = 0;
        foreach (var p in plan.Projections)
        {
            var (bytes, stored) = SynapseBytes(p, spikes, events[p.Index]);
            if (stored > SharedCacheBytes)
                streamed += bytes;
            var perSum = p.Storage is SynapseStorage.DenseInt16 or SynapseStorage.DenseFloat || p.Stencil is { } ? SpikesPerAddition : 1;
            additions += events[p.Index] / perSum / (p.Target.Channels[p.Channel].Wide ? device.WideAdditionsPerNs : device.AdditionsPerNs);
        }
        return new StepFloor(additions * 1e-3, streamed / device.MemoryGBps * 1e-3, meetingUs) { Work = "additions" };
    }

    /// <summary>The floor of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="spikes">Spikes of a step, per population.</param>
    /// <param name="events">Synapses that the spikes of a step reach, per projection.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="machine">The machine.</param>
    public static StepFloor Of(NetworkPlan plan, IReadOnlyList<double> spikes, IReadOnlyList<double> events, int threads, MachineCeilings machine)
    {
        double operations = 0, updates = 0, cached = 0, streamed = 0;
        foreach (var p in plan.Populations)
        {
            double vectors = p.Elements / (double)Vector<float>.Count, state = p.Neuron.State.Count, sums = p.Channels.Sum(c => c.Wide ? 2.0 : 1.0);
            operations += vectors * (NeuronOperations(p.Neuron) + p.Inputs.Sum(InputOperations));
            cached += p.Elements * 2.0 * sizeof(float) * (state + sums);
        }
        foreach (var p in plan.Projections)
        {
            var count = events[p.Index];
            var (bytes, stored) = CpuBackend.HasBitmask(p) ? BitmaskBytes(p, spikes) : SynapseBytes(p, spikes, count);
            if (stored > SharedCacheBytes)
                streamed += bytes;
            else
                cached += bytes;
            switch (p.Storage)
            {
                case SynapseStorage.SparseInt16 when CpuBackend.HasBitmask(p):
                    operations += BitmaskOperations(p, spikes[p.Source.Index]);
                    break;
                case SynapseStorage.DenseInt16 or SynapseStorage.DenseFloat or SynapseStorage.Stencil:
                    operations += count / Vector<float>.Count;
                    break;
                case SynapseStorage.SparseInt16:
                    updates += count;
                    break;
                case SynapseStorage.Procedural:
                    // A word for each part that is drawn.
                    var drawn = (p.Procedural!.Rule == ProceduralRule.Each ? 0 : 1) + (p.Procedural.Weights.IsConstant ? 0 : 1) + (p.Procedural.Delays.IsConstant ? 0 : 1);
                    updates += count;
                    operations += count * drawn * PhiloxWord / Vector<float>.Count;
                    break;
                default:
                    // The sum of the target, and its trace that is looked up.
                    updates += 2 * count;
                    operations += 4 * count / Vector<float>.Count;
                    break;
            }
        }
        return new StepFloor((operations / machine.VectorOpsPerNs + updates / machine.UpdatesPerNs) * 1e-3 / threads,
            (cached / machine.CacheGBps + streamed / machine.MemoryGBps) * 1e-3 / threads, threads > 1 ? machine.MeetingUs : 0);
    }

    // Bytes of synapses that a step reads and writes at least, and bytes of all that are stored.
    static (double Moved, double Stored) SynapseBytes(ProjectionPlan p, IReadOnlyList<double> spikes, double count) => p.Storage switch
    {
        SynapseStorage.DenseInt16 => (count * sizeof(short), p.SynapseCount * (double)sizeof(short)),
        SynapseStorage.SparseInt16 => (count * sizeof(uint), p.SynapseCount * (double)sizeof(uint)),
        SynapseStorage.Stencil => (count * sizeof(short), p.Stencil!.Offsets * (double)sizeof(short)),
        SynapseStorage.Procedural => (0.0, 0.0),
        // A weight is read and written when a spike arrives, and so is what is behind a winner.
        SynapseStorage.DenseFloat => (count * sizeof(float) + 2.0 * sizeof(float) * spikes[p.Target.Index] * p.Source.Count, p.SynapseCount * (double)sizeof(float)),
        _ => (count * (2 * sizeof(float) + sizeof(short)), p.SynapseCount * (double)(sizeof(float) + sizeof(short))),
    };

    // One bit a pair.
    static (double Moved, double Stored) BitmaskBytes(ProjectionPlan p, IReadOnlyList<double> spikes) => (spikes[p.Source.Index] * p.Target.Count / 8, (double)p.Source.Count * p.Target.Count / 8);

    // Eight rows are added by seven adders of two operations, and each digit of the counts is added to each sum by two. In a step without a spike there is nothing to do.
    static double BitmaskOperations(ProjectionPlan p, double spikes) =>
        spikes * 14 / 8 * p.Target.Count / (32.0 * Vector<float>.Count) + 2 * (spikes < 1 ? spikes : Math.Log2(spikes) + 1) * p.Target.Count / Vector<float>.Count;

    // Vector operations that the equations of docs/numerics.md need, per vector of neurons: input, state, threshold, reset.
    static double NeuronOperations(NeuronPlan neuron) => neuron switch
    {
        IzhikevichPlan p => p.Scheme == IzhikevichScheme.TwoHalfSteps ? 16 : 13,
        ConductanceLifPlan p => p.Scheme == ConductanceScheme.ExponentialEuler ? 45 : 19,
        AlphaLifPlan p => 5 + 7 * p.P21.Count,
        LifPlan p => 5 + 4 * p.P21.Count,
        PoissonSourcePlan => PhiloxWord + 1,
        SpikeArrayPlan => 0,
        _ => 3,
    };

    /// <summary>Ten rounds of 4 multiplications, 4 shifts and 8 exclusive ors make 32 words of 8 lanes.</summary>
    const double PhiloxWord = 160.0 / 4;

    /// <summary>Two normal numbers by the method of Box and Muller, with the polynomials of <see cref="StepMath"/>.</summary>
    const double NormalPair = 60;

    static double InputOperations(InputPlan input) => input switch
    {
        NoisePlan => PhiloxWord + NormalPair / 2 + 1,
        // Half a word; a comparison and a subtraction per bound that 16 bits can pass, of 16 lanes.
        PoissonPlan p => PhiloxWord / 2 + p.Table.Upper.Count(b => b > 0 && b < p.Table.Rest) + 2,
        _ => 1,
    };
}
