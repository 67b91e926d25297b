using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace TorchBrain.Native.Mnist;

/// <summary>
/// Sums the Gram matrix X'X of rows that arrive one by one. Rows are packed into panels of 16 columns; a full chunk is multiplied
/// tile by tile on several threads. A tile has one owner and its sums one order (single precision over at most 256 rows, then
/// double), so the result does not depend on the number of threads, on the width of the machine's vectors, or on how the
/// caller split the rows. Whole numbers from 0 to 255 come out exact: 256 x 255 x 255 is below 2^24.
/// </summary>
sealed class GramAccumulator
{
    internal const int Lanes = 16;
    const int BlockRows = 256, ChunkRows = 4 * BlockRows, TileSize = Lanes * Lanes;

    /// <summary>Floats from one panel to the next; not a power of two, so that panels do not share cache sets.</summary>
    const int PanelStride = (ChunkRows + 1) * Lanes;

    readonly int _panels;
    readonly bool _precise;
    readonly ParallelOptions _parallel;
    readonly float[] _packed;
    readonly double[][] _tiles; // [first panel][tiles from the diagonal to the right, 16 x 16 each]
    int _filled;

    /// <summary>Creates an empty sum.</summary>
    /// <param name="columns">Columns of X, at least 1.</param>
    /// <param name="precise">Every product and sum in double precision, at about a quarter of the speed.</param>
    /// <param name="threads">Threads to use, at least 1.</param>
    public GramAccumulator(int columns, bool precise, int threads)
    {
        _panels = (columns + Lanes - 1) / Lanes;
        _precise = precise;
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = threads };
        _packed = new float[(long)_panels * PanelStride];
        _tiles = new double[_panels][];
        for (var i = 0; i < _panels; i++) _tiles[i] = new double[(_panels - i) * TileSize];
    }

    /// <summary>The length of a row as <see cref="AddRow"/> wants it: columns, filled up with zeros to whole panels.</summary>
    public int PaddedColumns => _panels * Lanes;

    /// <summary>Adds one row of <see cref="PaddedColumns"/> values.</summary>
    public void AddRow(ReadOnlySpan<float> row)
    {
        for (var panel = 0; panel < _panels; panel++)
            row.Slice(panel * Lanes, Lanes).CopyTo(_packed.AsSpan(panel * PanelStride + _filled * Lanes, Lanes));
        if (++_filled == ChunkRows) Flush();
    }

    /// <summary>The sum over all rows of column i times column j. Call <see cref="Flush"/> first.</summary>
    public double this[int i, int j]
    {
        get
        {
            if (i > j) (i, j) = (j, i);
            int panel = i / Lanes, right = j / Lanes - panel;
            return _tiles[panel][right * TileSize + i % Lanes * Lanes + j % Lanes];
        }
    }

    /// <summary>Multiplies the rows that are still waiting.</summary>
    public void Flush()
    {
        if (_filled == 0) return;
        // A long row of tiles goes with a short one, so that all tasks cost the same.
        Parallel.For(0, (_panels + 1) / 2, _parallel, i =>
        {
            MultiplyPanel(i);
            if (_panels - 1 - i != i) MultiplyPanel(_panels - 1 - i);
        });
        _filled = 0;
    }

    void MultiplyPanel(int panel)
    {
        Span<double> sum = stackalloc double[TileSize];
        for (var right = 0; right < _panels - panel; right++)
        {
            var tile = _tiles[panel].AsSpan(right * TileSize, TileSize);
            tile.CopyTo(sum);
            for (var row = 0; row < _filled; row += BlockRows)
            {
                var rows = Math.Min(BlockRows, _filled - row);
                var a = _packed.AsSpan(panel * PanelStride + row * Lanes, rows * Lanes);
                var b = _packed.AsSpan((panel + right) * PanelStride + row * Lanes, rows * Lanes);
                if (_precise)
                    for (var lane = 0; lane < Lanes; lane += 2) MultiplyDouble(a, b, lane, sum[(lane * Lanes)..]);
                else
                    for (var lane = 0; lane < Lanes; lane += 4) MultiplySingle(a, b, lane, sum[(lane * Lanes)..]);
            }
            sum.CopyTo(tile);
        }
    }

    /// <summary>Adds four columns of a times the sixteen of b to four rows of the tile; eight sums stay in registers.</summary>
    static void MultiplySingle(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int lane, Span<double> sum)
    {
        ref var left = ref Unsafe.Add(ref MemoryMarshal.GetReference(a), lane);
        ref var right = ref MemoryMarshal.GetReference(b);
        Vector256<float> s00 = default, s01 = default, s10 = default, s11 = default;
        Vector256<float> s20 = default, s21 = default, s30 = default, s31 = default;
        for (nuint k = 0, end = (nuint)b.Length; k < end; k += Lanes)
        {
            var b0 = Vector256.LoadUnsafe(ref right, k);
            var b1 = Vector256.LoadUnsafe(ref right, k + 8);
            var a0 = Vector256.Create(Unsafe.Add(ref left, k));
            s00 = Vector256.FusedMultiplyAdd(a0, b0, s00);
            s01 = Vector256.FusedMultiplyAdd(a0, b1, s01);
            var a1 = Vector256.Create(Unsafe.Add(ref left, k + 1));
            s10 = Vector256.FusedMultiplyAdd(a1, b0, s10);
            s11 = Vector256.FusedMultiplyAdd(a1, b1, s11);
            var a2 = Vector256.Create(Unsafe.Add(ref left, k + 2));
            s20 = Vector256.FusedMultiplyAdd(a2, b0, s20);
            s21 = Vector256.FusedMultiplyAdd(a2, b1, s21);
            var a3 = Vector256.Create(Unsafe.Add(ref left, k + 3));
            s30 = Vector256.FusedMultiplyAdd(a3, b0, s30);
            s31 = Vector256.FusedMultiplyAdd(a3, b1, s31);
        }
        Add(sum, s00, s01);
        Add(sum[Lanes..], s10, s11);
        Add(sum[(2 * Lanes)..], s20, s21);
        Add(sum[(3 * Lanes)..], s30, s31);
    }

    static void Add(Span<double> sum, Vector256<float> first, Vector256<float> second)
    {
        var (v0, v1) = Vector256.Widen(first);
        var (v2, v3) = Vector256.Widen(second);
        Add(sum, v0, v1, v2, v3);
    }

    static void Add(Span<double> sum, Vector256<double> v0, Vector256<double> v1, Vector256<double> v2, Vector256<double> v3)
    {
        ref var target = ref MemoryMarshal.GetReference(sum[..Lanes]);
        (Vector256.LoadUnsafe(ref target) + v0).StoreUnsafe(ref target);
        (Vector256.LoadUnsafe(ref target, 4) + v1).StoreUnsafe(ref target, 4);
        (Vector256.LoadUnsafe(ref target, 8) + v2).StoreUnsafe(ref target, 8);
        (Vector256.LoadUnsafe(ref target, 12) + v3).StoreUnsafe(ref target, 12);
    }

    /// <summary>The same with two columns of a and everything in double precision.</summary>
    static void MultiplyDouble(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int lane, Span<double> sum)
    {
        ref var left = ref Unsafe.Add(ref MemoryMarshal.GetReference(a), lane);
        ref var right = ref MemoryMarshal.GetReference(b);
        Vector256<double> s00 = default, s01 = default, s02 = default, s03 = default;
        Vector256<double> s10 = default, s11 = default, s12 = default, s13 = default;
        for (nuint k = 0, end = (nuint)b.Length; k < end; k += Lanes)
        {
            var (b0, b1) = Vector256.Widen(Vector256.LoadUnsafe(ref right, k));
            var (b2, b3) = Vector256.Widen(Vector256.LoadUnsafe(ref right, k + 8));
            var a0 = Vector256.Create((double)Unsafe.Add(ref left, k));
            s00 = Vector256.FusedMultiplyAdd(a0, b0, s00);
            s01 = Vector256.FusedMultiplyAdd(a0, b1, s01);
            s02 = Vector256.FusedMultiplyAdd(a0, b2, s02);
            s03 = Vector256.FusedMultiplyAdd(a0, b3, s03);
            var a1 = Vector256.Create((double)Unsafe.Add(ref left, k + 1));
            s10 = Vector256.FusedMultiplyAdd(a1, b0, s10);
            s11 = Vector256.FusedMultiplyAdd(a1, b1, s11);
            s12 = Vector256.FusedMultiplyAdd(a1, b2, s12);
            s13 = Vector256.FusedMultiplyAdd(a1, b3, s13);
        }
        Add(sum, s00, s01, s02, s03);
        Add(sum[Lanes..], s10, s11, s12, s13);
    }
}
