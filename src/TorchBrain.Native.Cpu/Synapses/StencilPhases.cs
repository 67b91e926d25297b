using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// A small stencil laid out once per column that a source can stand in, each time with the rows of the sheet one behind the other: what a source sends is then one piece, as long as the sheet,
/// as a row of a matrix is. All sources of a column share their layout and differ in where they begin.
/// </summary>
sealed class StencilPhases : IDisposable
{
    // Half of a small second-level cache; beyond it the rows of a stencil that is laid out once are faster.
    const long MostBytes = 256 << 10;

    readonly AlignedBuffer<short> _weights;
    readonly int _rows, _columns;

    StencilPhases(StencilWeights stencil, bool hugePages)
    {
        (_rows, _columns) = (stencil.Lattice.Rows, stencil.Lattice.Columns);
        _weights = new AlignedBuffer<short>(Weights(stencil.Lattice) + CpuPopulation.Group, hugePages); // the padding of the last row reads on
        for (var phase = 0; phase < _columns; phase++)
            for (var row = 1 - _rows; row < _rows; row++)
                for (var column = 0; column < _columns; column++)
                    _weights.At(((long)phase * (2 * _rows - 1) + row + _rows - 1) * _columns + column) = stencil.At(row, column - phase);
    }

    static long Weights(NodeLattice lattice) => (2L * lattice.Rows - 1) * lattice.Columns * lattice.Columns;

    /// <summary>The layout of a stencil, or null where it would be too large.</summary>
    public static StencilPhases? Of(StencilWeights stencil, bool hugePages) => Weights(stencil.Lattice) * sizeof(short) <= MostBytes ? new StencilPhases(stencil, hugePages) : null;

    /// <summary>The weight from a source to the first node; those to the others lie behind it.</summary>
    public ref short Row(int source)
    {
        var (row, phase) = Math.DivRem(source, _columns);
        return ref _weights.At(((long)phase * (2 * _rows - 1) + _rows - 1 - row) * _columns);
    }

    public void Dispose() => _weights.Dispose();
}
