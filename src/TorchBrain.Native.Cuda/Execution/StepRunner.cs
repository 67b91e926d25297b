namespace TorchBrain.Native.Cuda;

/// <summary>One kernel that runs many steps, on one block or on as many as the device holds at once.</summary>
sealed class StepRunner : Stepper
{
    readonly RunLaunch _launch;
    readonly StepProgram _program;

    /// <param name="program">The phases.</param>
    /// <param name="module">The kernel's module; its table of arguments is filled.</param>
    /// <param name="bound">The phases with their arguments.</param>
    /// <param name="grid">Blocks: 1, or how many run at once.</param>
    /// <param name="clock">Address of the clock.</param>
    /// <param name="memory">Where to allocate, and the stream to queue on.</param>
    /// <param name="most">Most steps a launch.</param>
    /// <param name="oneBlock">Whether it was made for one block.</param>
    public StepRunner(StepProgram program, CudaModule module, IReadOnlyList<BoundPhase> bound, int grid, nint clock, DeviceMemory memory, int most, bool oneBlock)
    {
        (_program, Most) = (program, most);
        var tables = program.TableBytes > 0 ? new StepTables(bound, memory) : null;
        if (tables?.Bytes > program.TableBytes)
            throw new InvalidOperationException($"The tables of the phases take {tables.Bytes} bytes; {program.TableBytes} were expected.");
        module.Write<byte>("tbn_phases", [.. tables?.Arguments ?? [.. bound.SelectMany(p => p.Arguments.ToArray())]], memory.Stream);
        var barrier = memory.New<ulong>(1, "grid barrier");
        barrier.Clear(memory.Stream);
        _launch = new RunLaunch(module.Kernel(KernelCatalog.RunSteps.Entry), grid, bound[0].Block, memory.Stream,
            new RunArguments { Clock = clock, Barrier = barrier.DevicePointer, Tables = tables?.Upload() ?? default }, program.TableBytes, oneBlock);
        Launches = [_launch];
    }

    public override int Most { get; }

    public override IReadOnlyList<StepLaunch> Launches { get; }

    public override int Queue(long atMost)
    {
        var steps = (int)Math.Min(atMost, Most);
        _launch.Queue((ulong)steps);
        return steps;
    }

    public override string Describe()
    {
        var barriers = _program.Barriers.Count(b => b);
        return $"{_program.Phases.Count} phases and {barriers} barriers a step, up to {Most} steps a launch of {_launch.Grid} x {_launch.Block} threads";
    }

    public override void Dispose()
    {
    }

    /// <summary>The launch of the kernel.</summary>
    sealed class RunLaunch(CudaKernel kernel, int grid, int block, CudaStream stream, RunArguments arguments, int tables, bool oneBlock) : StepLaunch(kernel, grid, block, tables)
    {
        RunArguments _arguments = arguments;

        public void Queue(ulong steps)
        {
            _arguments.Steps = steps;
            if (oneBlock)
                Kernel.Launch(stream, Grid, Block, AddedShared, in _arguments);
            else
                Kernel.LaunchCooperative(stream, Grid, Block, AddedShared, in _arguments);
        }
    }
}
