namespace TorchBrain.Native.Cuda;

/// <summary>How the steps of a network are launched on a device, with the kernels for it.</summary>
sealed class SteppingSetup
{
    readonly StepProgram? _program;
    readonly CudaModule? _module;
    readonly int _resident;

    /// <summary>Chooses, and compiles what is needed.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="options">What was asked for.</param>
    /// <param name="compiler">The compiler for the device.</param>
    /// <param name="memory">What owns the kernels.</param>
    public SteppingSetup(NetworkPlan plan, CudaOptions options, KernelCompiler compiler, DeviceMemory memory)
    {
        Choice = SteppingRule.Choose(plan, options, memory.Context.SupportsCooperativeLaunch);
        Tuning = SteppingRule.Tuning(plan, options.Tuning, Choice.Stepping, memory.Context.Multiprocessors);
        if (Choice.Stepping != CudaStepping.Graph)
        {
            Tuning = Tuning.WithBlocks(Tuning.StepsBlock);
            var program = StepProgram.Of(plan, Tuning, OneBlock);
            if (program.ArgumentBytes > StepProgram.MostArgumentBytes)
                Fall($"the arguments of {program.Phases.Count} phases are too many for one kernel");
            else
            {
                compiler.Prepare([program.Launch.Unit, .. CudaLowering.UnitsBetweenSteps(program.Phases)]);
                var module = memory.Own(compiler.Load(program.Launch.Unit));
                var kernel = module.Kernel(program.Launch.Kernel.Entry);
                kernel.RequireArgumentBytes(program.Launch.Kernel.ArgumentBytes);
                _resident = kernel.MaxActiveBlocksPerMultiprocessor(Tuning.StepsBlock, program.TableBytes) * memory.Context.Multiprocessors;
                if (_resident > 0)
                    (_program, _module, Phases) = (program, module, program.Phases);
                else
                    Fall($"a block of {Tuning.StepsBlock} threads does not fit a multiprocessor");
            }
        }
        if (_program is not null)
            return;
        Tuning = SteppingRule.Tuning(plan, options.Tuning, CudaStepping.Graph, memory.Context.Multiprocessors);
        Phases = CudaLowering.Lower(plan, Tuning);
        compiler.Prepare(CudaLowering.Units(Phases));
    }

    void Fall(string why) => Choice = new SteppingChoice(CudaStepping.Graph, $"instead of {Choice.Stepping}: {why}");

    /// <summary>What was chosen.</summary>
    public SteppingChoice Choice { get; private set; }

    /// <summary>The sizes that hold for the phases.</summary>
    public CudaTuning Tuning { get; }

    /// <summary>The phases of a step.</summary>
    public IReadOnlyList<LoweredLaunch> Phases { get; } = [];

    bool OneBlock => Choice.Stepping == CudaStepping.OneBlock;

    /// <summary>What queues the steps.</summary>
    /// <param name="binder">Gives the phases their arguments.</param>
    /// <param name="clock">Address of the clock.</param>
    /// <param name="memory">Where to allocate, and the stream to queue on.</param>
    /// <param name="most">Most steps queued at once, a power of two.</param>
    /// <param name="checkEvery">True to launch every kernel by itself and wait for it.</param>
    public Stepper Bind(LaunchBinder binder, nint clock, DeviceMemory memory, int most, bool checkEvery)
    {
        var bound = binder.Bind(Phases);
        if (_program is null)
            return new StepGraphs([.. bound.Select(p => p.Launch(binder.Kernel(p.Lowered)))], binder.Kernel(CudaLowering.Advance), clock, memory.Stream, most, checkEvery);
        // All phases share out their work among the blocks there are: more than can be of use only make barriers dearer.
        var grid = OneBlock ? 1 : Math.Min(Math.Min(_resident, memory.Context.Multiprocessors * Tuning.BlocksPerMultiprocessor), bound.Max(p => p.Grid));
        return new StepRunner(_program, _module!, bound, grid, clock, memory, most, OneBlock);
    }
}
