using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace TorchBrain.Native;

/// <summary>
/// The spike hash, for backends: for each step and population with spikes, in order, hash = XxHash128(hash, step, population, count, elements ascending), all
/// little-endian (16 + 8 + 4 + 4 + 4 count bytes). A chain, so that it goes on from a checkpoint.
/// </summary>
public sealed class SpikeHashChain
{
    const int HeaderInts = 8;

    readonly int[] _block;

    /// <summary>A chain for the populations of a plan.</summary>
    public SpikeHashChain(NetworkPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var most = 0;
        foreach (var p in plan.Populations)
            most = Math.Max(most, p.Elements);
        _block = new int[HeaderInts + most];
    }

    /// <summary>The hash of all that was added.</summary>
    public UInt128 Value { get; set; }

    /// <summary>Where the caller puts the elements before <see cref="Add"/>: as long as the largest population.</summary>
    public Span<int> Elements => _block.AsSpan(HeaderInts);

    /// <summary>Chains the first <paramref name="count"/> of <see cref="Elements"/>; none leave the hash as it is.</summary>
    public void Add(long step, int population, int count)
    {
        if (count == 0)
            return;
        var bytes = MemoryMarshal.AsBytes(_block.AsSpan(0, HeaderInts + count));
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, Value);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], step);
        _block[6] = population;
        _block[7] = count;
        Value = XxHash128.HashToUInt128(bytes);
    }
}
