namespace TorchBrain.Native.Cuda;

/// <summary>A CUDA device of this machine.</summary>
/// <param name="Ordinal">Its number, from 0.</param>
/// <param name="Name">Its name.</param>
/// <param name="ComputeCapability">For example <c>9.0</c>.</param>
/// <param name="Multiprocessors">Number of multiprocessors.</param>
/// <param name="MemoryBytes">Its memory, bytes.</param>
public sealed record CudaDevice(int Ordinal, string Name, string ComputeCapability, int Multiprocessors, long MemoryBytes);
