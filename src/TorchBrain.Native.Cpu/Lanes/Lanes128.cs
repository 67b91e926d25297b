using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchBrain.Native.Cpu;

/// <summary>Lanes of 128 bits.</summary>
readonly struct Lanes128(Vector128<float> value) : ILanes<Lanes128>
{
    readonly Vector128<float> _v = value;

    public static int Count => Vector128<float>.Count;
    Vector128<int> I => _v.AsInt32();
    Vector128<uint> U => _v.AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Load(ref float from) => new(Vector128.LoadUnsafe(ref from));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes128 value, ref float to) => value._v.StoreUnsafe(ref to);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 LoadBits(ref int from) => new(Vector128.LoadUnsafe(ref from).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBits(Lanes128 value, ref int to) => value.I.StoreUnsafe(ref to);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 LoadInt16(ref short from) =>
        new(Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<long>(ref Unsafe.As<short, byte>(ref from))).AsInt16()).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Splat(float value) => new(Vector128.Create(value));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 SplatBits(uint bits) => new(Vector128.Create(bits).AsSingle());
    public static Lanes128 Iota => new(Vector128<int>.Indices.AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator +(Lanes128 a, Lanes128 b) => new(a._v + b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator -(Lanes128 a, Lanes128 b) => new(a._v - b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator *(Lanes128 a, Lanes128 b) => new(a._v * b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator /(Lanes128 a, Lanes128 b) => new(a._v / b._v);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Fma(Lanes128 a, Lanes128 b, Lanes128 c) => new(Vector128.FusedMultiplyAdd(a._v, b._v, c._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Sqrt(Lanes128 a) => new(Vector128.Sqrt(a._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Max(Lanes128 a, Lanes128 b) =>
        new(Sse.IsSupported ? Sse.Max(a._v, b._v) : Vector128.ConditionalSelect(Vector128.GreaterThan(a._v, b._v), a._v, b._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Min(Lanes128 a, Lanes128 b) =>
        new(Sse.IsSupported ? Sse.Min(a._v, b._v) : Vector128.ConditionalSelect(Vector128.LessThan(a._v, b._v), a._v, b._v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator &(Lanes128 a, Lanes128 b) => new((a.U & b.U).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 operator ^(Lanes128 a, Lanes128 b) => new((a.U ^ b.U).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Parity(Lanes128 a, Lanes128 b, Lanes128 c) => new((a.U ^ b.U ^ c.U).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Majority(Lanes128 a, Lanes128 b, Lanes128 c) => new(((a.U & b.U) ^ (c.U & (a.U ^ b.U))).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 AddWhere(Lanes128 sum, Lanes128 bits, Lanes128 bit, Lanes128 amount) => new((sum.I + (Vector128.Equals(bits.U & bit.U, bit.U).AsInt32() & amount.I)).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 AddInt(Lanes128 a, Lanes128 b) => new((a.I + b.I).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 SubInt(Lanes128 a, Lanes128 b) => new((a.I - b.I).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 ShiftLeft(Lanes128 a, int bits) => new((a.U << bits).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 ShiftRight(Lanes128 a, int bits) => new((a.U >> bits).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 ShiftRightArithmetic(Lanes128 a, int bits) => new((a.I >> bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 IntToFloat(Lanes128 a) => new(Vector128.ConvertToSingle(a.I));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 RoundToInt(Lanes128 a) => new((Sse2.IsSupported ? Sse2.ConvertToVector128Int32(a._v) : Vector128.ConvertToInt32Native(Vector128.Round(a._v))).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 GreaterOrEqual(Lanes128 a, Lanes128 b) => new(Vector128.GreaterThanOrEqual(a._v, b._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Greater(Lanes128 a, Lanes128 b) => new(Vector128.GreaterThan(a._v, b._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 GreaterInt(Lanes128 a, Lanes128 b) => new(Vector128.GreaterThan(a.I, b.I).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 LessUnsigned(Lanes128 a, Lanes128 b) => new(Vector128.LessThan(a.U, b.U).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Select(Lanes128 mask, Lanes128 whereSet, Lanes128 whereClear) =>
        new(Sse41.IsSupported ? Sse41.BlendVariable(whereClear._v, whereSet._v, mask._v) : Vector128.ConditionalSelect(mask._v, whereSet._v, whereClear._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 SelectPositive(Lanes128 integers, Lanes128 whereSet, Lanes128 whereClear) => new(Vector128.ConditionalSelect(Vector128.GreaterThan(integers.I, Vector128<int>.Zero), whereSet.I, whereClear.I).AsSingle());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 SelectReached(Lanes128 a, Lanes128 b, Lanes128 whereSet, Lanes128 whereClear) => new(Vector128.ConditionalSelect(Vector128.GreaterThanOrEqual(a._v, b._v), whereSet._v, whereClear._v));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ReachedBits(Lanes128 a, Lanes128 b) => (uint)Vector128.GreaterThanOrEqual(a._v, b._v).ExtractMostSignificantBits();
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint MaskBits(Lanes128 mask) => (uint)Vector128.ExtractMostSignificantBits(mask._v);
}
