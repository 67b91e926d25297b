namespace TorchBrain.Native;

/// <summary>
/// Every error code that a user can meet, in one place. 1###: the network description; 2###: backends and devices;
/// 3###: a running simulation, checkpoints and recorders; 4###: data files; 5###: the command line and its output.
/// A code keeps its meaning for ever; codes of removed errors are not used again.
/// </summary>
public static class ErrorCode
{
    /// <summary>A number is NaN, infinite or outside its range.</summary>
    public const string NumberOutOfRange = "TBN1001";
    /// <summary>A population has no neurons, or a negative number of them.</summary>
    public const string EmptyPopulation = "TBN1002";
    /// <summary>Two populations, projections or inputs carry the same name, or a name is empty.</summary>
    public const string NameNotUnique = "TBN1003";
    /// <summary>A projection, input or recording names a population that is not part of the network.</summary>
    public const string PopulationNotInNetwork = "TBN1004";
    /// <summary>The network would not fit: too many neurons or synapses for the memory of this machine, or a count overflows.</summary>
    public const string TooLarge = "TBN1005";
    /// <summary>A delay is not a whole number of steps within the allowed range.</summary>
    public const string DelayOutOfRange = "TBN1006";
    /// <summary>The parts do not fit together: a rule, model, receptor or connectivity that cannot be combined.</summary>
    public const string Incompatible = "TBN1007";
    /// <summary>A list has the wrong length or contains an index outside its population.</summary>
    public const string IndexOutOfRange = "TBN1008";
    /// <summary>A geometry is degenerate or missing where a rule needs positions.</summary>
    public const string GeometryInvalid = "TBN1009";
    /// <summary>A required part of the description is missing (null or empty).</summary>
    public const string Missing = "TBN1010";

    /// <summary>No usable CUDA driver or device.</summary>
    public const string CudaUnavailable = "TBN2001";
    /// <summary>A backend option is out of range for this machine.</summary>
    public const string BackendOption = "TBN2002";
    /// <summary>The CUDA driver is too old.</summary>
    public const string CudaDriverTooOld = "TBN2003";
    /// <summary>The device has too little memory.</summary>
    public const string DeviceOutOfMemory = "TBN2004";
    /// <summary>The CUDA driver reported an error.</summary>
    public const string CudaCallFailed = "TBN2005";
    /// <summary>Host and kernel disagree about the kernel's arguments.</summary>
    public const string KernelArguments = "TBN2006";
    /// <summary>A kernel does not compile.</summary>
    public const string KernelCompilation = "TBN2007";
    /// <summary>There is no usable run-time compiler (NVRTC).</summary>
    public const string RuntimeCompilerMissing = "TBN2008";
    /// <summary>Device, driver and run-time compiler do not go together.</summary>
    public const string DeviceUnsupported = "TBN2009";
    /// <summary>A kernel file, or a kernel in it, does not exist.</summary>
    public const string KernelMissing = "TBN2010";

    /// <summary>A name was asked for that the network does not have.</summary>
    public const string UnknownName = "TBN3001";
    /// <summary>A span handed to the simulation has the wrong length.</summary>
    public const string WrongLength = "TBN3002";
    /// <summary>The operation needs a part that the plan does not contain.</summary>
    public const string NotInPlan = "TBN3003";
    /// <summary>A recording window would be overwritten before it was drained.</summary>
    public const string RecordingOverflow = "TBN3004";
    /// <summary>A checkpoint file is damaged, truncated or of a foreign format.</summary>
    public const string CheckpointDamaged = "TBN3005";
    /// <summary>A checkpoint belongs to another plan.</summary>
    public const string CheckpointForeign = "TBN3006";
    /// <summary>A file could not be written.</summary>
    public const string FileNotWritable = "TBN3007";
    /// <summary>A value written into a running simulation is NaN, infinite or out of range.</summary>
    public const string ValueOutOfRange = "TBN3008";
    /// <summary>A tuning file is damaged, incomplete or of a foreign format.</summary>
    public const string TuningFileDamaged = "TBN3009";
    /// <summary>A tuning file is of a newer version.</summary>
    public const string TuningFileNewer = "TBN3010";

    /// <summary>A data file is missing.</summary>
    public const string DataMissing = "TBN4001";
    /// <summary>A data file is truncated, corrupted or not in the expected format.</summary>
    public const string DataDamaged = "TBN4002";
    /// <summary>Data files contradict each other (image and label counts differ, labels out of range).</summary>
    public const string DataInconsistent = "TBN4003";
    /// <summary>A download failed: no network, time-out, wrong checksum.</summary>
    public const string DownloadFailed = "TBN4004";

    /// <summary>An option of the command line has a wrong value.</summary>
    public const string OptionInvalid = "TBN5001";
    /// <summary>The output folder cannot be used.</summary>
    public const string OutputFolder = "TBN5002";
    /// <summary>A report of an earlier run cannot be used: missing, damaged, or of another program or command.</summary>
    public const string ReportUnusable = "TBN5003";
    /// <summary>A loop that must not allocate managed memory did.</summary>
    public const string LoopAllocates = "TBN5004";
}
