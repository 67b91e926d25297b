using TorchBrain.Native.Mnist;

namespace TorchBrain.Native.Cli;

/// <summary>One acceptance check of the science, or a part of one that stands on its own; <see cref="VerifyRegistry"/> lists them.</summary>
abstract class VerifyCheck
{
    /// <summary>Number of the check in the scientific reference, section 6.</summary>
    public abstract int Number { get; }

    /// <summary>What is checked, in a few words; unlike that of every other check.</summary>
    public abstract string Title { get; }

    /// <summary>True if it belongs to the quick set, which takes half a minute in all.</summary>
    public virtual bool Quick => true;

    /// <summary>Measures on the real engine. Results are taken one by one, so those before a stop are kept.</summary>
    public abstract IEnumerable<VerifyResult> Run(VerifyContext context);
}

/// <summary>How a line of a check ended.</summary>
enum VerifyOutcome
{
    Passed,
    Failed,
    /// <summary>Nothing was measured: the engine lacks it, or data are missing. It counts as neither passed nor failed.</summary>
    NotRun,
}

/// <summary>One measured number and its band, both ends included.</summary>
sealed record VerifyResult(string Quantity, double Measured, double Low, double High, string Unit)
{
    /// <summary>Why the band is what it is, or why nothing was measured.</summary>
    public string Note { get; init; } = "";

    /// <summary>True where nothing was measured.</summary>
    public bool Skipped { get; private init; }

    /// <summary>How it ended. A number that is none has failed.</summary>
    public VerifyOutcome Outcome => Skipped ? VerifyOutcome.NotRun : Measured >= Low && Measured <= High ? VerifyOutcome.Passed : VerifyOutcome.Failed;

    /// <summary>A number that must be met exactly.</summary>
    public static VerifyResult Exactly(string quantity, double measured, double expected, string unit, string note = "") => new(quantity, measured, expected, expected, unit) { Note = note };

    /// <summary>An error, or another number that is not negative, and its bound.</summary>
    public static VerifyResult AtMost(string quantity, double measured, double high, string unit, string note = "") => new(quantity, measured, 0, high, unit) { Note = note };

    /// <summary>A number with a lower bound.</summary>
    public static VerifyResult AtLeast(string quantity, double measured, double low, string unit, string note = "") => new(quantity, measured, low, double.PositiveInfinity, unit) { Note = note };

    /// <summary>A number and how far it may be from the expected one.</summary>
    public static VerifyResult Near(string quantity, double measured, double expected, double within, string unit, string note = "") =>
        new(quantity, measured, expected - within, expected + within, unit) { Note = note };

    /// <summary>A p-value of a test whose hypothesis is that the engine is right.</summary>
    public static VerifyResult Probability(string quantity, double p) => new(quantity, p, 1e-3, 1, "p");

    /// <summary>A line that says what was not measured, and why.</summary>
    public static VerifyResult NotRun(string quantity, string why) => new(quantity, double.NaN, double.NegativeInfinity, double.PositiveInfinity, "") { Skipped = true, Note = why };
}

/// <summary>What a check is given.</summary>
sealed class VerifyContext
{
    /// <summary>Where networks run.</summary>
    public required IBackend Backend { get; init; }

    /// <summary>Seed of the first network; further ones take the numbers that follow.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Threads where a check divides its own work.</summary>
    public required int Workers { get; init; }

    /// <summary>The digits, found when first asked for.</summary>
    public required Lazy<DigitResolution> Digits { get; init; }

    /// <summary>Told the part that is done.</summary>
    public required Action<double> Progress { get; init; }

    /// <summary>Ends the check early.</summary>
    public required CancellationToken Cancellation { get; init; }

    /// <summary>A network ready to run.</summary>
    public Simulation Simulate(Network network) => Simulation.Create(network, Backend);

    /// <summary>Tells the part that is done.</summary>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public void Report(double done)
    {
        Cancellation.ThrowIfCancellationRequested();
        Progress(done);
    }
}
