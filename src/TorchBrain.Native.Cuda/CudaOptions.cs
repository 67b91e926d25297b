namespace TorchBrain.Native.Cuda;

/// <summary>Options of the CUDA backend.</summary>
public sealed record CudaOptions
{
    /// <summary>Number of the device, from 0; <c>torchbrain info</c> lists them.</summary>
    public int Device { get; init; }

    /// <summary>
    /// Most steps that one replayed graph holds or one launch runs, a power of two from 1 to 1,024, or 0 to choose. With 1, every step is a graph or a launch of its own.
    /// </summary>
    public int StepsPerGraph { get; init; }

    /// <summary>
    /// True to launch every kernel by itself and wait for it, so that an error names the kernel that made it. Slow; for finding errors.
    /// </summary>
    public bool CheckEveryLaunch { get; init; }

    /// <summary>
    /// Folder of compiled kernels. Null: the variable <c>TORCHBRAIN_KERNEL_CACHE</c>, else a folder of the user's own. Empty: no cache.
    /// </summary>
    public string? KernelCacheFolder { get; init; }

    /// <summary>A folder with kernel sources to use instead of those inside the assembly, laid out as <c>kernels/</c>; for work on kernels.</summary>
    public string? KernelSourceFolder { get; init; }

    /// <summary>How steps are launched; block and chunk sizes.</summary>
    public CudaTuning Tuning { get; init; } = new();
}
