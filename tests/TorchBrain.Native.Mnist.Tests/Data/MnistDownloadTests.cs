using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using NUnit.Framework;

namespace TorchBrain.Native.Mnist.Tests;

[TestFixture]
public class MnistDownloadTests
{
    static readonly byte[] s_plain = TestFiles.Images(40, 28, 28);
    static readonly byte[] s_gzip = TestFiles.Gzip(s_plain);
    static readonly MnistFile s_file = new("digits", Convert.ToHexStringLower(SHA256.HashData(s_plain)));

    static MnistDownload Download(params Uri[] mirrors) => new(new MnistDownloadOptions { Mirrors = mirrors, Files = [s_file] });

    static LoopbackServer Good() => new(r => LoopbackServer.Serve(r.File == "digits.gz" ? s_gzip : null, r));

    static void AssertWhole(TemporaryFolder folder)
    {
        Assert.That(File.ReadAllBytes(folder["digits.gz"]), Is.EqualTo(s_gzip));
        Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(1), "only the file itself is left");
    }

    [Test]
    public async Task Fetches_a_file_and_reports_progress()
    {
        using var folder = new TemporaryFolder();
        using var server = Good();
        var reports = new Reports();
        await Download(server.Address).FetchAsync(folder["new/deep"], reports);
        Assert.That(File.ReadAllBytes(Path.Combine(folder["new/deep"], "digits.gz")), Is.EqualTo(s_gzip));
        Assert.That(reports.Seen[^1], Is.EqualTo(("digits.gz", (long)s_gzip.Length, (long?)s_gzip.Length)));
        await Download(server.Address).FetchAsync(folder["new/deep"]);
        Assert.That(server.Requests, Has.Length.EqualTo(1), "what is there and right is not fetched again");
    }

    [Test]
    public async Task Goes_on_after_a_cut_connection()
    {
        using var folder = new TemporaryFolder();
        using var cut = new LoopbackServer(_ => new ServerAnswer(200, s_gzip, CutAfter: 5000));
        var error = (await Assert.ThrowsAsync<TorchBrainException>(() => Download(cut.Address).FetchAsync(folder.Path)))!;
        Assert.That(error.Code, Is.EqualTo(ErrorCode.DownloadFailed));
        Assert.That(File.Exists(folder["digits.gz"]), Is.False);
        Assert.That(File.ReadAllBytes(folder["digits.gz.part"]), Is.EqualTo(s_gzip[..5000]));

        using var server = Good();
        await Download(server.Address).FetchAsync(folder.Path);
        AssertWhole(folder);
        Assert.That(server.Requests, Is.EqualTo(new[] { new ServerRequest("digits.gz", 5000) }));
    }

    [Test]
    public async Task The_next_mirror_goes_on_where_the_first_broke_off()
    {
        using var folder = new TemporaryFolder();
        using var cut = new LoopbackServer(_ => new ServerAnswer(200, s_gzip, CutAfter: 777));
        using var server = Good();
        await Download(cut.Address, server.Address).FetchAsync(folder.Path);
        AssertWhole(folder);
        Assert.That(server.Requests[0].From, Is.EqualTo(777));
    }

    [Test]
    public async Task A_server_without_ranges_starts_again()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["digits.gz.part"], s_gzip[..100]);
        using var server = new LoopbackServer(_ => new ServerAnswer(200, s_gzip));
        await Download(server.Address).FetchAsync(folder.Path);
        AssertWhole(folder);
    }

    [Test]
    public async Task A_part_that_is_whole_already_is_taken()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["digits.gz.part"], s_gzip);
        using var server = Good();
        await Download(server.Address).FetchAsync(folder.Path);
        AssertWhole(folder);
        Assert.That(server.Requests, Has.Length.EqualTo(1));
    }

    [Test]
    public async Task A_part_that_is_junk_is_thrown_away([Values(10, 1_000_000)] int length)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["digits.gz.part"], new byte[length]);
        using var server = Good();
        await Download(server.Address).FetchAsync(folder.Path);
        AssertWhole(folder);
        Assert.That(server.Requests.Select(r => r.From), Is.EqualTo(new long?[] { length, null }));
    }

    [Test]
    public async Task A_wrong_range_is_no_answer()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["digits.gz.part"], s_gzip[..100]);
        using var wrong = new LoopbackServer(_ => new ServerAnswer(206, s_gzip[50..], Headers: $"Content-Range: bytes 50-{s_gzip.Length - 1}/{s_gzip.Length}\r\n"));
        using var server = Good();
        await Download(wrong.Address, server.Address).FetchAsync(folder.Path);
        AssertWhole(folder);
    }

    [Test]
    public async Task A_wrong_checksum_leads_to_the_next_mirror([Values] bool soundGzip)
    {
        using var folder = new TemporaryFolder();
        using var wrong = new LoopbackServer(_ => new ServerAnswer(200, soundGzip ? TestFiles.Gzip([1, 2, 3]) : new byte[500]));
        using var server = Good();
        await Download(wrong.Address, server.Address).FetchAsync(folder.Path);
        AssertWhole(folder);
        Assert.That(server.Requests[0].From, Is.Null, "the wrong part was deleted");
    }

    [Test]
    public async Task A_damaged_file_in_the_folder_is_replaced()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["digits.gz"], [1, 2, 3]);
        using var server = Good();
        await Download(server.Address).FetchAsync(folder.Path);
        AssertWhole(folder);
    }

    [Test]
    public async Task All_failures_are_in_one_message()
    {
        using var folder = new TemporaryFolder();
        using var absent = new LoopbackServer(_ => new ServerAnswer(404, []));
        using var wrong = new LoopbackServer(_ => new ServerAnswer(200, [1, 2, 3]));
        var closed = ClosedPort();
        var error = (await Assert.ThrowsAsync<TorchBrainException>(() => Download(absent.Address, wrong.Address, closed).FetchAsync(folder.Path)))!;
        Assert.That(error.Code, Is.EqualTo(ErrorCode.DownloadFailed));
        Assert.That(error.What, Does.Contain($"{absent.Address}: the server answered 404").And.Contain($"{wrong.Address}: the file has a wrong checksum").And.Contain($"{closed}: "));
        Assert.That(error.Fix, Does.Contain(folder.Path));
        Assert.That(Directory.GetFiles(folder.Path), Is.Empty);
    }

    static Uri ClosedPort()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}/");
    }

    [Test]
    public async Task A_server_that_falls_silent_is_given_up([Values] bool atOnce)
    {
        using var folder = new TemporaryFolder();
        using var silent = new LoopbackServer(_ => new ServerAnswer(200, s_gzip, CutAfter: atOnce ? null : 10, Silent: true));
        var limit = TimeSpan.FromMilliseconds(100);
        var download = new MnistDownload(new MnistDownloadOptions { Mirrors = [silent.Address], Files = [s_file], ConnectTimeout = limit, IdleTimeout = limit });
        var error = (await Assert.ThrowsAsync<TorchBrainException>(() => download.FetchAsync(folder.Path)))!;
        Assert.That(error.Code, Is.EqualTo(ErrorCode.DownloadFailed));
        Assert.That(error.What, Does.Contain($"{silent.Address}: no answer in time (connect limit 0.1 s, idle limit 0.1 s)"));
        Assert.That(File.Exists(folder["digits.gz"]), Is.False);
    }

    [Test]
    public async Task Cancelling_keeps_the_part_and_makes_no_file()
    {
        using var folder = new TemporaryFolder();
        using var server = new LoopbackServer(_ => new ServerAnswer(200, s_gzip, CutAfter: 3000, Silent: true));
        using var cancel = new CancellationTokenSource();
        var reports = new Reports { OnReport = cancel.Cancel };
        await Assert.ThatAsync(() => Download(server.Address).FetchAsync(folder.Path, reports, cancel.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(File.Exists(folder["digits.gz"]), Is.False);
        Assert.That(new FileInfo(folder["digits.gz.part"]).Length, Is.GreaterThan(0));
    }

    [Test]
    public async Task Endless_answers_are_cut()
    {
        using var folder = new TemporaryFolder();
        using var server = new LoopbackServer(_ => new ServerAnswer(200, new byte[200_000]));
        var download = new MnistDownload(new MnistDownloadOptions { Mirrors = [server.Address], Files = [s_file], LargestFile = 1000 });
        var error = (await Assert.ThrowsAsync<TorchBrainException>(() => download.FetchAsync(folder.Path)))!;
        Assert.That(error.What, Does.Contain("at most 1000"));
    }

    [Test]
    public async Task A_folder_that_cannot_be_made_is_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "");
        using var server = Good();
        var error = (await Assert.ThrowsAsync<TorchBrainException>(() => Download(server.Address).FetchAsync(folder["file/below"])))!;
        Assert.That(error.Code, Is.EqualTo(ErrorCode.FileNotWritable));
    }

    [Test]
    public void Wrong_options_are_refused()
    {
        Assert.That(TestFiles.Code(() => _ = new MnistDownload(new MnistDownloadOptions { IdleTimeout = TimeSpan.Zero })), Is.EqualTo(ErrorCode.NumberOutOfRange));
        Assert.That(TestFiles.Code(() => _ = new MnistDownload(new MnistDownloadOptions { Mirrors = [new Uri("ftp://127.0.0.1/")] })), Is.EqualTo(ErrorCode.DownloadFailed));
    }

    sealed class Reports : IProgress<(string File, long Done, long? Total)>
    {
        public List<(string File, long Done, long? Total)> Seen { get; } = [];

        public Action? OnReport { get; init; }

        public void Report((string File, long Done, long? Total) value)
        {
            Seen.Add(value);
            OnReport?.Invoke();
        }
    }
}
