using NUnit.Framework;

namespace TorchBrain.Native.Mnist.Tests;

[TestFixture]
public class ConfusionMatrixTests
{
    [Test]
    public void Counts_right_and_wrong()
    {
        var matrix = ConfusionMatrix.Of([0, 0, 0, 1, 1], [0, 1, 0, 1, 2], 3);
        Assert.That((matrix[0, 0], matrix[0, 1], matrix[1, 2], matrix[2, 2]), Is.EqualTo((2, 1, 1, 0)));
        Assert.That((matrix.Total, matrix.Right, matrix.Accuracy), Is.EqualTo((5, 3, 0.6)));
        Assert.That((matrix.Recall(0), matrix.Recall(1)), Is.EqualTo((2 / 3.0, 0.5)));
        Assert.That(matrix.Recall(2), Is.NaN);
        Assert.That(matrix.ToString(), Does.Contain("66.7").And.Contain("accuracy 60.00 % (3 of 5)"));
    }

    [Test]
    public void Nothing_has_no_accuracy() => Assert.That(ConfusionMatrix.Of([], []).Accuracy, Is.NaN);

    [Test]
    public void Wrong_lists_are_refused()
    {
        Assert.That(TestFiles.Code(() => ConfusionMatrix.Of([1], [1, 2])), Is.EqualTo(ErrorCode.DataInconsistent));
        Assert.That(TestFiles.Code(() => ConfusionMatrix.Of([1], [10])), Is.EqualTo(ErrorCode.DataInconsistent));
        Assert.That(TestFiles.Code(() => ConfusionMatrix.Of([10], [1])), Is.EqualTo(ErrorCode.DataInconsistent));
    }
}
