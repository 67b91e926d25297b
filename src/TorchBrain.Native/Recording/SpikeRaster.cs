namespace TorchBrain.Native;

/// <summary>Recorded spikes in order of step, then element: two parallel lists.</summary>
public sealed class SpikeRaster : ISpikeSink
{
    readonly List<long> _steps = [];
    readonly List<int> _elements = [];

    /// <summary>Creates an empty raster.</summary>
    /// <param name="elementCount">Elements of the population (neurons x batch).</param>
    /// <param name="timeStepMs">Length of a step, ms.</param>
    /// <param name="maxSpikes">Most spikes to hold; more is an error, so memory stays bounded.</param>
    public SpikeRaster(int elementCount, double timeStepMs, int maxSpikes = 100_000_000)
    {
        ElementCount = elementCount;
        TimeStepMs = timeStepMs;
        MaxSpikes = maxSpikes;
    }

    /// <summary>Elements of the population.</summary>
    public int ElementCount { get; }
    /// <summary>Length of a step, ms.</summary>
    public double TimeStepMs { get; }
    /// <summary>Most spikes to hold.</summary>
    public int MaxSpikes { get; }
    /// <summary>Number of spikes.</summary>
    public int Count => _steps.Count;
    /// <summary>Step of each spike. A spike of step k carries the time (k + 1) x step length.</summary>
    public IReadOnlyList<long> Steps => _steps;
    /// <summary>Element of each spike.</summary>
    public IReadOnlyList<int> Elements => _elements;
    /// <summary>First step covered.</summary>
    public long FirstStep { get; private set; } = -1;
    /// <summary>Step after the last one covered.</summary>
    public long EndStep { get; private set; }

    /// <summary>Mean rate over all elements and covered steps, Hz; 0 if nothing is covered.</summary>
    public double MeanRateHz => EndStep > FirstStep && FirstStep >= 0 ? Count / ((EndStep - FirstStep) * TimeStepMs * 1e-3 * ElementCount) : 0;

    /// <inheritdoc/>
    public void Accept(long step, ReadOnlySpan<int> elements)
    {
        if (_steps.Count + (long)elements.Length > MaxSpikes)
            throw new TorchBrainException(ErrorCode.RecordingOverflow, $"The raster is full: {MaxSpikes:N0} spikes by step {step}.", "Drain into a fresh raster more often, or allow more spikes.");
        if (FirstStep < 0)
            FirstStep = step;
        EndStep = step + 1;
        foreach (var e in elements)
        {
            _steps.Add(step);
            _elements.Add(e);
        }
    }

    /// <summary>Time of a spike, ms: the end of its step.</summary>
    public double TimeMs(int spike) => (_steps[spike] + 1) * TimeStepMs;

    /// <summary>Forgets all spikes.</summary>
    public void Clear()
    {
        _steps.Clear();
        _elements.Clear();
        FirstStep = -1;
        EndStep = 0;
    }
}
