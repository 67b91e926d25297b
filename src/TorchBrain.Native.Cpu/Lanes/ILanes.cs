namespace TorchBrain.Native.Cpu;

/// <summary>
/// A vector of 32-bit lanes, read as float or as integer bits. Three widths implement it, and each operation does the same in every lane, so the width never shows in
/// a result. Code written on it is compiled once per width.
/// </summary>
interface ILanes<V> where V : struct, ILanes<V>
{
    static abstract int Count { get; }
    static abstract V Load(ref float from);
    static abstract void Store(V value, ref float to);
    static abstract V LoadBits(ref int from);
    static abstract void StoreBits(V value, ref int to);
    /// <summary>Loads Count 16-bit integers, sign-extended.</summary>
    static abstract V LoadInt16(ref short from);
    static abstract V Splat(float value);
    static abstract V SplatBits(uint bits);
    /// <summary>Integers 0, 1, 2, ...</summary>
    static abstract V Iota { get; }

    static abstract V operator +(V a, V b);
    static abstract V operator -(V a, V b);
    static abstract V operator *(V a, V b);
    static abstract V operator /(V a, V b);
    /// <summary>a b + c, rounded once.</summary>
    static abstract V Fma(V a, V b, V c);
    static abstract V Sqrt(V a);
    /// <summary>a &gt; b ? a : b.</summary>
    static abstract V Max(V a, V b);
    /// <summary>a &lt; b ? a : b.</summary>
    static abstract V Min(V a, V b);

    static abstract V operator &(V a, V b);
    static abstract V operator ^(V a, V b);
    /// <summary>a ^ b ^ c: the lower bit of the sum of three bits.</summary>
    static abstract V Parity(V a, V b, V c);
    /// <summary>The upper bit of the sum of three bits.</summary>
    static abstract V Majority(V a, V b, V c);
    static abstract V AddInt(V a, V b);
    /// <summary>Adds an amount to the sums where a bit is set, the same one in all lanes of <paramref name="bit"/>.</summary>
    static abstract V AddWhere(V sum, V bits, V bit, V amount);
    static abstract V SubInt(V a, V b);
    static abstract V ShiftLeft(V a, int bits);
    static abstract V ShiftRight(V a, int bits);
    static abstract V ShiftRightArithmetic(V a, int bits);

    static abstract V IntToFloat(V a);
    /// <summary>To the nearest integer, ties to even.</summary>
    static abstract V RoundToInt(V a);

    static abstract V GreaterOrEqual(V a, V b);
    static abstract V Greater(V a, V b);
    static abstract V GreaterInt(V a, V b);
    static abstract V LessUnsigned(V a, V b);
    /// <summary>All bits of each lane of the mask are equal.</summary>
    static abstract V Select(V mask, V whereSet, V whereClear);
    /// <summary>Integer &gt; 0 ? whereSet : whereClear, without a mask in between.</summary>
    static abstract V SelectPositive(V integers, V whereSet, V whereClear);
    /// <summary>a &gt;= b ? whereSet : whereClear, without a mask in between.</summary>
    static abstract V SelectReached(V a, V b, V whereSet, V whereClear);
    /// <summary>A bit for each lane with a &gt;= b, lane 0 lowest.</summary>
    static abstract uint ReachedBits(V a, V b);
    /// <summary>The top bit of each lane, lane 0 lowest.</summary>
    static abstract uint MaskBits(V mask);
}
