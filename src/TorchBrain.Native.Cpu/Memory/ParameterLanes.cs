using System.Runtime.CompilerServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// A parameter ready for lanes: one value per element, or, where all neurons share it, one group of equal values that serves every group. The second
/// stays in the first-level cache and costs no memory traffic. Padding repeats the first neuron's value, so it computes nothing odd.
/// </summary>
sealed class ParameterLanes : IDisposable
{
    readonly AlignedBuffer<float> _values;
    readonly int _mask;

    public ParameterLanes(CpuPopulation population, ParameterArray values)
    {
        _mask = values.IsUniform ? CpuPopulation.Group - 1 : -1;
        _values = new AlignedBuffer<float>(values.IsUniform ? CpuPopulation.Group : population.Padded, population.HugePages);
        if (values.IsUniform)
            _values.Span(0, CpuPopulation.Group).Fill(values[0]);
        else
            population.Fill(_values, values, values[0]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref float At(int element) => ref _values.At(element & _mask);

    public void Dispose() => _values.Dispose();
}
