using System.Numerics;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cuda;

/// <summary>How a static sparse synapse is packed: (delay - least delay), neuron at its other end, 16 bits of weight, from high to low; in 4 bytes where that is enough.</summary>
/// <param name="PartnerBits">Bits of the neuron at the other end.</param>
/// <param name="Bytes">4 or 8.</param>
readonly record struct SynapsePacking(int PartnerBits, int Bytes)
{
    /// <summary>In rows, by source: the partner is the target.</summary>
    public static SynapsePacking OfRows(ProjectionPlan p) => Of(p, p.Target.Count);

    /// <summary>In columns, by target: the partner is the source.</summary>
    public static SynapsePacking OfColumns(ProjectionPlan p) => Of(p, p.Source.Count);

    static SynapsePacking Of(ProjectionPlan p, int partners)
    {
        var partnerBits = BitsFor(partners - 1);
        return new SynapsePacking(partnerBits, partnerBits + BitsFor(p.MaxDelay - p.MinDelay) <= 16 ? 4 : 8);
    }

    static int BitsFor(int largest) => 32 - BitOperations.LeadingZeroCount((uint)Math.Max(0, largest));

    /// <summary>The word of a synapse; words ascend by delay, then partner.</summary>
    /// <param name="partner">Neuron at the other end.</param>
    /// <param name="extraDelay">Delay beyond the projection's least, steps.</param>
    /// <param name="weight">16-bit weight.</param>
    public ulong Pack(int partner, int extraDelay, short weight) => ((ulong)(uint)extraDelay << PartnerBits | (uint)partner) << 16 | (ushort)weight;
}
