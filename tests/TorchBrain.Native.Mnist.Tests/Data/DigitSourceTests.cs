using NUnit.Framework;

namespace TorchBrain.Native.Mnist.Tests;

[TestFixture]
public class DigitSourceTests
{
    /// <summary>Surroundings without network, with an empty cache and the variable as given.</summary>
    static DigitSourceOptions Options(TemporaryFolder folder, string? variable = null) => new()
    {
        Environment = name => name == DigitSource.Variable ? variable : null,
        CacheFolder = folder["cache"],
        Download = null,
        DrawnTrain = 30,
        DrawnTest = 10,
    };

    [Test]
    public void An_explicit_folder_comes_first_and_has_no_fallback()
    {
        using var folder = new TemporaryFolder();
        TestFiles.WriteSet(folder["given"], gzip: true);
        TestFiles.WriteSet(folder["variable"], gzip: true, train: 20);
        var found = DigitSource.Resolve(folder["given"], Options(folder, folder["variable"]));
        Assert.That((found.Data.Train.Count, found.Data.IsDrawn, found.Data.Source), Is.EqualTo((12, false, folder["given"])));
        Assert.That(found.Message, Does.Contain("not the published files"));
        Assert.That(TestFiles.Code(() => DigitSource.Resolve(folder["absent"], Options(folder, folder["variable"]))), Is.EqualTo(ErrorCode.DataMissing));
        Assert.That(TestFiles.Code(() => DigitSource.Resolve("", Options(folder, folder["variable"]))), Is.EqualTo(ErrorCode.DataMissing));
    }

    [Test]
    public void Drawn_digits_can_be_asked_for()
    {
        using var folder = new TemporaryFolder();
        var found = DigitSource.Resolve("drawn", Options(folder));
        Assert.That((found.Data.IsDrawn, found.Data.Train.Count, found.Data.Test.Count, found.Data.Source), Is.EqualTo((true, 30, 10, "drawn")));
        Assert.That(found.Message, Does.Contain("as asked for"));
        Assert.That(found.Data.Test.Pixels, Is.Not.EqualTo(found.Data.Train.Take(10).Pixels));
    }

    [Test]
    public void The_variable_comes_before_the_cache()
    {
        using var folder = new TemporaryFolder();
        TestFiles.WriteSet(folder["variable/mnist"], gzip: false);
        Assert.That(DigitSource.Resolve(null, Options(folder, folder["variable"])).Data.Source, Is.EqualTo(folder["variable"]));
    }

    [Test]
    public void Every_place_that_failed_is_in_the_message()
    {
        using var folder = new TemporaryFolder();
        TestFiles.WriteSet(folder["cache"], gzip: true);
        using var server = new LoopbackServer(_ => new ServerAnswer(503, []));
        var found = DigitSource.Resolve(null, Options(folder, folder["absent"]) with { Download = new MnistDownloadOptions { Mirrors = [server.Address] } });
        Assert.That(found.Data.IsDrawn, Is.True);
        Assert.That(found.Tried, Has.Count.EqualTo(3));
        Assert.That(found.Message, Does.Contain("not MNIST").And.Contain("TORCHBRAIN_DATA: TBN4001").And.Contain("cache: TBN4002").And.Contain("TBN4004").And.Contain("503"));
    }

    [Test]
    public void Without_anything_the_message_says_so()
    {
        using var folder = new TemporaryFolder();
        var found = DigitSource.Resolve(null, Options(folder));
        Assert.That(found.Tried, Is.EqualTo(new[] { "environment variable TORCHBRAIN_DATA: not set", $"cache {folder["cache"]}: there is no such folder", "download: switched off" }));
    }

    [Test]
    public void A_download_that_is_not_mnist_does_not_pass()
    {
        using var folder = new TemporaryFolder();
        var bytes = TestFiles.Labels(3);
        var files = MnistFiles.Canonical.Select(f => f with { Sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)) }).ToArray();
        using var server = new LoopbackServer(_ => new ServerAnswer(200, TestFiles.Gzip(bytes)));
        var found = DigitSource.Resolve(null, Options(folder) with { Download = new MnistDownloadOptions { Mirrors = [server.Address], Files = files } });
        Assert.That(found.Data.IsDrawn, Is.True);
        Assert.That(found.Tried[^1], Does.StartWith("download: TBN4002"));
    }

    [Test]
    public void Downloads_the_real_files_into_the_cache_and_finds_them_there()
    {
        var real = TestFiles.RealData();
        var source = File.Exists(Path.Combine(real, "mnist", "t10k-labels-idx1-ubyte.gz")) ? Path.Combine(real, "mnist") : real;
        using var folder = new TemporaryFolder();
        using var server = new LoopbackServer(r => LoopbackServer.Serve(File.ReadAllBytes(Path.Combine(source, r.File)), r));
        var options = Options(folder) with { Download = new MnistDownloadOptions { Mirrors = [server.Address] } };
        var first = DigitSource.Resolve(null, options);
        var second = DigitSource.Resolve(null, options);
        Assert.That((first.Data.IsCanonical, first.Data.Source), Is.EqualTo((true, folder["cache"])));
        Assert.That((second.Data.IsCanonical, server.Requests.Length), Is.EqualTo((true, 4)));
    }

    [Test]
    public async Task Cancelling_is_not_a_fallback()
    {
        using var folder = new TemporaryFolder();
        using var server = new LoopbackServer(_ => new ServerAnswer(200, [], Silent: true));
        using var cancel = new CancellationTokenSource();
        var options = Options(folder) with { Download = new MnistDownloadOptions { Mirrors = [server.Address] } };
        var running = DigitSource.ResolveAsync(null, options, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThatAsync(() => running, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void The_cache_is_in_the_users_cache_folder()
    {
        using var folder = new TemporaryFolder();
        Assert.That(DigitSource.CacheFolder(n => n == "XDG_CACHE_HOME" ? folder.Path : null), Is.EqualTo(Path.Combine(folder.Path, "torchbrain", "mnist")));
        Assert.That(DigitSource.CacheFolder(_ => null), Does.EndWith(Path.Combine("torchbrain", "mnist")));
    }
}
