namespace TorchBrain.Native.Cpu;

/// <summary>Updates one population of one model, a block of elements at a time.</summary>
abstract class NeuronKernel : IDisposable
{
    /// <summary>Updates the elements of a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="input">Rows of input, <see cref="Block.Longest"/> apart; if the kernel <see cref="TakesSums"/>, only that of currents and noise.</param>
    /// <param name="fired">Who crosses threshold: one bit per element.</param>
    public abstract void UpdateBlock(Block block, ref float input, Span<ulong> fired);

    /// <summary>True if the kernel itself takes the sums of the step and leaves zeros behind; else it finds them in rows of their own.</summary>
    public virtual bool TakesSums => false;

    /// <summary>True if only some of the elements above threshold may spike, chosen by <see cref="Compete"/> after all blocks.</summary>
    public virtual bool Competes => false;

    /// <summary>Chooses among the elements above threshold, group by group in <paramref name="candidates"/>; clears the bits of the others.</summary>
    public virtual void Compete(Span<ulong> candidates) { }

    /// <summary>Writes what the kernel keeps in a form of its own to the state of the elements [begin, end).</summary>
    public virtual void Publish(int begin, int end) { }

    /// <summary>Takes over the state of the population, which was written by others.</summary>
    public virtual void Accept() { }

    public virtual void Dispose() { }
}
