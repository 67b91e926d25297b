using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchBrain.Native.Cpu;

/// <summary>Lanes of 256 bits.</summary>
readonly struct Lanes256(Vector256<float> value) : ILanes<Lanes256>
{
    readonly Vector256<float> _v = value;

    public static int Count => Vector256<float>.Count;
    Vector256<int> I => _v.AsInt32();
    Vector256<uint> U => _v.AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(ref float from) => new(Vector256.LoadUnsafe(ref from));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes256 value, ref float to) => value._v.StoreUnsafe(ref to);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LoadBits(ref int from) => new(Vector256.LoadUnsafe(ref from).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBits(Lanes256 value, ref int to) => value.I.StoreUnsafe(ref to);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LoadInt16(ref short from)
    {
        var packed = Vector128.LoadUnsafe(ref from);
        return new((Avx2.IsSupported ? Avx2.ConvertToVector256Int32(packed) : Vector256.Create(Vector128.WidenLower(packed), Vector128.WidenUpper(packed))).AsSingle());
    }
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Splat(float value) => new(Vector256.Create(value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 SplatBits(uint bits) => new(Vector256.Create(bits).AsSingle());
    public static Lanes256 Iota => new(Vector256<int>.Indices.AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator +(Lanes256 a, Lanes256 b) => new(a._v + b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator -(Lanes256 a, Lanes256 b) => new(a._v - b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator *(Lanes256 a, Lanes256 b) => new(a._v * b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator /(Lanes256 a, Lanes256 b) => new(a._v / b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Fma(Lanes256 a, Lanes256 b, Lanes256 c) => new(Vector256.FusedMultiplyAdd(a._v, b._v, c._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Sqrt(Lanes256 a) => new(Vector256.Sqrt(a._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Max(Lanes256 a, Lanes256 b) =>
        new(Avx.IsSupported ? Avx.Max(a._v, b._v) : Vector256.ConditionalSelect(Vector256.GreaterThan(a._v, b._v), a._v, b._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Min(Lanes256 a, Lanes256 b) =>
        new(Avx.IsSupported ? Avx.Min(a._v, b._v) : Vector256.ConditionalSelect(Vector256.LessThan(a._v, b._v), a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator &(Lanes256 a, Lanes256 b) => new((a.U & b.U).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 operator ^(Lanes256 a, Lanes256 b) => new((a.U ^ b.U).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Parity(Lanes256 a, Lanes256 b, Lanes256 c) => new((a.U ^ b.U ^ c.U).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Majority(Lanes256 a, Lanes256 b, Lanes256 c) => new(((a.U & b.U) ^ (c.U & (a.U ^ b.U))).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 AddWhere(Lanes256 sum, Lanes256 bits, Lanes256 bit, Lanes256 amount) => new((sum.I + (Vector256.Equals(bits.U & bit.U, bit.U).AsInt32() & amount.I)).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 AddInt(Lanes256 a, Lanes256 b) => new((a.I + b.I).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 SubInt(Lanes256 a, Lanes256 b) => new((a.I - b.I).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 ShiftLeft(Lanes256 a, int bits) => new((a.U << bits).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 ShiftRight(Lanes256 a, int bits) => new((a.U >> bits).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 ShiftRightArithmetic(Lanes256 a, int bits) => new((a.I >> bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 IntToFloat(Lanes256 a) => new(Vector256.ConvertToSingle(a.I));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 RoundToInt(Lanes256 a) => new((Avx.IsSupported ? Avx.ConvertToVector256Int32(a._v) : Vector256.ConvertToInt32Native(Vector256.Round(a._v))).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 GreaterOrEqual(Lanes256 a, Lanes256 b) => new(Vector256.GreaterThanOrEqual(a._v, b._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Greater(Lanes256 a, Lanes256 b) => new(Vector256.GreaterThan(a._v, b._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 GreaterInt(Lanes256 a, Lanes256 b) => new(Vector256.GreaterThan(a.I, b.I).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LessUnsigned(Lanes256 a, Lanes256 b) => new(Vector256.LessThan(a.U, b.U).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Select(Lanes256 mask, Lanes256 whereSet, Lanes256 whereClear) =>
        new(Avx.IsSupported ? Avx.BlendVariable(whereClear._v, whereSet._v, mask._v) : Vector256.ConditionalSelect(mask._v, whereSet._v, whereClear._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 SelectPositive(Lanes256 integers, Lanes256 whereSet, Lanes256 whereClear) => new(Vector256.ConditionalSelect(Vector256.GreaterThan(integers.I, Vector256<int>.Zero), whereSet.I, whereClear.I).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 SelectReached(Lanes256 a, Lanes256 b, Lanes256 whereSet, Lanes256 whereClear) => new(Vector256.ConditionalSelect(Vector256.GreaterThanOrEqual(a._v, b._v), whereSet._v, whereClear._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ReachedBits(Lanes256 a, Lanes256 b) => (uint)Vector256.GreaterThanOrEqual(a._v, b._v).ExtractMostSignificantBits();
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint MaskBits(Lanes256 mask) => (uint)Vector256.ExtractMostSignificantBits(mask._v);
}
