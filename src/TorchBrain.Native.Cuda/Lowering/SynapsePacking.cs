using System.Numerics;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cuda;

/// <summary>How a static sparse synapse is packed: (delay - least delay), target, 16 bits of weight, from high to low; in 4 bytes where that is enough.</summary>
/// <param name="TargetBits">Bits of the target neuron.</param>
/// <param name="Bytes">4 or 8.</param>
readonly record struct SynapsePacking(int TargetBits, int Bytes)
{
    public static SynapsePacking Of(ProjectionPlan p)
    {
        var targetBits = BitsFor(p.Target.Count - 1);
        return new SynapsePacking(targetBits, targetBits + BitsFor(p.MaxDelay - p.MinDelay) <= 16 ? 4 : 8);
    }

    static int BitsFor(int largest) => 32 - BitOperations.LeadingZeroCount((uint)Math.Max(0, largest));

    public ulong Pack(RowEntry entry, int minDelay, short weight) =>
        ((ulong)(uint)(entry.Delay - minDelay) << TargetBits | (uint)entry.Target) << 16 | (ushort)weight;
}
