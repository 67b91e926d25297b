namespace TorchBrain.Native.Tuning;

/// <summary>How long to search, and what counts as better.</summary>
public sealed record TuningBudget
{
    /// <summary>Time for everything, seconds. A trial that is not expected to end in time is not begun; the defaults always run.</summary>
    public double Seconds { get; init; } = 60;

    /// <summary>Steps from the start whose spikes must be those of the defaults before a candidate is timed; more where they are quick.</summary>
    public int CheckedSteps { get; init; } = 200;

    /// <summary>How often candidate and rival are timed in turn; the medians count, and four rounds of five must be won. The last comparison takes twice as many.</summary>
    public int Rounds { get; init; } = 11;

    /// <summary>Part of its time by which a candidate must be faster: 0.03 means 3 %.</summary>
    public double Margin { get; init; } = 0.03;

    /// <summary>Length of one timing of one network, seconds.</summary>
    internal double SliceSeconds => Math.Clamp(Seconds / 500, 0.002, 0.25);

    internal void Validate()
    {
        if (!(Seconds > 0 && double.IsFinite(Seconds)))
            throw Wrong(nameof(Seconds), Seconds, "positive numbers", "60");
        if (CheckedSteps < 1)
            throw Wrong(nameof(CheckedSteps), CheckedSteps, "1 and more", "200");
        if (Rounds is < 1 or > 1000)
            throw Wrong(nameof(Rounds), Rounds, "1 to 1,000", "11");
        if (Margin is not (>= 0 and < 1))
            throw Wrong(nameof(Margin), Margin, "numbers from 0 to below 1", "0.03");
    }

    static TorchBrainException Wrong(string name, double value, string allowed, string use) => new(ErrorCode.BackendOption, FormattableString.Invariant($"TuningBudget.{name} is {value}; allowed are {allowed}."), $"Use {use}.");
}
