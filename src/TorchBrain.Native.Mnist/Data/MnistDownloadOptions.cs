namespace TorchBrain.Native.Mnist;

/// <summary>Where <see cref="MnistDownload"/> looks and how long it waits.</summary>
public sealed record MnistDownloadOptions
{
    /// <summary>Base addresses (ending in <c>/</c>) of servers with the four <c>.gz</c> files, tried in this order.</summary>
    public IReadOnlyList<Uri> Mirrors { get; init; } =
    [
        new("https://storage.googleapis.com/cvdf-datasets/mnist/"),
        new("https://ossci-datasets.s3.amazonaws.com/mnist/"),
    ];

    /// <summary>The files to fetch and the checksums they must have.</summary>
    public IReadOnlyList<MnistFile> Files { get; init; } = MnistFiles.Canonical;

    /// <summary>How long a connection may take to be made, above zero. Short, so that a machine without network goes on soon.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a server may be silent, before its answer or between two pieces of it, above zero.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The most bytes accepted for one compressed file.</summary>
    public long LargestFile { get; init; } = 64L << 20;
}
