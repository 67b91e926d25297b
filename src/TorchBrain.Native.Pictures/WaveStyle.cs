namespace TorchBrain.Native.Pictures;

/// <summary>How waves are shown; used by <see cref="WaveFrames"/> and <see cref="WaveAnimation"/>.</summary>
public sealed record WaveStyle
{
    /// <summary>The heading; null writes one with the number of nodes and the time span.</summary>
    public string? Title { get; init; }

    /// <summary>The trail that the intensities were made with, ms, named in the colour key; null names no time.</summary>
    public double? TrailMs { get; init; }

    /// <summary>Membrane potential at the pale end of the scale, mV. Used only where frames carry potentials.</summary>
    public float PotentialLowMv { get; init; } = -80f;

    /// <summary>Membrane potential at the dark end of the scale, mV; above <see cref="PotentialLowMv"/>.</summary>
    public float PotentialHighMv { get; init; } = -50f;

    /// <summary>Panels per row of a contact sheet, 1 to 50; null chooses.</summary>
    public int? Columns { get; init; }

    /// <summary>Side of the sheet in an animation, pixels, 64 to 2000.</summary>
    public int AnimationSide { get; init; } = 360;

    /// <summary>Frames per second of an animation, 1 to 60.</summary>
    public int FramesPerSecond { get; init; } = 20;

    internal void CheckAll()
    {
        Check.Range(nameof(PotentialLowMv), PotentialLowMv, -1e6, 1e6);
        Check.Range(nameof(PotentialHighMv), PotentialHighMv, PotentialLowMv + 1e-3, 1e6 + 1);
        Check.Range(nameof(Columns), Columns ?? 1, 1, 50);
        Check.Range(nameof(AnimationSide), AnimationSide, 64, 2000);
        Check.Range(nameof(FramesPerSecond), FramesPerSecond, 1, 60);
        Check.Range(nameof(TrailMs), TrailMs ?? 1, 1e-6, 1e12);
    }

    internal string OldEnd => TrailMs is { } trail ? Words.Of($"{trail:0.###} ms ago") : "earlier";
}
