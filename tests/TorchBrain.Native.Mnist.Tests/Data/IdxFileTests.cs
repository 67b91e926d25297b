using System.Buffers.Binary;
using NUnit.Framework;

namespace TorchBrain.Native.Mnist.Tests;

[TestFixture]
public class IdxFileTests
{
    static IdxFile ReadImages(byte[] bytes) => IdxFile.ReadImages(new MemoryStream(bytes), "test");

    [Test]
    public void Plain_and_compressed_files_read_alike([Values] bool gzip)
    {
        var bytes = TestFiles.Images(3, 4, 5);
        var file = ReadImages(gzip ? TestFiles.Gzip(bytes) : bytes);
        Assert.That((file.Count, file.Rows, file.Columns), Is.EqualTo((3, 4, 5)));
        Assert.That(file.Data, Is.EqualTo(bytes[16..]));
        Assert.That(file.Sha256, Is.EqualTo(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes))));
    }

    [Test]
    public void Labels_are_read()
    {
        var file = IdxFile.ReadLabels(new MemoryStream(TestFiles.Labels(12)), "test");
        Assert.That(file.Data, Is.EqualTo(new byte[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1 }));
    }

    [Test]
    public void A_large_file_is_read_through_several_growths_of_the_buffer()
    {
        var bytes = TestFiles.Images(7000, 28, 28);
        Assert.That(ReadImages(TestFiles.Gzip(bytes)).Data.AsSpan().SequenceEqual(bytes.AsSpan(16)), Is.True);
    }

    [Test]
    public void Every_truncation_is_refused([Values] bool gzip)
    {
        var bytes = gzip ? TestFiles.Gzip(TestFiles.Images(2, 3, 3)) : TestFiles.Images(2, 3, 3);
        for (var length = 0; length < bytes.Length; length++)
        {
            var part = bytes[..length];
            Assert.That(TestFiles.Code(() => ReadImages(part)), Is.EqualTo(ErrorCode.DataDamaged), $"{length} bytes");
        }
    }

    [Test]
    public void Trailing_bytes_are_refused([Values] bool gzip)
    {
        byte[] bytes = [.. TestFiles.Images(2, 3, 3), 1];
        var error = Assert.Throws<TorchBrainException>(() => ReadImages(gzip ? TestFiles.Gzip(bytes) : bytes))!;
        Assert.That((error.Code, error.What), Is.EqualTo((ErrorCode.DataDamaged, "test: bytes follow after the 18 that the header promises.")));
    }

    [Test]
    public void Bytes_behind_the_compressed_content_are_refused()
    {
        byte[] bytes = [.. TestFiles.Gzip(TestFiles.Images(2, 3, 3)), 1, 2];
        Assert.That(TestFiles.Code(() => ReadImages(bytes)), Is.EqualTo(ErrorCode.DataDamaged));
    }

    [TestCase("", "empty")]
    [TestCase("504B0304", "504B0304")]
    [TestCase("1F8B", "")]
    [TestCase("1F8B08000000000000FF0102030405060708", "gzip")]
    [TestCase("00000801000000030102030405060708", "label file")]
    [TestCase("00000803FFFFFFFFFFFFFFFFFFFFFFFF", "claims")]
    [TestCase("000008037FFFFFFF0000001C0000001C", "claims")]
    [TestCase("00000803000000000000001C0000001C", "claims")]
    [TestCase("000008030000C3500000001C0000001C", "truncated")]
    public void Foreign_and_absurd_files_are_named(string hex, string part)
    {
        var bytes = Convert.FromHexString(hex);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<TorchBrainException>(() => ReadImages(bytes))!;
        Assert.That(error.Code, Is.EqualTo(ErrorCode.DataDamaged));
        Assert.That(error.What, Does.Contain(part).And.Contain("test"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(4 << 20), "allocated on the word of the header");
    }

    [Test]
    public void A_wrong_check_sum_of_gzip_is_refused()
    {
        var bytes = TestFiles.Gzip(TestFiles.Images(2, 3, 3));
        bytes[^6] ^= 1;
        Assert.That(TestFiles.Code(() => ReadImages(bytes)), Is.EqualTo(ErrorCode.DataDamaged));
    }

    [Test]
    public void Damaged_files_end_in_the_one_error_or_are_read([Values] bool gzip, [Values] bool labels)
    {
        var plain = labels ? TestFiles.Labels(40) : TestFiles.Images(4, 3, 5);
        var sound = gzip ? TestFiles.Gzip(plain) : plain;
        var random = new RandomSequence(7, 1, gzip ? 1u : 0u);
        for (var trial = 0; trial < 4000; trial++)
        {
            var bytes = sound[..(random.NextBelow(3) == 0 ? random.NextBelow(sound.Length + 1) : sound.Length)];
            for (var flips = random.NextBelow(4); flips > 0 && bytes.Length > 0; flips--) bytes[random.NextBelow(bytes.Length)] = (byte)random.NextUInt32();
            if (random.NextBelow(4) == 0) bytes = [.. bytes, .. sound[..random.NextBelow(sound.Length)]];
            try
            {
                var stream = new MemoryStream(bytes);
                var file = labels ? IdxFile.ReadLabels(stream, "fuzz") : IdxFile.ReadImages(stream, "fuzz");
                Assert.That(file.Data, Has.Length.EqualTo(file.Count * file.Rows * file.Columns));
            }
            catch (TorchBrainException e)
            {
                Assert.That(e.Code, Is.EqualTo(ErrorCode.DataDamaged));
            }
        }
    }

    [Test]
    public void Absent_files_and_folders_have_a_code_of_their_own()
    {
        using var folder = new TemporaryFolder();
        Assert.That(TestFiles.Code(() => IdxFile.ReadImages(folder["absent"])), Is.EqualTo(ErrorCode.DataMissing));
        Assert.That(TestFiles.Code(() => IdxFile.ReadImages(Path.Combine(folder["no"], "absent"))), Is.EqualTo(ErrorCode.DataMissing));
        Assert.That(TestFiles.Code(() => IdxFile.ReadLabels(folder.Path)), Is.EqualTo(ErrorCode.DataMissing), "a folder is no file");
        Assert.That(TestFiles.Code(() => IdxFile.ReadLabels("")), Is.EqualTo(ErrorCode.DataMissing));
    }

    [Test]
    public void Errors_say_where_and_what_to_do()
    {
        var bytes = TestFiles.Images(1, 2, 2);
        BinaryPrimitives.WriteInt32BigEndian(bytes, 12345);
        var error = Assert.Throws<TorchBrainException>(() => IdxFile.ReadImages(new MemoryStream(bytes), "folder/file"))!;
        Assert.That(error.Message, Does.StartWith("TBN4002 folder/file: ").And.Contain("fetch it again"));
    }
}
