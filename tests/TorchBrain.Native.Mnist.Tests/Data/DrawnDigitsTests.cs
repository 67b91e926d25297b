using NUnit.Framework;

namespace TorchBrain.Native.Mnist.Tests;

[TestFixture]
public class DrawnDigitsTests
{
    [Test]
    public void A_digit_depends_on_seed_and_number_alone()
    {
        var all = DrawnDigits.Generate(60, 5);
        var tail = DrawnDigits.Generate(20, 5, 40);
        Assert.That(tail.Pixels, Is.EqualTo(all.Pixels[(40 * 784)..]));
        Assert.That(tail.Labels, Is.EqualTo(all.Labels[40..]));
        Assert.That(DrawnDigits.Generate(60, 6).Pixels, Is.Not.EqualTo(all.Pixels));
    }

    [Test]
    public void The_pixels_are_the_same_on_every_machine() =>
        Assert.That(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(DrawnDigits.Generate(200, 1).Pixels)), Is.EqualTo("24e3c3b7fb1be60febf10708ff273dc40aa8ea854571998653416f83b2964ba2"));

    [Test]
    public void Digits_are_framed_like_mnist()
    {
        var set = DrawnDigits.Generate(500, 1);
        Assert.That(set.Labels.Distinct().Count(), Is.EqualTo(10));
        for (var i = 0; i < set.Count; i++)
        {
            double mass = 0, x = 0, y = 0;
            var image = set.Image(i).ToArray();
            for (var p = 0; p < 784; p++) (mass, x, y) = (mass + image[p], x + image[p] * (p % 28), y + image[p] * (p / 28));
            Assert.That(x / mass, Is.EqualTo(13.5).Within(0.75), $"digit {i}");
            Assert.That(y / mass, Is.EqualTo(13.5).Within(0.75), $"digit {i}");
            Assert.That(mass / 784 / 255, Is.InRange(0.015, 0.45), $"digit {i}");
            Assert.That(image.Max(), Is.GreaterThan(180), $"digit {i}");
        }
    }

    [Test]
    public void They_can_be_told_apart_but_not_trivially()
    {
        var train = DrawnDigits.Generate(4000, 1);
        var test = DrawnDigits.Generate(1000, 1, 4000);
        var confusion = RidgeReadout.Fit(train.Pixels, 784, train.Labels, options: new RidgeOptions { Threads = 2 }).Confusion(test.Pixels, test.Labels);
        TestContext.Out.WriteLine(confusion);
        Assert.That(confusion.Accuracy, Is.InRange(0.86, 0.975));
        for (var digit = 0; digit < 10; digit++) Assert.That(confusion.Recall(digit), Is.GreaterThan(0.75), $"digit {digit}");
    }

    [TestCase(0, 0)]
    [TestCase(-1, 0)]
    [TestCase(int.MaxValue, 0)]
    [TestCase(1, -1)]
    public void Impossible_counts_are_refused(int count, int first) =>
        Assert.That(TestFiles.Code(() => DrawnDigits.Generate(count, 1, first)), Is.EqualTo(ErrorCode.NumberOutOfRange));
}
