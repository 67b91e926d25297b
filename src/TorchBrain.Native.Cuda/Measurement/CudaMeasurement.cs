namespace TorchBrain.Native.Cuda;

/// <summary>A figure of a device.</summary>
/// <param name="Name">What was measured, in words.</param>
/// <param name="Value">The median of the repeats.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Low">The least.</param>
/// <param name="High">The largest.</param>
public sealed record CudaMeasurement(string Name, double Value, string Unit, double Low, double High)
{
    /// <summary>Makes one of the values of all repeats.</summary>
    internal static CudaMeasurement Of(string name, string unit, double[] values)
    {
        Array.Sort(values);
        var middle = values.Length / 2;
        return new CudaMeasurement(name, values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2, unit, values[0], values[^1]);
    }
}
