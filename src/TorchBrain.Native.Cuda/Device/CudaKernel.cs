namespace TorchBrain.Native.Cuda;

/// <summary>A kernel of a <see cref="CudaModule"/>, which takes its arguments as one structure by value.</summary>
public sealed unsafe class CudaKernel
{
    readonly CudaModule _module;
    readonly CudaContext _context;
    readonly nint _function;

    internal CudaKernel(CudaModule module, nint function, string name)
    {
        (_module, _context, _function, Name) = (module, module.Context, function, name);
        Registers = Attribute(CudaDriver.Registers);
        LocalBytes = Attribute(CudaDriver.LocalBytes);
        SharedBytes = Attribute(CudaDriver.SharedBytes);
        MaxThreadsPerBlock = Attribute(CudaDriver.MaxThreadsPerBlock);
    }

    /// <summary>Its name, as in the source.</summary>
    public string Name { get; }

    /// <summary>Registers per thread.</summary>
    public int Registers { get; }

    /// <summary>Local memory per thread (spilled registers, arrays), bytes.</summary>
    public int LocalBytes { get; }

    /// <summary>Shared memory that the kernel declares itself, bytes per block.</summary>
    public int SharedBytes { get; }

    /// <summary>Threads per block that its registers allow, at most.</summary>
    public int MaxThreadsPerBlock { get; }

    /// <summary>How many blocks fit on a multiprocessor at once; a cooperative launch takes at most that many times the multiprocessors.</summary>
    /// <param name="blockThreads">Threads per block.</param>
    /// <param name="dynamicSharedBytes">Shared memory that the launch adds, bytes per block.</param>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.CudaCallFailed"/>.</exception>
    public int MaxActiveBlocksPerMultiprocessor(int blockThreads, int dynamicSharedBytes)
    {
        Use();
        _context.Check(CudaDriver.OccupancyMaxActiveBlocks(out var blocks, _function, blockThreads, (nuint)dynamicSharedBytes), "cuOccupancyMaxActiveBlocksPerMultiprocessor");
        return blocks;
    }

    /// <summary>Checks that the kernel takes exactly one argument of this size; drivers before CUDA 12.4 cannot tell, and the check passes.</summary>
    /// <param name="bytes">The size of the structure, bytes.</param>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.KernelArguments"/>: host and kernel disagree.</exception>
    public void RequireArgumentBytes(int bytes)
    {
        Use();
        if (!CudaDriver.HasParameterInfo)
            return;
        // Past the last parameter the driver answers "invalid value": an expected answer, not an error.
        var expected = CudaDriver.FuncGetParamInfo(_function, 0, out _, out var size) == CudaDriver.Success ? (long)size : 0;
        var more = CudaDriver.FuncGetParamInfo(_function, 1, out _, out _) == CudaDriver.Success;
        if (expected != bytes || more)
            throw new TorchBrainException(ErrorCode.KernelArguments, $"Kernel '{Name}' of '{_module.Name}' takes {(more ? "several arguments, the first" : "an argument")} of {expected} bytes; the host passes one of {bytes} bytes.",
                "Kernels and library of different versions: remove edited kernel files and empty the kernel cache. When writing kernels: give both structures the same fields, order and padding.");
    }

    /// <summary>Lets launches add more shared memory than 48 KiB.</summary>
    /// <param name="bytes">The most that a launch will add, bytes per block; at most <see cref="CudaContext.SharedBytesPerBlock"/> less <see cref="SharedBytes"/>.</param>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.CudaCallFailed"/>: more than the device has.</exception>
    public void SetMaxDynamicSharedBytes(int bytes)
    {
        Use();
        _context.Check(CudaDriver.FuncSetAttribute(_function, CudaDriver.MaxDynamicSharedBytes, bytes), "cuFuncSetAttribute");
    }

    /// <summary>Hands the kernel to a stream. Does not wait and allocates nothing; what goes wrong in the kernel shows in a later call.</summary>
    /// <typeparam name="TArgs">The structure of arguments, laid out as in the kernel.</typeparam>
    /// <param name="stream">The stream.</param>
    /// <param name="gridX">Number of blocks.</param>
    /// <param name="blockX">Threads per block.</param>
    /// <param name="dynamicSharedBytes">Shared memory added, bytes per block.</param>
    /// <param name="args">The arguments; copied.</param>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.CudaCallFailed"/>.</exception>
    public void Launch<TArgs>(CudaStream stream, int gridX, int blockX, int dynamicSharedBytes, in TArgs args) where TArgs : unmanaged
    {
        ArgumentNullException.ThrowIfNull(stream);
        Use();
        _context.Launched(Name, gridX, blockX);
        fixed (TArgs* argument = &args)
        {
            void* parameter = argument;
            _context.Check(CudaDriver.LaunchKernel(_function, (uint)gridX, 1, 1, (uint)blockX, 1, 1, (uint)dynamicSharedBytes, stream.Handle, &parameter, null), "cuLaunchKernel");
        }
    }

    /// <summary>As <see cref="Launch"/>, for a kernel whose blocks wait for each other: all of them run at once or the launch fails.</summary>
    /// <typeparam name="TArgs">The structure of arguments, laid out as in the kernel.</typeparam>
    /// <param name="stream">The stream.</param>
    /// <param name="gridX">Number of blocks.</param>
    /// <param name="blockX">Threads per block.</param>
    /// <param name="dynamicSharedBytes">Shared memory added, bytes per block.</param>
    /// <param name="args">The arguments; copied.</param>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.CudaCallFailed"/>: among others, the grid does not fit on the device at once.</exception>
    public void LaunchCooperative<TArgs>(CudaStream stream, int gridX, int blockX, int dynamicSharedBytes, in TArgs args) where TArgs : unmanaged
    {
        ArgumentNullException.ThrowIfNull(stream);
        Use();
        _context.Launched(Name, gridX, blockX);
        fixed (TArgs* argument = &args)
        {
            void* parameter = argument;
            _context.Check(CudaDriver.LaunchCooperativeKernel(_function, (uint)gridX, 1, 1, (uint)blockX, 1, 1, (uint)dynamicSharedBytes, stream.Handle, &parameter), "cuLaunchCooperativeKernel");
        }
    }

    void Use()
    {
        _ = _module.Handle; // throws once the module is disposed
        _context.MakeCurrent();
    }

    int Attribute(int attribute)
    {
        _context.Check(CudaDriver.FuncGetAttribute(out var value, attribute, _function), "cuFuncGetAttribute");
        return value;
    }
}
