using System.Runtime.CompilerServices;

namespace TorchBrain.Native.Cpu;

/// <summary>Updates one population of one model, a group of 64 elements at a time.</summary>
abstract class NeuronKernel : IDisposable
{
    /// <summary>Updates the elements [first, first + 64).</summary>
    /// <param name="first">A multiple of 64.</param>
    /// <param name="step">The step.</param>
    /// <param name="input">Input of the group; rows are <see cref="InputStage{V}.Block"/> apart.</param>
    /// <returns>Who crosses threshold: bit k for element first + k.</returns>
    public abstract ulong UpdateGroup(int first, long step, ref float input);

    /// <summary>Updates the elements [first, first + count), count a multiple of 64; rows of input are <see cref="InputStage{V}.Block"/> apart.</summary>
    /// <param name="first">A multiple of 64.</param>
    /// <param name="count">A multiple of 64.</param>
    /// <param name="step">The step.</param>
    /// <param name="input">Rows of input.</param>
    /// <param name="fired">Who crosses threshold: one bit per element.</param>
    public virtual void UpdateBlock(int first, int count, long step, ref float input, Span<ulong> fired)
    {
        for (var k = 0; k < count; k += CpuPopulation.Group)
            fired[k / CpuPopulation.Group] = UpdateGroup(first + k, step, ref Unsafe.Add(ref input, k));
    }

    /// <summary>True if only some of the elements above threshold may spike, chosen by <see cref="Compete"/> after all groups.</summary>
    public virtual bool Competes => false;

    /// <summary>Chooses among the elements above threshold, group by group in <paramref name="candidates"/>; clears the bits of the others.</summary>
    public virtual void Compete(Span<ulong> candidates) { }

    public virtual void Dispose() { }
}
