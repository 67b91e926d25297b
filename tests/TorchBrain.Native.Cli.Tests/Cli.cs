using System.Text.Json;
using SkiaSharp;

namespace TorchBrain.Native.Cli.Tests;

/// <summary>A folder of a test's own, and the command run in it without network or MNIST.</summary>
sealed class Cli : IDisposable
{
    public Cli()
    {
        Folder = Directory.CreateTempSubdirectory("torchbrain-cli-").FullName;
        Variables["XDG_CACHE_HOME"] = Path.Combine(Folder, "no-cache");
    }

    public string Folder { get; }
    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>What --backend cuda opens in bench; null for a device.</summary>
    public Func<IBackend>? InPlaceOfDevice { get; set; }

    public string PathOf(params string[] parts) => Path.Combine([Folder, .. parts]);

    public CliResult Run(params string[] args) => RunUntil(null, args);

    /// <summary>Runs with other checks than the command has.</summary>
    public CliResult Run(IReadOnlyList<VerifyCheck> checks, params string[] args) => RunUntil(null, args, checks);

    /// <summary>Runs and cancels as soon as the output contains the given words.</summary>
    public CliResult RunUntil(string? cancelAt, params string[] args) => RunUntil(cancelAt, args, VerifyRegistry.All);

    CliResult RunUntil(string? cancelAt, string[] args, IReadOnlyList<VerifyCheck> checks)
    {
        using var stop = new CancellationTokenSource();
        using StringWriter output = new Watching(cancelAt, stop), error = new();
        var code = TorchBrainCommand.Run(args, new CommandEnvironment
        {
            Out = output,
            Error = error,
            CurrentFolder = Folder,
            Variables = name => Variables.GetValueOrDefault(name),
            Download = null,
            InPlaceOfDevice = InPlaceOfDevice,
            Checks = checks,
            Cancellation = stop.Token,
        });
        return new CliResult(code, output.ToString(), error.ToString());
    }

    public JsonElement Report(string folder) => JsonDocument.Parse(File.ReadAllBytes(PathOf(folder, "run.json"))).RootElement;

    public string[] FilesIn(string folder) => [.. Directory.EnumerateFileSystemEntries(PathOf(folder)).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    /// <summary>The PNG files of a folder decode and show more than one plain area.</summary>
    public void AssertPictures(string folder, params string[] names)
    {
        foreach (var name in names)
        {
            using var bitmap = SKBitmap.Decode(PathOf(folder, name));
            Assert.That(bitmap, Is.Not.Null, name);
            Assert.That(bitmap.Pixels.Distinct().Count(), Is.GreaterThan(20), $"{name} looks blank");
            Assert.That(bitmap.Width, Is.GreaterThan(300), name);
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    sealed class Watching(string? words, CancellationTokenSource stop) : StringWriter
    {
        public override void Write(char value)
        {
            base.Write(value);
            if (value == '\n')
                Look();
        }

        public override void Write(string? value)
        {
            base.Write(value);
            Look();
        }

        void Look()
        {
            if (words is not null && !stop.IsCancellationRequested && ToString().Contains(words, StringComparison.Ordinal))
                stop.Cancel();
        }
    }
}

sealed record CliResult(int Code, string Out, string Error)
{
    public override string ToString() => $"exit code {Code}\n{Out}\n{Error}";
}
