using System.Runtime.CompilerServices;

namespace TorchBrain.Native;

/// <summary>
/// Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011): 128 random bits as a pure function of a 128-bit counter and a 64-bit key.
/// There is no generator state anywhere in the engine: the key is the network's seed, and the counter names who asks
/// (stream), which element and when.
/// </summary>
public static class Philox
{
    /// <summary>Multiplier of the first and third counter word.</summary>
    public const uint M0 = 0xD2511F53, M1 = 0xCD9E8D57;

    /// <summary>Increment of the key words per round.</summary>
    public const uint W0 = 0x9E3779B9, W1 = 0xBB67AE85;

    /// <summary>Replaces the counter words by four random words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(ulong key, ref uint c0, ref uint c1, ref uint c2, ref uint c3)
    {
        uint k0 = (uint)key, k1 = (uint)(key >> 32);
        for (var round = 0; round < 10; round++)
        {
            ulong p0 = (ulong)M0 * c0, p1 = (ulong)M1 * c2;
            c0 = (uint)(p1 >> 32) ^ c1 ^ k0;
            c1 = (uint)p1;
            c2 = (uint)(p0 >> 32) ^ c3 ^ k1;
            c3 = (uint)p0;
            k0 += W0;
            k1 += W1;
        }
    }
}
