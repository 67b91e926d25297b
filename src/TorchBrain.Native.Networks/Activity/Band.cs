namespace TorchBrain.Native.Networks;

/// <summary>Where a measured quantity must lie for a network to count as reproduced.</summary>
/// <param name="Quantity">What is measured, with its unit.</param>
/// <param name="Low">Least value allowed.</param>
/// <param name="High">Largest value allowed.</param>
/// <param name="Of">The measured value.</param>
public sealed record Band(string Quantity, double Low, double High, Func<NetworkActivity, double> Of)
{
    /// <summary>Whether a measurement lies within.</summary>
    public bool Holds(NetworkActivity activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        return Of(activity) is var value && value >= Low && value <= High;
    }

    /// <summary>A rate around a value.</summary>
    public static Band Rate(string population, double hz, double within) => new($"rate of {population}, Hz", hz - within, hz + within, a => a[population].RateHz);
}
