using TorchBrain.Native.Mnist;

namespace TorchBrain.Native.Cli;

/// <summary>The surroundings of a command, so that tests can put their own in place.</summary>
sealed record CommandEnvironment
{
    public required TextWriter Out { get; init; }
    public required TextWriter Error { get; init; }
    /// <summary>True where progress bars may move: a terminal, not a file or pipe.</summary>
    public bool Interactive { get; init; }
    /// <summary>Relative paths start here.</summary>
    public string CurrentFolder { get; init; } = Directory.GetCurrentDirectory();
    public Func<string, string?> Variables { get; init; } = Environment.GetEnvironmentVariable;
    /// <summary>Mirrors of the MNIST download; null forbids the network.</summary>
    public MnistDownloadOptions? Download { get; init; } = new();
    /// <summary>Makes a backend that bench uses for --backend cuda; null uses the device.</summary>
    public Func<IBackend>? InPlaceOfDevice { get; init; }
    /// <summary>What verify checks.</summary>
    public IReadOnlyList<VerifyCheck> Checks { get; init; } = VerifyRegistry.All;
    /// <summary>Ends a run early; what was done is kept.</summary>
    public CancellationToken Cancellation { get; init; }

    public static CommandEnvironment Real(CancellationToken cancellation) => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        Interactive = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not "dumb",
        Cancellation = cancellation,
    };
}
