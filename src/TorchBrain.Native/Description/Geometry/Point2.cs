namespace TorchBrain.Native;

/// <summary>A corner of a <see cref="Polygon"/>, in sheet units.</summary>
/// <param name="X">Along the first axis; finite.</param>
/// <param name="Y">Along the second axis; finite.</param>
public readonly record struct Point2(double X, double Y);
