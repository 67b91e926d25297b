using NUnit.Framework;

namespace TorchBrain.Native.Mnist.Tests;

[TestFixture]
public class MnistFilesTests
{
    [Test]
    public void Finds_the_files_plain_or_compressed_here_or_in_the_subfolder([Values] bool gzip, [Values] bool below)
    {
        using var folder = new TemporaryFolder();
        TestFiles.WriteSet(below ? folder["mnist"] : folder.Path, gzip);
        var data = MnistFiles.Open(folder.Path);
        Assert.That((data.Train.Count, data.Test.Count, data.Train.Rows, data.Train.Columns), Is.EqualTo((12, 5, 28, 28)));
        Assert.That((data.IsDrawn, data.IsCanonical, data.Source, data.Train.Source), Is.EqualTo((false, false, folder.Path, "MNIST")));
        Assert.That(data.Train.Image(11).ToArray(), Is.EqualTo(TestFiles.Images(12, 28, 28)[(16 + 11 * 784)..]));
    }

    [Test]
    public void Other_files_are_refused_where_the_published_ones_are_demanded()
    {
        using var folder = new TemporaryFolder();
        TestFiles.WriteSet(folder.Path, gzip: true);
        var error = Assert.Throws<TorchBrainException>(() => MnistFiles.Open(folder.Path, verifyChecksum: true))!;
        Assert.That(error.Code, Is.EqualTo(ErrorCode.DataDamaged));
        Assert.That(error.What, Does.Contain("SHA-256").And.Contain("train-images-idx3-ubyte"));
    }

    [Test]
    public void Missing_folders_and_files_are_named()
    {
        using var folder = new TemporaryFolder();
        Assert.That(TestFiles.Code(() => MnistFiles.Open(folder["absent"])), Is.EqualTo(ErrorCode.DataMissing));
        TestFiles.WriteSet(folder.Path, gzip: false);
        File.Delete(folder["t10k-labels-idx1-ubyte"]);
        var error = Assert.Throws<TorchBrainException>(() => MnistFiles.Open(folder.Path))!;
        Assert.That(error.Code, Is.EqualTo(ErrorCode.DataMissing));
        Assert.That(error.What, Does.Contain("missing: t10k-labels-idx1-ubyte (").And.Not.Contain("train"));
    }

    [Test]
    public void Files_that_contradict_each_other_are_refused()
    {
        using var folder = new TemporaryFolder();
        TestFiles.WriteSet(folder.Path, gzip: false);
        File.WriteAllBytes(folder["train-labels-idx1-ubyte"], TestFiles.Labels(11));
        Assert.That(Assert.Throws<TorchBrainException>(() => MnistFiles.Open(folder.Path))!.What, Does.Contain("12 images").And.Contain("11 labels"));
        File.WriteAllBytes(folder["train-labels-idx1-ubyte"], TestFiles.Labels(12, highest: 10));
        Assert.That(Assert.Throws<TorchBrainException>(() => MnistFiles.Open(folder.Path))!.What, Does.Contain("label number 10 is 10"));
        TestFiles.WriteSet(folder.Path, gzip: false, side: 27);
        Assert.That(TestFiles.Code(() => MnistFiles.Open(folder.Path)), Is.EqualTo(ErrorCode.DataInconsistent));
    }

    [Test]
    public void Swapped_files_are_refused()
    {
        using var folder = new TemporaryFolder();
        TestFiles.WriteSet(folder.Path, gzip: false);
        File.Copy(folder["train-images-idx3-ubyte"], folder["train-labels-idx1-ubyte"], overwrite: true);
        Assert.That(Assert.Throws<TorchBrainException>(() => MnistFiles.Open(folder.Path))!.What, Does.Contain("image file"));
    }

    [Test]
    public void The_real_files_are_the_published_ones()
    {
        var data = MnistFiles.Open(TestFiles.RealData(), verifyChecksum: true);
        Assert.That((data.Train.Count, data.Test.Count, data.IsCanonical), Is.EqualTo((60_000, 10_000, true)));
        Assert.That(data.Train.Labels[..5], Is.EqualTo(new byte[] { 5, 0, 4, 1, 9 }));
        Assert.That(data.Test.Labels[..5], Is.EqualTo(new byte[] { 7, 2, 1, 0, 4 }));
    }

    [Test]
    public void A_set_checks_itself_and_gives_its_first_images()
    {
        var set = new DigitSet([1, 2, 3, 4, 5, 6], [3, 4, 9], 1, 2, "test");
        Assert.That(set.Image(1).ToArray(), Is.EqualTo(new byte[] { 3, 4 }));
        var two = set.Take(2);
        Assert.That((two.Count, two.Pixels.Length, two.Source), Is.EqualTo((2, 4, "test")));
        Assert.That(set.Take(0).Count, Is.Zero);
        Assert.That(TestFiles.Code(() => set.Take(4)), Is.EqualTo(ErrorCode.DataInconsistent));
        Assert.That(TestFiles.Code(() => set.Take(-1)), Is.EqualTo(ErrorCode.DataInconsistent));
        Assert.That(TestFiles.Code(() => _ = new DigitSet([1, 2, 3], [3, 4], 1, 2, "test")), Is.EqualTo(ErrorCode.DataInconsistent));
        Assert.That(TestFiles.Code(() => _ = new DigitSet([1, 2], [10], 1, 2, "test")), Is.EqualTo(ErrorCode.DataInconsistent));
        Assert.That(TestFiles.Code(() => _ = new DigitSet([], [], 0, 2, "test")), Is.EqualTo(ErrorCode.DataInconsistent));
        Assert.That(() => { _ = set.Image(3); }, Throws.TypeOf<ArgumentOutOfRangeException>());
    }
}
