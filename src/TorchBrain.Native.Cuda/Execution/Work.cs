namespace TorchBrain.Native.Cuda;

/// <summary>How work is cut for a grid.</summary>
static class Work
{
    /// <summary>Items are numbered in 32 bits, all projections of a launch together.</summary>
    const long MostItems = 1L << 31;

    public static int Chunks(long length, int chunkLength) => (int)((length + chunkLength - 1) / chunkLength);

    /// <summary>The chunk length asked for, or as much longer as it takes for all items of a launch to have numbers.</summary>
    public static int ChunkLength(int asked, Func<int, long> items)
    {
        var length = asked;
        while (items(length) >= MostItems && length < 1 << 30)
            length *= 2;
        return length;
    }

    /// <summary>Blocks for work that all blocks share: enough for all of it, at most so many per multiprocessor.</summary>
    public static int Grid(long items, int itemsPerBlock, CudaContext context, CudaTuning tuning) =>
        (int)Math.Clamp((items + itemsPerBlock - 1) / itemsPerBlock, 1, (long)context.Multiprocessors * tuning.BlocksPerMultiprocessor);
}
