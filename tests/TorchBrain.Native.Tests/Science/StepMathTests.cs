using NUnit.Framework;

namespace TorchBrain.Native.Tests;

/// <summary>The exponential function of the step path. That lanes and kernels do the same is shown by the parity of conductances of every size.</summary>
public class StepMathTests
{
    static IEnumerable<float> Arguments()
    {
        for (var bits = 0; bits < 0x7F80_0000; bits += 9973)
            foreach (var sign in new[] { 0, int.MinValue })
                if (BitConverter.Int32BitsToSingle(bits | sign) is >= -32 and <= 88 and var x && x != 0)
                    yield return x;
        for (var k = -32 * 4096; k <= 88 * 4096; k++)
            if (k != 0)
                yield return k / 4096f;
    }

    // e^x - 1 in double; near 0 by its series.
    static double Exact(double x) => Math.Abs(x) > 0.01 ? Math.Exp(x) - 1 : x * (1 + x / 2 * (1 + x / 3 * (1 + x / 4 * (1 + x / 5 * (1 + x / 6)))));

    [Test]
    public void ExpM1_WholeRange_RelativeErrorBelow2e7()
    {
        var (worst, at) = Arguments().Select(x => (Math.Abs(StepMath.ExpM1(x) / Exact(x) - 1), x)).Max();
        TestContext.Out.WriteLine($"{worst:E2} at {at:R}");
        Assert.That(worst, Is.LessThan(2e-7));
    }

    [Test]
    public void ExpM1_OutsideTheRange_StaysAtItsEnds()
    {
        Assert.That(new[] { -32, -33, -1e30f, float.NegativeInfinity, float.NaN }.Select(StepMath.ExpM1), Is.All.EqualTo(-1f));
        Assert.That(new[] { 88.1f, 1e30f, float.PositiveInfinity }.Select(StepMath.ExpM1), Is.All.EqualTo(StepMath.ExpM1(88)));
        Assert.That(StepMath.ExpM1(0), Is.Zero);
        Assert.That(StepMath.ExpM1(-1e-30f), Is.EqualTo(-1e-30f));
    }
}
