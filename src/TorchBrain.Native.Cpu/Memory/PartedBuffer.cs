using System.Runtime.CompilerServices;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// A value of each element of a population, the parts of its threads a page apart: a core that reads its part from left to right goes on fetching past the end, and would take the first lines of the next
/// thread's part away from the core that writes them, in every step.
/// </summary>
sealed class PartedBuffer<T>(CpuPopulation population) : IDisposable where T : unmanaged
{
    readonly int[] _starts = population.Starts;
    readonly AlignedBuffer<T> _values = new(population.Padded + (population.Starts.Length - 2L) * Gap, population.HugePages);

    static int Gap => 4096 / Unsafe.SizeOf<T>();

    /// <summary>The values of a block.</summary>
    public ref T At(Block block) => ref _values.At(block.First + block.Thread * Gap);

    /// <summary>Threads, each with its part.</summary>
    public int Parts => _starts.Length - 1;

    /// <summary>The values of those of the elements [begin, end) that belong to a thread, and the first of these.</summary>
    public Span<T> Part(int thread, int begin, int end, out int first)
    {
        first = Math.Max(begin, _starts[thread]);
        return _values.Span(first + thread * Gap, Math.Max(0, Math.Min(end, _starts[thread + 1]) - first));
    }

    public void Dispose() => _values.Dispose();
}
