namespace TorchBrain.Native.Cuda;

/// <summary>What a device can be asked about (<see cref="CudaContext.Attribute"/>); the numbers are the driver's (<c>CUdevice_attribute</c>), others may be cast.</summary>
public enum CudaDeviceAttribute
{
    /// <summary>Threads of a block, at most.</summary>
    MaxThreadsPerBlock = 1,
    /// <summary>Blocks of a grid along x, at most.</summary>
    MaxGridX = 5,
    /// <summary>Shared memory of a block without asking for more, bytes.</summary>
    MaxSharedBytesPerBlock = 8,
    /// <summary>Constant memory, bytes.</summary>
    ConstantBytes = 9,
    /// <summary>Threads of a warp.</summary>
    WarpSize = 10,
    /// <summary>Registers of a block, at most.</summary>
    MaxRegistersPerBlock = 12,
    /// <summary>Peak clock, kHz.</summary>
    ClockRate = 13,
    /// <summary>Number of multiprocessors.</summary>
    Multiprocessors = 16,
    /// <summary>1 if the device shares the host's memory.</summary>
    Integrated = 18,
    /// <summary>Who may use the device: 0 everybody, 2 nobody, 3 one process.</summary>
    ComputeMode = 20,
    /// <summary>1 if memory errors are corrected.</summary>
    EccEnabled = 32,
    /// <summary>Peak memory clock, kHz.</summary>
    MemoryClockRate = 36,
    /// <summary>Width of the memory bus, bits.</summary>
    MemoryBusWidth = 37,
    /// <summary>Level-2 cache, bytes.</summary>
    L2CacheBytes = 38,
    /// <summary>Threads resident on a multiprocessor, at most.</summary>
    MaxThreadsPerMultiprocessor = 39,
    /// <summary>Engines that copy while kernels run.</summary>
    AsyncEngines = 40,
    /// <summary>1 if host and device share one address space.</summary>
    UnifiedAddressing = 41,
    /// <summary>Compute capability, the number before the point.</summary>
    ComputeCapabilityMajor = 75,
    /// <summary>Compute capability, the number behind the point.</summary>
    ComputeCapabilityMinor = 76,
    /// <summary>Shared memory of a multiprocessor, bytes.</summary>
    MaxSharedBytesPerMultiprocessor = 81,
    /// <summary>Registers of a multiprocessor.</summary>
    MaxRegistersPerMultiprocessor = 82,
    /// <summary>1 if kernels whose blocks wait for each other can be launched.</summary>
    CooperativeLaunch = 95,
    /// <summary>Shared memory of a block that asks for it (<see cref="CudaKernel.SetMaxDynamicSharedBytes"/>), bytes.</summary>
    MaxSharedBytesPerBlockOptIn = 97,
    /// <summary>Blocks resident on a multiprocessor, at most.</summary>
    MaxBlocksPerMultiprocessor = 106,
    /// <summary>Level-2 cache that can be set aside for data used again, bytes.</summary>
    MaxPersistingL2Bytes = 108,
    /// <summary>Shared memory that the driver keeps of each block, bytes.</summary>
    ReservedSharedBytesPerBlock = 111,
}
