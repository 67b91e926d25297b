namespace TorchBrain.Native.Pictures;

/// <summary>A line of <see cref="CurvePlot"/>.</summary>
/// <param name="Name">Shown in the key.</param>
/// <param name="X">First coordinates, finite, ascending or not.</param>
/// <param name="Y">Second coordinates, as many; NaN leaves a gap, infinity is refused.</param>
/// <param name="PlusMinus">Half length of an error bar at each point, as many, none negative; null draws none.</param>
/// <param name="Markers">Marks each point with a dot.</param>
public sealed record Curve(string Name, float[] X, float[] Y, float[]? PlusMinus = null, bool Markers = false);
