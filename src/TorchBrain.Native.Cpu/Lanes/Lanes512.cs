using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchBrain.Native.Cpu;

/// <summary>Lanes of 512 bits.</summary>
readonly struct Lanes512(Vector512<float> value) : ILanes<Lanes512>
{
    readonly Vector512<float> _v = value;

    public static int Count => Vector512<float>.Count;
    Vector512<int> I => _v.AsInt32();
    Vector512<uint> U => _v.AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(ref float from) => new(Vector512.LoadUnsafe(ref from));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes512 value, ref float to) => value._v.StoreUnsafe(ref to);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 LoadBits(ref int from) => new(Vector512.LoadUnsafe(ref from).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBits(Lanes512 value, ref int to) => value.I.StoreUnsafe(ref to);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 LoadInt16(ref short from)
    {
        var packed = Vector256.LoadUnsafe(ref from);
        return new((Avx512F.IsSupported ? Avx512F.ConvertToVector512Int32(packed) : Vector512.Create(Vector256.WidenLower(packed), Vector256.WidenUpper(packed))).AsSingle());
    }
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Splat(float value) => new(Vector512.Create(value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 SplatBits(uint bits) => new(Vector512.Create(bits).AsSingle());
    public static Lanes512 Iota => new(Vector512<int>.Indices.AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator +(Lanes512 a, Lanes512 b) => new(a._v + b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator -(Lanes512 a, Lanes512 b) => new(a._v - b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator *(Lanes512 a, Lanes512 b) => new(a._v * b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator /(Lanes512 a, Lanes512 b) => new(a._v / b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Fma(Lanes512 a, Lanes512 b, Lanes512 c) => new(Vector512.FusedMultiplyAdd(a._v, b._v, c._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Sqrt(Lanes512 a) => new(Vector512.Sqrt(a._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Max(Lanes512 a, Lanes512 b) =>
        new(Avx512F.IsSupported ? Avx512F.Max(a._v, b._v) : Vector512.ConditionalSelect(Vector512.GreaterThan(a._v, b._v), a._v, b._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Min(Lanes512 a, Lanes512 b) =>
        new(Avx512F.IsSupported ? Avx512F.Min(a._v, b._v) : Vector512.ConditionalSelect(Vector512.LessThan(a._v, b._v), a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator &(Lanes512 a, Lanes512 b) => new((a.U & b.U).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator ^(Lanes512 a, Lanes512 b) => new((a.U ^ b.U).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Parity(Lanes512 a, Lanes512 b, Lanes512 c) => new((Avx512F.IsSupported ? Avx512F.TernaryLogic(a.U, b.U, c.U, 0x96) : a.U ^ b.U ^ c.U).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Majority(Lanes512 a, Lanes512 b, Lanes512 c) => new((Avx512F.IsSupported ? Avx512F.TernaryLogic(a.U, b.U, c.U, 0xE8) : (a.U & b.U) ^ (c.U & (a.U ^ b.U))).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 AddWhere(Lanes512 sum, Lanes512 bits, Lanes512 bit, Lanes512 amount) => new(Vector512.ConditionalSelect(Vector512.Equals(bits.I & bit.I, Vector512<int>.Zero), sum.I, sum.I + amount.I).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 AddInt(Lanes512 a, Lanes512 b) => new((a.I + b.I).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 SubInt(Lanes512 a, Lanes512 b) => new((a.I - b.I).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 ShiftLeft(Lanes512 a, int bits) => new((a.U << bits).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 ShiftRight(Lanes512 a, int bits) => new((a.U >> bits).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 ShiftRightArithmetic(Lanes512 a, int bits) => new((a.I >> bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 IntToFloat(Lanes512 a) => new(Vector512.ConvertToSingle(a.I));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 RoundToInt(Lanes512 a) => new((Avx512F.IsSupported ? Avx512F.ConvertToVector512Int32(a._v) : Vector512.ConvertToInt32Native(Vector512.Round(a._v))).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 GreaterOrEqual(Lanes512 a, Lanes512 b) => new(Vector512.GreaterThanOrEqual(a._v, b._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Greater(Lanes512 a, Lanes512 b) => new(Vector512.GreaterThan(a._v, b._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 GreaterInt(Lanes512 a, Lanes512 b) => new(Vector512.GreaterThan(a.I, b.I).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 LessUnsigned(Lanes512 a, Lanes512 b) => new(Vector512.LessThan(a.U, b.U).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Select(Lanes512 mask, Lanes512 whereSet, Lanes512 whereClear) => new(Vector512.ConditionalSelect(mask._v, whereSet._v, whereClear._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 SelectPositive(Lanes512 integers, Lanes512 whereSet, Lanes512 whereClear) => new(Vector512.ConditionalSelect(Vector512.GreaterThan(integers.I, Vector512<int>.Zero), whereSet.I, whereClear.I).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 SelectReached(Lanes512 a, Lanes512 b, Lanes512 whereSet, Lanes512 whereClear) => new(Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(a._v, b._v), whereSet._v, whereClear._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ReachedBits(Lanes512 a, Lanes512 b) => (uint)Vector512.GreaterThanOrEqual(a._v, b._v).ExtractMostSignificantBits();
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint MaskBits(Lanes512 mask) => (uint)Vector512.ExtractMostSignificantBits(mask._v);
}
