using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>A run of offsets with weights.</summary>
/// <param name="Row">Rows from source to target.</param>
/// <param name="Begin">First column offset.</param>
/// <param name="End">Column offset behind the last.</param>
readonly record struct StencilPiece(int Row, int Begin, int End);

/// <summary>A stencil laid out in full: every offset between two nodes has its place, so a source sees the whole sheet as one window of it, and no path turns around a border.</summary>
sealed class StencilPieces : IDisposable
{
    // A gap of fewer zeros than this costs less than a new piece.
    const int WorthSplitting = 32;

    readonly AlignedBuffer<short> _weights;
    readonly (int First, int End)[] _visible;
    readonly int _rows, _columns;
    readonly bool _periodic;

    public StencilPieces(StencilWeights stencil, bool hugePages)
    {
        (_rows, _columns, _periodic) = (stencil.Lattice.Rows, stencil.Lattice.Columns, stencil.Lattice.Periodic);
        Stride = (2 * _columns - 1 + CpuPopulation.Group - 1) / CpuPopulation.Group * CpuPopulation.Group;
        _weights = new AlignedBuffer<short>((long)(2 * _rows - 1) * Stride + CpuPopulation.Group, hugePages); // vectors may read beyond the last row
        var pieces = new List<StencilPiece>();
        for (var row = 1 - _rows; row < _rows; row++)
        {
            for (var column = 1 - _columns; column < _columns; column++)
                At(row, column) = stencil.At(row, column);
            Split(stencil, row, pieces);
        }
        Pieces = [.. pieces];
        _visible = [.. Enumerable.Range(0, _rows).Select(r => pieces.FindIndex(p => p.Row >= -r) is >= 0 and var first ? (first, pieces.FindLastIndex(p => p.Row < _rows - r) + 1) : (0, 0))];
        Whole = Pieces.Sum(p => (double)(p.End - p.Begin)) > 0.5 * (2 * _rows - 1) * (2 * _columns - 1);
    }

    /// <summary>Weights of a row of offsets, with padding.</summary>
    public int Stride { get; }

    /// <summary>The runs of weights, rows ascending, then columns.</summary>
    public StencilPiece[] Pieces { get; }

    /// <summary>The runs that lead from a row of the sheet to another of its rows.</summary>
    public ReadOnlySpan<StencilPiece> From(int row) => Pieces.AsSpan(_visible[row].First, _visible[row].End - _visible[row].First);

    /// <summary>True if most offsets have a weight.</summary>
    public bool Whole { get; }

    /// <summary>On a torus: whether the way over the border is the shorter one. Runs are cut there.</summary>
    public bool IsFar(int column) => _periodic && 2 * Math.Abs(column) > _columns;

    /// <summary>As <see cref="IsFar"/>, for rows.</summary>
    public bool IsFarRow(int row) => _periodic && 2 * Math.Abs(row) > _rows;

    /// <summary>The weight of an offset; those of the columns that follow lie behind it.</summary>
    public ref short At(int row, int column) => ref _weights.At((long)(row + _rows - 1) * Stride + column + _columns - 1);

    void Split(StencilWeights stencil, int row, List<StencilPiece> pieces)
    {
        int begin = int.MinValue, last = 0;
        for (var column = 1 - _columns; column < _columns; column++)
        {
            if (stencil.At(row, column) == 0)
                continue;
            if (begin != int.MinValue && (column - last > WorthSplitting || IsFar(column) != IsFar(last) || IsFar(column) && Math.Sign(column) != Math.Sign(last)))
            {
                pieces.Add(new StencilPiece(row, begin, last + 1));
                begin = column;
            }
            begin = begin == int.MinValue ? column : begin;
            last = column;
        }
        if (begin != int.MinValue)
            pieces.Add(new StencilPiece(row, begin, last + 1));
    }

    public void Dispose() => _weights.Dispose();
}
