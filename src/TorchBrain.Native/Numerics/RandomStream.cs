using System.IO.Hashing;
using System.Text;

namespace TorchBrain.Native;

/// <summary>Names of random streams: two draws with different streams are independent.</summary>
public static class RandomStream
{
    /// <summary>A stream of its own for a name such as <c>retina/noise</c>: the low 32 bits of its XxHash3.</summary>
    public static uint Named(string name) => (uint)XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(name));
}
