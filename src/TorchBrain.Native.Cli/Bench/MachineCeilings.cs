using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchBrain.Native.Cli;

/// <summary>What one processor can do at most, measured with short loops that do nothing else: the units in which floors are counted.</summary>
/// <param name="VectorOpsPerNs">Vector operations of one thread.</param>
/// <param name="UpdatesPerNs">Read-modify-writes of sums that the first-level cache holds, at places that 4-byte words name, of one thread.</param>
/// <param name="CacheGBps">Read and written in the second-level cache by one thread, 1e9 bytes a second, both ways counted.</param>
/// <param name="MemoryGBps">Read from memory by one thread, 1e9 bytes a second.</param>
/// <param name="MeetingUs">A meeting of two threads that wait for each other by spinning; 0 where there is one core.</param>
sealed record MachineCeilings(double VectorOpsPerNs, double UpdatesPerNs, double CacheGBps, double MemoryGBps, double MeetingUs)
{
    const int Tries = 7;
    const int CacheBytes = 128 << 10, MemoryBytes = 128 << 20, Meetings = 20_000;

    static readonly Lazy<MachineCeilings> s_here = new(Measure);

    /// <summary>Of this machine, measured once: the best of some tries, because other programs only make them worse.</summary>
    public static MachineCeilings Here => s_here.Value;

    static MachineCeilings Measure()
    {
        const int Rounds = 20_000;
        var sums = new int[4096];
        var words = new uint[16 << 10];
        var random = new RandomSequence(1, 1);
        for (var k = 0; k < words.Length; k++)
            words[k] = random.NextUInt32() & 0xFFFF_0FFF;
        var (cache, memory) = (new float[CacheBytes / sizeof(float)], new float[MemoryBytes / sizeof(float)]);
        return new MachineCeilings(
            Rounds * 8 / Best(() => Add(Rounds)),
            words.Length / Best(() => Scatter(words, sums)),
            2 * CacheBytes / Best(() => Scale(cache)),
            MemoryBytes / Best(() => Sum(memory)),
            Environment.ProcessorCount > 1 ? Best(Meet) / Meetings * 1e-3 : 0);
    }

    static double Best(Action work)
    {
        work();
        return Enumerable.Range(0, Tries).Min(_ =>
        {
            var begin = Stopwatch.GetTimestamp();
            work();
            return Stopwatch.GetElapsedTime(begin).TotalNanoseconds;
        });
    }

    // Eight chains, so that no operation waits for another.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    static Vector<float> Add(int rounds)
    {
        Vector<float> a = Vector<float>.One, b = a, c = a, d = a, e = a, f = a, g = a, h = a, one = a;
        for (var k = 0; k < rounds; k++)
        {
            a += one;
            b += one;
            c += one;
            d += one;
            e += one;
            f += one;
            g += one;
            h += one;
        }
        return a + b + c + d + e + f + g + h;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    static void Scatter(uint[] words, int[] sums)
    {
        ref var word = ref MemoryMarshal.GetArrayDataReference(words);
        ref var sum = ref MemoryMarshal.GetArrayDataReference(sums);
        for (nint k = 0; k < words.Length; k += 4)
            for (nint n = 0; n < 4; n++)
                Unsafe.Add(ref sum, (nint)(Unsafe.Add(ref word, k + n) & 0xFFFF)) += (int)Unsafe.Add(ref word, k + n) >> 16;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    static void Scale(float[] values)
    {
        var half = new Vector<float>(0.5f);
        ref var value = ref MemoryMarshal.GetArrayDataReference(values);
        for (nint k = 0; k < values.Length; k += Vector<float>.Count)
            (Vector.LoadUnsafe(ref value, (nuint)k) * half).StoreUnsafe(ref value, (nuint)k);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    static Vector<float> Sum(float[] values)
    {
        Vector<float> a = default, b = default;
        ref var value = ref MemoryMarshal.GetArrayDataReference(values);
        for (nint k = 0; k < values.Length; k += 2 * Vector<float>.Count)
        {
            a += Vector.LoadUnsafe(ref value, (nuint)k);
            b += Vector.LoadUnsafe(ref value, (nuint)(k + Vector<float>.Count));
        }
        return a + b;
    }

    static void Meet()
    {
        long here = 0, there = 0;
        var other = new Thread(() =>
        {
            for (var n = 1L; n <= Meetings; n++)
            {
                Volatile.Write(ref there, n);
                for (var turn = 0; Volatile.Read(ref here) < n; turn++)
                    Pause(turn);
            }
        });
        other.Start();
        for (var n = 1L; n <= Meetings; n++)
        {
            Volatile.Write(ref here, n);
            for (var turn = 0; Volatile.Read(ref there) < n; turn++)
                Pause(turn);
        }
        other.Join();
    }

    // A partner that lost its core would not come back sooner for being waited for.
    static void Pause(int turn)
    {
        if (turn > 2000)
            Thread.Yield();
    }
}
