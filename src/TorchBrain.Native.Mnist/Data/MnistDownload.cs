using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace TorchBrain.Native.Mnist;

/// <summary>
/// Fetches the four MNIST files from public mirrors. A file grows as <c>name.gz.part</c> and gets its name only after its checksum
/// was found right, so a cut download leaves nothing that looks whole; the next try goes on where it stopped.
/// </summary>
public sealed class MnistDownload
{
    readonly MnistDownloadOptions _options;

    /// <summary>Creates a download.</summary>
    /// <param name="options">Mirrors and time limits; null for the public mirrors.</param>
    /// <exception cref="TorchBrainException">TBN1001: a time limit is not above zero. TBN4004: a mirror is no http or https address.</exception>
    public MnistDownload(MnistDownloadOptions? options = null)
    {
        _options = options ?? new MnistDownloadOptions();
        foreach (var limit in (TimeSpan[])[_options.ConnectTimeout, _options.IdleTimeout])
            if (limit <= TimeSpan.Zero || limit > TimeSpan.FromDays(1))
                throw new TorchBrainException(ErrorCode.NumberOutOfRange, $"A time limit of the download is {limit}; allowed is above zero, up to a day.",
                    "Give a limit such as 10 seconds.");
        foreach (var mirror in _options.Mirrors)
            if (!mirror.IsAbsoluteUri || mirror.Scheme is not ("http" or "https"))
                throw new TorchBrainException(ErrorCode.DownloadFailed, $"The mirror {mirror} is no http or https address.",
                    "Give an address such as https://ossci-datasets.s3.amazonaws.com/mnist/.");
    }

    /// <summary>Fetches all files that are not yet in the folder. A file already there is checked and replaced if it is not the published one.</summary>
    /// <param name="folder">The folder to put them in; made if absent.</param>
    /// <param name="progress">Told (file, bytes so far, bytes in all if known) after each piece; null for silence.</param>
    /// <param name="cancel">Stops the download; what has come so far stays for a later try.</param>
    /// <exception cref="TorchBrainException">TBN4004: no mirror gave a file; the message names each mirror and what happened there. TBN3007: the folder cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task FetchAsync(string folder, IProgress<(string File, long Done, long? Total)>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        try
        {
            MakeFolder(folder);
            using var handler = new SocketsHttpHandler { ConnectTimeout = _options.ConnectTimeout };
            using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
            client.DefaultRequestHeaders.UserAgent.ParseAdd("TorchBrain.Native");
            var mirrors = _options.Mirrors.ToList();
            foreach (var file in _options.Files)
                await FetchFileAsync(client, mirrors, file, folder, progress, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(folder, e);
        }
    }

    static void MakeFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw NotWritable(folder, e);
        }
    }

    static TorchBrainException NotWritable(string folder, Exception e) =>
        new(ErrorCode.FileNotWritable, $"{folder}: MNIST cannot be stored there ({e.Message})", "Name another folder, or make this one writable.", e);

    /// <summary>Tries each mirror; the one that worked moves to the front, so that a dead one costs its time-out only once.</summary>
    async Task FetchFileAsync(HttpClient client, List<Uri> mirrors, MnistFile file, string folder,
        IProgress<(string File, long Done, long? Total)>? progress, CancellationToken cancel)
    {
        var path = Path.Combine(folder, file.Name + ".gz");
        if (File.Exists(path) && await HasChecksumAsync(path, file, cancel).ConfigureAwait(false)) return;
        var failures = new List<string>();
        foreach (var mirror in mirrors)
        {
            var failure = await FetchFromAsync(client, mirror, file, path, progress, cancel).ConfigureAwait(false);
            if (failure is null)
            {
                mirrors.Remove(mirror);
                mirrors.Insert(0, mirror);
                return;
            }
            failures.Add($"{mirror}: {failure}");
        }
        throw new TorchBrainException(ErrorCode.DownloadFailed,
            $"{file.Name}.gz could not be downloaded: {(failures.Count == 0 ? "there is no mirror to ask" : string.Join("; ", failures))}.",
            $"Check the network, or put the four MNIST files into {folder} by hand.");
    }

    /// <summary>Fetches one file from one mirror. Returns null on success, else what happened.</summary>
    async Task<string?> FetchFromAsync(HttpClient client, Uri mirror, MnistFile file, string path,
        IProgress<(string File, long Done, long? Total)>? progress, CancellationToken cancel)
    {
        var part = path + ".part";
        while (true)
        {
            var resumed = File.Exists(part) ? new FileInfo(part).Length : 0;
            var failure = await TransferAsync(client, new Uri(mirror, file.Name + ".gz"), part, resumed, progress, cancel).ConfigureAwait(false);
            if (failure is not null) return failure;
            if (await HasChecksumAsync(part, file, cancel).ConfigureAwait(false))
            {
                File.Move(part, path, overwrite: true);
                return null;
            }
            File.Delete(part);
            if (resumed == 0) return "the file has a wrong checksum";
            // The first piece may have come from another server with another compression: once more from the start.
        }
    }

    async Task<string?> TransferAsync(HttpClient client, Uri address, string part, long resumed,
        IProgress<(string File, long Done, long? Total)>? progress, CancellationToken cancel)
    {
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (resumed > 0) request.Headers.Range = new RangeHeaderValue(resumed, null);
            idle.CancelAfter(_options.ConnectTimeout + _options.IdleTimeout);
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, idle.Token).ConfigureAwait(false);
            if (answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && resumed > 0) return null; // all there already, or junk: the checksum tells
            if (!answer.IsSuccessStatusCode) return $"the server answered {(int)answer.StatusCode} {answer.ReasonPhrase}";

            var goesOn = answer.StatusCode == HttpStatusCode.PartialContent && answer.Content.Headers.ContentRange?.From == resumed;
            if (answer.StatusCode == HttpStatusCode.PartialContent && !goesOn) return "the server answered with another range than was asked for";
            var done = goesOn ? resumed : 0;
            var total = answer.Content.Headers.ContentLength + done;
            if (total > _options.LargestFile) return $"the server offers {total} bytes; at most {_options.LargestFile} are accepted";
            var source = await answer.Content.ReadAsStreamAsync(idle.Token).ConfigureAwait(false);
            await using (source.ConfigureAwait(false))
            {
                var target = new FileStream(part, goesOn ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.None);
                await using (target.ConfigureAwait(false))
                    return await CopyAsync(source, target, Path.GetFileName(address.LocalPath), done, total, idle, progress).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return $"no answer in time (connect limit {_options.ConnectTimeout.TotalSeconds:0.##} s, idle limit {_options.IdleTimeout.TotalSeconds:0.##} s)";
        }
        catch (HttpRequestException e)
        {
            var cause = e.InnerException?.Message.TrimEnd('.');
            return cause is null || e.Message.Contains(cause, StringComparison.Ordinal) ? e.Message : $"{e.Message.TrimEnd('.')}: {cause}";
        }
        catch (HttpIOException e)
        {
            return $"the connection broke: {e.Message}";
        }
    }

    /// <summary>Copies with an idle limit on every read. Returns null on success, else what happened; what came is kept.</summary>
    async Task<string?> CopyAsync(Stream source, FileStream target, string file, long done, long? total,
        CancellationTokenSource idle, IProgress<(string File, long Done, long? Total)>? progress)
    {
        var buffer = new byte[1 << 16];
        while (true)
        {
            idle.CancelAfter(_options.IdleTimeout);
            int read;
            try
            {
                read = await source.ReadAsync(buffer, idle.Token).ConfigureAwait(false);
            }
            catch (IOException e)
            {
                return $"the connection broke after {done} bytes: {e.Message}";
            }
            if (read == 0) break;
            done += read;
            if (done > _options.LargestFile) return $"more than {_options.LargestFile} bytes came; no MNIST file is that large";
            await target.WriteAsync(buffer.AsMemory(0, read), CancellationToken.None).ConfigureAwait(false);
            progress?.Report((file, done, total));
        }
        return total is { } promised && done != promised ? $"the connection ended after {done} of {promised} bytes" : null;
    }

    /// <summary>Compares the SHA-256 of the uncompressed content; a file that is no sound gzip does not match.</summary>
    async Task<bool> HasChecksumAsync(string path, MnistFile file, CancellationToken cancel)
    {
        var stored = File.OpenRead(path);
        await using (stored.ConfigureAwait(false))
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var gzip = new GZipStream(stored, CompressionMode.Decompress);
            await using (gzip.ConfigureAwait(false))
            {
                var buffer = new byte[1 << 16];
                long length = 0;
                try
                {
                    for (int read; (read = await gzip.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0;)
                    {
                        hash.AppendData(buffer, 0, read);
                        if ((length += read) > IdxFile.LargestContent) return false;
                    }
                }
                catch (InvalidDataException)
                {
                    return false; // not a gzip file, or a damaged one
                }
                return Convert.ToHexStringLower(hash.GetHashAndReset()) == file.Sha256;
            }
        }
    }
}
