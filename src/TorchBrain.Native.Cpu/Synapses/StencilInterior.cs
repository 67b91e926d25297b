using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cpu;

/// <summary>
/// What sources far from every border send: the same vectors for each of them, at the same distance. Runs of offsets are filled up with zeros to whole vectors, so nothing is cut or tested.
/// </summary>
sealed class StencilInterior : IDisposable
{
    readonly AlignedBuffer<short> _weights;
    readonly int[] _steps;
    readonly int _rows, _columns, _rowReach, _columnReach;

    /// <param name="stencil">The stencil.</param>
    /// <param name="pieces">Its runs.</param>
    /// <param name="lanes">Weights of a vector.</param>
    /// <param name="hugePages">Whether large buffers ask for huge pages.</param>
    public StencilInterior(StencilWeights stencil, StencilPieces pieces, int lanes, bool hugePages)
    {
        (_rows, _columns) = (stencil.Lattice.Rows, stencil.Lattice.Columns);
        // On a torus far offsets lead to the same nodes as near ones, the longer way around; only sources near a border go that way.
        StencilPiece[] near = [.. pieces.Pieces.Where(p => !pieces.IsFarRow(p.Row) && !pieces.IsFar(p.Begin))];
        _rowReach = near.Select(p => Math.Abs(p.Row)).DefaultIfEmpty(0).Max();
        _columnReach = near.Select(p => Math.Max(Math.Abs(p.Begin), Math.Abs(p.End - 1))).DefaultIfEmpty(0).Max();
        var steps = new List<int>();
        var weights = new List<short>();
        foreach (var p in near)
            for (var begin = p.Begin; begin < p.End; begin += lanes)
            {
                steps.Add(p.Row * _columns + begin);
                for (var k = 0; k < lanes; k++)
                    weights.Add(begin + k < p.End ? pieces.At(p.Row, begin + k) : (short)0);
            }
        _steps = [.. steps];
        _weights = new AlignedBuffer<short>(weights.Count, hugePages);
        for (var k = 0; k < weights.Count; k++)
            _weights.At(k) = weights[k];
        FirstStep = _steps.DefaultIfEmpty(0).Min();
        LastStep = _steps.DefaultIfEmpty(0).Max() + lanes;
    }

    /// <summary>From a source to the first target of each vector, as a difference of node numbers.</summary>
    public ReadOnlySpan<int> Steps => _steps;

    /// <summary>The weights, vector by vector.</summary>
    public ref short Weights => ref _weights.At(0);

    /// <summary>The smallest difference of node numbers.</summary>
    public int FirstStep { get; }

    /// <summary>The difference of node numbers behind the last vector.</summary>
    public int LastStep { get; }

    /// <summary>Whether the stencil of a source ends before every border.</summary>
    public bool Holds(int row, int column) => row >= _rowReach && row < _rows - _rowReach && column >= _columnReach && column < _columns - _columnReach;

    public void Dispose() => _weights.Dispose();
}
