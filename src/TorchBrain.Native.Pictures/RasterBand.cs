namespace TorchBrain.Native.Pictures;

/// <summary>A run of neurons shown in its own colour, for example one population.</summary>
/// <param name="Name">Shown beside the band.</param>
/// <param name="First">Index of its first neuron, from 0.</param>
/// <param name="Count">Number of neurons, at least 1.</param>
public sealed record RasterBand(string Name, int First, int Count);
