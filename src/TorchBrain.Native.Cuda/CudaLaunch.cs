namespace TorchBrain.Native.Cuda;

/// <summary>A kernel of a network's step as it is launched.</summary>
/// <param name="Kernel">Its name, as in the source.</param>
/// <param name="Grid">Blocks.</param>
/// <param name="Block">Threads per block.</param>
/// <param name="Registers">Registers per thread.</param>
/// <param name="LocalBytes">Local memory per thread, bytes.</param>
/// <param name="SharedBytes">Shared memory per block, bytes.</param>
/// <param name="Occupancy">Part of the threads of a multiprocessor that its blocks can fill, 0 to 1, as the driver tells.</param>
public sealed record CudaLaunch(string Kernel, int Grid, int Block, int Registers, int LocalBytes, int SharedBytes, double Occupancy);
