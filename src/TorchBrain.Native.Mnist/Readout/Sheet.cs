namespace TorchBrain.Native.Mnist;

/// <summary>The check that sampler and pools share.</summary>
static class Sheet
{
    /// <summary>Refuses positions that are not a list of points in a square.</summary>
    public static void Check(ReadOnlySpan<float> x, ReadOnlySpan<float> y, float side)
    {
        if (!(side > 0) || !float.IsFinite(side))
            throw new TorchBrainException(ErrorCode.GeometryInvalid, $"The side of the sheet is {side}; allowed is any finite number above zero.", "Give the side in the unit of the positions.");
        if (x.Length != y.Length || x.Length == 0)
            throw new TorchBrainException(ErrorCode.GeometryInvalid, $"{x.Length} horizontal and {y.Length} vertical positions; both must be of one length, at least 1.", "Give both coordinates of each node.");
        for (var n = 0; n < x.Length; n++)
            if (!(x[n] >= 0 && x[n] <= side && y[n] >= 0 && y[n] <= side))
                throw new TorchBrainException(ErrorCode.GeometryInvalid, $"Node {n} lies at ({x[n]}, {y[n]}); allowed is 0 to {side} in both directions.", "Move the node onto the sheet, or give its true side.");
    }
}
