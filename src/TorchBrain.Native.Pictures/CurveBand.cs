namespace TorchBrain.Native.Pictures;

/// <summary>A shaded area of <see cref="CurvePlot"/>, for example where results are expected.</summary>
/// <param name="Name">Shown in the key.</param>
/// <param name="X">First coordinates, ascending, at least 2, finite.</param>
/// <param name="Low">Lower edge at each coordinate, finite.</param>
/// <param name="High">Upper edge at each coordinate, finite.</param>
public sealed record CurveBand(string Name, float[] X, float[] Low, float[] High);
