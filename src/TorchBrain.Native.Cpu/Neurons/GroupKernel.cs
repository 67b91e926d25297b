using System.Runtime.CompilerServices;

namespace TorchBrain.Native.Cpu;

/// <summary>Updates a block group by group, 64 elements at a time.</summary>
abstract class GroupKernel : NeuronKernel
{
    /// <summary>Updates the elements [first, first + 64).</summary>
    /// <param name="first">A multiple of 64.</param>
    /// <param name="step">The step.</param>
    /// <param name="input">Input of the group; rows are <see cref="Block.Longest"/> apart.</param>
    /// <returns>Who crosses threshold: bit k for element first + k.</returns>
    public abstract ulong UpdateGroup(int first, long step, ref float input);

    public override void UpdateBlock(Block block, ref float input, Span<ulong> fired)
    {
        for (var k = 0; k < block.Count; k += CpuPopulation.Group)
            fired[k / CpuPopulation.Group] = UpdateGroup(block.First + k, block.Step, ref Unsafe.Add(ref input, k));
    }
}
