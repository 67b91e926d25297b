namespace TorchBrain.Native.Mnist;

/// <summary>The surroundings of <see cref="DigitSource"/>, so that tests can put their own in place.</summary>
public sealed record DigitSourceOptions
{
    /// <summary>Reads an environment variable; null where it is not set.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>The folder downloads are kept in; null for <c>torchbrain/mnist</c> in the user's cache folder (see <see cref="DigitSource.CacheFolder"/>).</summary>
    public string? CacheFolder { get; init; }

    /// <summary>Mirrors and time limits of the download; null forbids the network.</summary>
    public MnistDownloadOptions? Download { get; init; } = new();

    /// <summary>The number of drawn training digits, at least 1.</summary>
    public int DrawnTrain { get; init; } = 10_000;

    /// <summary>The number of drawn test digits, at least 1.</summary>
    public int DrawnTest { get; init; } = 2_000;

    /// <summary>The seed of the drawn digits.</summary>
    public ulong DrawnSeed { get; init; } = 1;

    /// <summary>Told (file, bytes so far, bytes in all if known) while a download runs.</summary>
    public IProgress<(string File, long Done, long? Total)>? Progress { get; init; }
}
