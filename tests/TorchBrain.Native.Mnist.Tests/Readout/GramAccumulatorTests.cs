using NUnit.Framework;

namespace TorchBrain.Native.Mnist.Tests;

[TestFixture]
public class GramAccumulatorTests
{
    static GramAccumulator Sum(float[] rows, int columns, bool precise, int threads)
    {
        var gram = new GramAccumulator(columns, precise, threads);
        var row = new float[gram.PaddedColumns];
        for (var start = 0; start < rows.Length; start += columns)
        {
            rows.AsSpan(start, columns).CopyTo(row);
            gram.AddRow(row);
        }
        gram.Flush();
        return gram;
    }

    static float[] Rows(int count, int columns, Func<double> draw) => [.. Enumerable.Range(0, count * columns).Select(_ => (float)draw())];

    // Sizes around the edges of panels (16 columns), blocks (256 rows) and chunks (1024 rows).
    [Test]
    public void Is_the_naive_double_loop([Values(1, 15, 16, 17, 50)] int columns, [Values(1, 255, 257, 1024, 1300)] int count, [Values] bool precise)
    {
        var random = new RandomSequence(3, 1);
        var rows = Rows(count, columns, () => random.NextNormal());
        var gram = Sum(rows, columns, precise, 2);
        for (var i = 0; i < columns; i++)
            for (var j = 0; j < columns; j++)
            {
                double sum = 0, size = 0;
                for (var r = 0; r < count; r++)
                {
                    var product = (double)rows[r * columns + i] * rows[r * columns + j];
                    sum += product;
                    size += Math.Abs(product);
                }
                Assert.That(gram[i, j], Is.EqualTo(sum).Within(size * (precise ? 1e-14 : 1e-6)), $"{i}, {j}");
            }
    }

    [Test]
    public void Counts_up_to_255_come_out_exact()
    {
        const int columns = 20, count = 2100;
        var random = new RandomSequence(4, 1);
        var rows = Rows(count, columns, () => random.NextBelow(3) == 0 ? 255 : random.NextBelow(256));
        for (var r = 0; r < count; r++) rows[r * columns] = 255;
        var gram = Sum(rows, columns, precise: false, 2);
        for (var i = 0; i < columns; i++)
            for (var j = 0; j < columns; j++)
            {
                long sum = 0;
                for (var r = 0; r < count; r++) sum += (long)rows[r * columns + i] * (long)rows[r * columns + j];
                Assert.That(gram[i, j], Is.EqualTo((double)sum), $"{i}, {j}");
            }
    }

    [Test]
    public void Is_the_same_to_the_bit_on_any_number_of_threads([Values] bool precise)
    {
        const int columns = 130;
        var random = new RandomSequence(5, 1);
        var rows = Rows(1500, columns, () => random.NextNormal());
        var one = Sum(rows, columns, precise, 1);
        foreach (var threads in (int[])[2, 3, 7])
        {
            var many = Sum(rows, columns, precise, threads);
            for (var i = 0; i < columns; i++)
                for (var j = 0; j < columns; j++)
                    Assert.That(BitConverter.DoubleToInt64Bits(many[i, j]), Is.EqualTo(BitConverter.DoubleToInt64Bits(one[i, j])));
        }
    }

    // Seen with AVX2, without it, and without any hardware intrinsics: the order of the sums does not follow the width of the machine's vectors.
    [TestCase(false, "d70165c5f6bec604")]
    [TestCase(true, "4695ced6f7bf1ccc")]
    public void Is_the_same_to_the_bit_on_any_machine(bool precise, string expected)
    {
        const int columns = 21;
        var random = new RandomSequence(6, 1);
        var gram = Sum(Rows(1100, columns, () => random.NextUniform() - 0.3), columns, precise, 2);
        var bits = new List<byte>();
        for (var i = 0; i < columns; i++)
            for (var j = i; j < columns; j++) bits.AddRange(BitConverter.GetBytes(gram[i, j]));
        Assert.That(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bits.ToArray()))[..16], Is.EqualTo(expected));
    }
}
