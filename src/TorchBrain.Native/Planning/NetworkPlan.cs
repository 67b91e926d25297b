using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native;

/// <summary>
/// Everything that a step does, as immutable data: populations with their constants, projections with their storage and scales, mutable buffers, and the operations
/// in order. A backend gets the whole plan at once.
/// </summary>
public sealed class NetworkPlan
{
    internal NetworkPlan(Network network, IReadOnlyList<PopulationPlan> populations, IReadOnlyList<ProjectionPlan> projections,
        IReadOnlyList<RecordingPlan> recordings, IReadOnlyList<BufferSpec> buffers, IReadOnlyList<StepOp> ops, IReadOnlyList<UInt128> contents)
    {
        Network = network;
        Populations = populations;
        Projections = projections;
        Recordings = recordings;
        Buffers = buffers;
        Ops = ops;
        Hash = HashOf(contents);
    }

    /// <summary>The description.</summary>
    public Network Network { get; }
    /// <summary>Length of a step, ms.</summary>
    public double TimeStepMs => Network.TimeStepMs;
    /// <summary>Seed of all random draws.</summary>
    public ulong Seed => Network.Seed;
    /// <summary>Instances.</summary>
    public int Batch => Network.Batch;
    /// <summary>Populations.</summary>
    public IReadOnlyList<PopulationPlan> Populations { get; }
    /// <summary>Projections.</summary>
    public IReadOnlyList<ProjectionPlan> Projections { get; }
    /// <summary>Recordings.</summary>
    public IReadOnlyList<RecordingPlan> Recordings { get; }
    /// <summary>Mutable buffers, in checkpoint order.</summary>
    public IReadOnlyList<BufferSpec> Buffers { get; }
    /// <summary>The operations of a step, in order.</summary>
    public IReadOnlyList<StepOp> Ops { get; }
    /// <summary>Hash of everything that decides the result. A checkpoint fits plans with this hash only. Recordings do not count.</summary>
    public UInt128 Hash { get; }

    /// <summary>The buffer of a kind, or null.</summary>
    public BufferSpec? Buffer(BufferKind kind, int owner, int index = 0)
    {
        for (var i = 0; i < Buffers.Count; i++) // not foreach: the enumerator of an interface is an object, and hosts ask between steps
            if (Buffers[i] is var b && b.Kind == kind && b.Owner == owner && b.Index == index)
                return b;
        return null;
    }

    /// <summary>The plan as text: what is simulated, how it is stored, and the order of a step.</summary>
    public string Describe() => PlanText.Of(this);

    UInt128 HashOf(IReadOnlyList<UInt128> contents)
    {
        var hash = new XxHash128(0);
        hash.Append(Encoding.UTF8.GetBytes(PlanText.Identity(this)));
        foreach (var p in Populations)
        {
            foreach (var s in p.Neuron.State)
                hash.Append(MemoryMarshal.AsBytes(s.Initial.Values));
            foreach (var array in PlanText.Constants(p))
                hash.Append(MemoryMarshal.AsBytes(array.Values));
            switch (p.Neuron)
            {
                case PoissonSourcePlan poisson:
                    hash.Append(MemoryMarshal.AsBytes(poisson.Bound.AsSpan()));
                    break;
                case SpikeArrayPlan spikes:
                    hash.Append(MemoryMarshal.AsBytes(spikes.Steps.AsSpan()));
                    hash.Append(MemoryMarshal.AsBytes(spikes.Starts.AsSpan()));
                    hash.Append(MemoryMarshal.AsBytes(spikes.Indices.AsSpan()));
                    break;
            }
        }
        foreach (var content in contents)
            hash.Append(BitConverter.GetBytes(content));
        return hash.GetCurrentHashAsUInt128();
    }
}
