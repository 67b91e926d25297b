namespace TorchBrain.Native.Cli;

/// <summary>What a run of a published network says in run.json.</summary>
sealed record NetworkRunPart
{
    public required string Name { get; init; }
    public required double Scale { get; init; }
    public required long Neurons { get; init; }
    public required long Synapses { get; init; }
    public required double MeasuredSeconds { get; init; }
    /// <summary>Time that passed per simulated time, recording included.</summary>
    public required double RealTimeFactor { get; init; }
    public required IReadOnlyList<PopulationPart> Populations { get; init; }
    /// <summary>Empty where the network is not the published one, or was not watched for long enough.</summary>
    public required IReadOnlyList<BandPart> Bands { get; init; }
    public required string SpikeHash { get; init; }
    public required string How { get; init; }
}

sealed record PopulationPart(string Name, int Neurons, double RateHz, double? IsiCv, double SilentFraction, double? PeakHz);

sealed record BandPart(string Quantity, double Measured, double Low, double High, bool Holds);
