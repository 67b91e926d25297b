using System.Numerics;

namespace TorchBrain.Native.Cuda;

/// <summary>Packed synapses of a static sparse projection on the device, by source (rows) or by target (columns), each row or column sorted by delay and the neuron at the other end.</summary>
/// <param name="row">The projection's row in the table of its launch, without chunks.</param>
/// <param name="elements">Elements of the population whose rows or columns they are.</param>
/// <param name="starts">First synapse of each row or column, and the end of the last.</param>
/// <param name="mostChunk">Most synapses that a warp may take at a time.</param>
sealed class PackedSynapses(SparseAbi row, int elements, long[] starts, int mostChunk)
{
    readonly long _longest = Offsets.Longest(starts);

    /// <summary>The projection's row in the table of its launch.</summary>
    public SparseAbi Describe(int chunkLength) => row with { Chunks = (uint)Chunks(chunkLength), ChunkLength = (uint)Length(chunkLength) };

    /// <summary>Most items (element, chunk) that a step can bring.</summary>
    public long MostItems(int chunkLength) => (long)elements * Chunks(chunkLength);

    int Chunks(int chunkLength) => Work.Chunks(_longest, Length(chunkLength));

    int Length(int asked) => Math.Min(asked, mostChunk);

    /// <summary>Makes the words and copies them to the device, as many rows or columns at a time as fit a buffer.</summary>
    /// <param name="starts">Where each row or column begins.</param>
    /// <param name="most">Words of the buffer; a longer row or column makes it larger.</param>
    /// <param name="memory">Where to allocate.</param>
    /// <param name="name">What it is for.</param>
    /// <param name="write">Writes the words of rows or columns [first, end) into the buffer, in any order within each: they are sorted here.</param>
    /// <returns>Address on the device.</returns>
    public static nint Fill<T>(long[] starts, int most, DeviceMemory memory, string name, Action<int, int, T[]> write) where T : unmanaged, IBinaryInteger<T>
    {
        var device = memory.New<T>(starts[^1], name);
        var words = Array.Empty<T>();
        for (var first = 0; first < starts.Length - 1;)
        {
            var end = first + 1;
            while (end < starts.Length - 1 && starts[end + 1] - starts[first] <= most)
                end++;
            var (from, begin, count) = (first, starts[first], (int)(starts[end] - starts[first]));
            if (words.Length < count)
                words = new T[count];
            write(from, end, words);
            Parallel.For(from, end, i => Array.Sort(words, (int)(starts[i] - begin), (int)(starts[i + 1] - starts[i])));
            device.CopyToDevice(words.AsSpan(0, count), begin, memory.Stream);
            first = end;
        }
        return device.DevicePointer;
    }
}
