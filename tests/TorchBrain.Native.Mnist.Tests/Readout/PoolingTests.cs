using NUnit.Framework;

namespace TorchBrain.Native.Mnist.Tests;

[TestFixture]
public class PoolingTests
{
    internal static (float[] X, float[] Y) Nodes(int count, float side, ulong seed)
    {
        var random = new RandomSequence(seed, RandomStream.Named("test/nodes"));
        float[] x = new float[count], y = new float[count];
        for (var n = 0; n < count; n++) (x[n], y[n]) = ((float)(side * random.NextUniform()), (float)(side * random.NextUniform()));
        return (x, y);
    }

    [Test]
    public void A_matrix_knows_its_pools()
    {
        var matrix = new PoolingMatrix(5, [new[] { 3, 0 }, [], [3]]);
        Assert.That((matrix.Inputs, matrix.Units, matrix.MeanPoolSize, matrix.Coverage), Is.EqualTo((5, 3, 1.0, 0.4)));
        Assert.That(matrix.Pool(0).ToArray(), Is.EqualTo(new[] { 0, 3 }));
        Assert.That((matrix[3, 0], matrix[1, 0], matrix[0, 1], matrix[3, 2]), Is.EqualTo((true, false, false, true)));
        Assert.That(matrix.Take(2).Units, Is.EqualTo(2));
    }

    [Test]
    public void Hand_made_pools_are_discs_with_the_mean_asked_for()
    {
        var (x, y) = Nodes(1500, 28, 1);
        var radius = PoolingMatrix.RadiusForMean(x, y, 28);
        var matrix = PoolingMatrix.HandCrafted(x, y, 28, radius);
        Assert.That(matrix.Units, Is.EqualTo(441));
        Assert.That(matrix.MeanPoolSize, Is.EqualTo(101).Within(0.01));
        Assert.That(matrix.Coverage, Is.EqualTo(1));
        Assert.That(radius, Is.InRange(4.2, 4.6));
        // The middle of the grid (unit 220) is the middle of the sheet.
        for (var n = 0; n < 1500; n++)
            Assert.That(matrix[n, 220], Is.EqualTo(Math.Pow(x[n] - 14.0, 2) + Math.Pow(y[n] - 14.0, 2) <= radius * radius));
    }

    [Test]
    public void Random_pools_have_one_size_and_spread_evenly()
    {
        var matrix = PoolingMatrix.Random(1500, 365, 143, 1);
        var members = new int[1500];
        for (var unit = 0; unit < 365; unit++)
        {
            Assert.That(matrix.Pool(unit).Length, Is.EqualTo(143));
            foreach (var input in matrix.Pool(unit)) members[input]++;
        }
        Assert.That(members.Average(), Is.EqualTo(365 * 143 / 1500.0).Within(1e-9));
        var variance = members.Average(m => Math.Pow(m - members.Average(), 2));
        Assert.That(variance / (365 * 143.0 / 1500 * (1 - 143.0 / 1500)), Is.InRange(0.85, 1.15), "binomial");
        Assert.That(PoolingMatrix.Random(1500, 10, 143, 1).Pool(9).SequenceEqual(matrix.Pool(9)), Is.True);
        Assert.That(PoolingMatrix.Random(1500, 10, 143, 2).Pool(9).SequenceEqual(matrix.Pool(9)), Is.False);
    }

    [Test]
    public void Learned_weights_become_pools()
    {
        float[] weights = [0.1f, 0.2f, 0, 0.5f, 0.5f, 0.5f, 0, 0, 0];
        var matrix = PoolingMatrix.FromWeights(weights, 3, limit: 3);
        Assert.That(matrix.Units, Is.EqualTo(2), "the unit with three inputs is left out");
        Assert.That(matrix.Pool(0).ToArray(), Is.EqualTo(new[] { 1 }), "the threshold itself does not count");
        Assert.That(matrix.Pool(1).Length, Is.Zero);
        Assert.That(TestFiles.Code(() => PoolingMatrix.FromWeights([1, 1, 1], 3, limit: 3)), Is.EqualTo(ErrorCode.EmptyPopulation));
        Assert.That(TestFiles.Code(() => PoolingMatrix.FromWeights([1, 1, 1], 2)), Is.EqualTo(ErrorCode.DataInconsistent));
        Assert.That(TestFiles.Code(() => PoolingMatrix.FromWeights([1, float.NaN], 2)), Is.EqualTo(ErrorCode.DataInconsistent));
    }

    [Test]
    public void Wrong_matrices_are_refused()
    {
        Assert.That(TestFiles.Code(() => _ = new PoolingMatrix(3, [new[] { 3 }])), Is.EqualTo(ErrorCode.IndexOutOfRange));
        Assert.That(TestFiles.Code(() => _ = new PoolingMatrix(3, [new[] { -1 }])), Is.EqualTo(ErrorCode.IndexOutOfRange));
        Assert.That(TestFiles.Code(() => _ = new PoolingMatrix(3, [new[] { 1, 1 }])), Is.EqualTo(ErrorCode.IndexOutOfRange));
        Assert.That(TestFiles.Code(() => _ = new PoolingMatrix(3, [])), Is.EqualTo(ErrorCode.EmptyPopulation));
        Assert.That(TestFiles.Code(() => PoolingMatrix.Random(3, 1, 4, 1)), Is.EqualTo(ErrorCode.NumberOutOfRange));
        Assert.That(TestFiles.Code(() => PoolingMatrix.HandCrafted([1], [1, 2], 28, 4)), Is.EqualTo(ErrorCode.GeometryInvalid));
        Assert.That(TestFiles.Code(() => PoolingMatrix.HandCrafted([1], [float.NaN], 28, 4)), Is.EqualTo(ErrorCode.GeometryInvalid));
        Assert.That(TestFiles.Code(() => PoolingMatrix.HandCrafted([1], [29], 28, 4)), Is.EqualTo(ErrorCode.GeometryInvalid));
        Assert.That(TestFiles.Code(() => PoolingMatrix.HandCrafted([1], [1], 28, double.NaN)), Is.EqualTo(ErrorCode.GeometryInvalid));
        Assert.That(TestFiles.Code(() => PoolingMatrix.HandCrafted([1], [1], 28, 4, 0)), Is.EqualTo(ErrorCode.NumberOutOfRange));
        Assert.That(TestFiles.Code(() => PoolingMatrix.RadiusForMean([1], [1], 28, 2)), Is.EqualTo(ErrorCode.NumberOutOfRange));
    }

    [Test]
    public void A_sampler_shows_pixels_where_they_are_and_mixes_between()
    {
        // Two rows of three: 0 51 102 / 153 204 255, that is 0 .2 .4 / .6 .8 1.
        byte[] image = [0, 51, 102, 153, 204, 255];
        float[] x = [0.5f, 2.5f, 0.5f, 1.5f, 1f, 0, 3, 1.5f], y = [0.75f, 0.75f, 2.25f, 2.25f, 0.75f, 0, 3, 1.5f];
        var sampler = new ImageSampler(x, y, 3, rows: 2, columns: 3);
        var values = sampler.Sample(image);
        float[] expected = [0, 0.4f, 0.6f, 0.8f, 0.1f, 0, 1, 0.5f];
        for (var n = 0; n < 8; n++) Assert.That(values[n], Is.EqualTo(expected[n]).Within(1e-6f), $"node {n}");
        Assert.That(TestFiles.Code(() => sampler.Sample(new byte[5])), Is.EqualTo(ErrorCode.DataInconsistent));
        Assert.That(TestFiles.Code(() => _ = new ImageSampler([1], [1], 0)), Is.EqualTo(ErrorCode.GeometryInvalid));
        Assert.That(TestFiles.Code(() => _ = new ImageSampler([1], [1], 28, 0)), Is.EqualTo(ErrorCode.GeometryInvalid));
    }
}
