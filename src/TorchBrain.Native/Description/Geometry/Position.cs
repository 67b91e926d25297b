namespace TorchBrain.Native;

/// <summary>Where a node is, in sheet units. On a planar geometry Z is the height above the sheet, 0 unless set by hand.</summary>
/// <param name="X">Along the first axis.</param>
/// <param name="Y">Along the second axis.</param>
/// <param name="Z">Along the third axis.</param>
public readonly record struct Position(float X, float Y, float Z);
