namespace TorchBrain.Native.Mnist;

/// <summary>
/// Finds digits to work on: the folder or word the user gave; else the folder of the environment variable <c>TORCHBRAIN_DATA</c>,
/// the user's cache, a download into the cache, and as the last resort the built-in drawn digits.
/// </summary>
public static class DigitSource
{
    /// <summary>The word that asks for the built-in drawn digits.</summary>
    public const string Drawn = "drawn";

    /// <summary>The environment variable that names a folder with the MNIST files, or with a subfolder <c>mnist</c> that holds them.</summary>
    public const string Variable = "TORCHBRAIN_DATA";

    /// <summary>The folder downloads are kept in: <c>torchbrain/mnist</c> in XDG_CACHE_HOME or, without that, in the local application data of the user.</summary>
    /// <param name="environment">Reads an environment variable; null where it is not set.</param>
    public static string CacheFolder(Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var root = environment("XDG_CACHE_HOME");
        if (string.IsNullOrWhiteSpace(root)) root = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        if (string.IsNullOrWhiteSpace(root)) root = Path.GetTempPath();
        return Path.Combine(root, "torchbrain", "mnist");
    }

    /// <summary>Finds digits; see <see cref="ResolveAsync"/>. Waits for the download, if there is one.</summary>
    /// <inheritdoc cref="ResolveAsync"/>
    public static DigitResolution Resolve(string? dataOption, DigitSourceOptions? options = null, CancellationToken cancel = default) =>
        Task.Run(() => ResolveAsync(dataOption, options, cancel), cancel).GetAwaiter().GetResult();

    /// <summary>Finds digits.</summary>
    /// <param name="dataOption">A folder, the word <c>drawn</c>, or null for the search described above.</param>
    /// <param name="options">The surroundings; null for the real ones.</param>
    /// <param name="cancel">Stops a download.</param>
    /// <exception cref="TorchBrainException">TBN4001, TBN4002, TBN4003: the folder given in <paramref name="dataOption"/> does not work; there is no fallback from an explicit wish.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task<DigitResolution> ResolveAsync(string? dataOption, DigitSourceOptions? options = null, CancellationToken cancel = default)
    {
        options ??= new DigitSourceOptions();
        if (string.Equals(dataOption, Drawn, StringComparison.OrdinalIgnoreCase))
            return new DigitResolution(Draw(options), "Drawn digits, as asked for. They are not MNIST: do not compare accuracies with published ones.", []);
        if (dataOption is not null) return Found(MnistFiles.Open(dataOption), []);

        var tried = new List<string>();
        var folder = options.Environment(Variable);
        if (string.IsNullOrWhiteSpace(folder)) tried.Add($"environment variable {Variable}: not set");
        else if (TryOpen(folder, $"environment variable {Variable}", verifyChecksum: false, tried) is { } given) return Found(given, tried);

        var cache = options.CacheFolder ?? CacheFolder(options.Environment);
        if (!Directory.Exists(cache)) tried.Add($"cache {cache}: there is no such folder");
        else if (TryOpen(cache, "cache", verifyChecksum: true, tried) is { } cached) return Found(cached, tried);

        if (options.Download is null) tried.Add("download: switched off");
        else if (await TryDownloadAsync(cache, options, tried, cancel).ConfigureAwait(false) is { } fetched) return Found(fetched, tried);

        return new DigitResolution(Draw(options),
            "MNIST was not found; drawn digits are used instead. They are not MNIST: do not compare accuracies with published ones. Tried: "
            + string.Join("; ", tried) + ".", tried);
    }

    static DigitResolution Found(DigitData data, List<string> tried) =>
        new(data, $"MNIST from {data.Source}: {data.Train.Count} training and {data.Test.Count} test digits"
            + (data.IsCanonical ? "." : ". These are not the published files (checksums differ)."), tried);

    static DigitData? TryOpen(string folder, string place, bool verifyChecksum, List<string> tried)
    {
        try
        {
            return MnistFiles.Open(folder, verifyChecksum);
        }
        catch (TorchBrainException e)
        {
            tried.Add($"{place}: {e.Code} {e.What.TrimEnd('.')}");
            return null;
        }
    }

    static async Task<DigitData?> TryDownloadAsync(string cache, DigitSourceOptions options, List<string> tried, CancellationToken cancel)
    {
        try
        {
            await new MnistDownload(options.Download).FetchAsync(cache, options.Progress, cancel).ConfigureAwait(false);
        }
        catch (TorchBrainException e) when (e.Code is ErrorCode.DownloadFailed or ErrorCode.FileNotWritable)
        {
            tried.Add($"download: {e.Code} {e.What.TrimEnd('.')}");
            return null;
        }
        return TryOpen(cache, "download", verifyChecksum: true, tried);
    }

    // Test digits follow the training digits in the same endless sequence, so no digit is in both.
    static DigitData Draw(DigitSourceOptions options) => new(
        DrawnDigits.Generate(options.DrawnTrain, options.DrawnSeed),
        DrawnDigits.Generate(options.DrawnTest, options.DrawnSeed, options.DrawnTrain),
        IsDrawn: true, Drawn, IsCanonical: false);
}
