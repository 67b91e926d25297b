
namespace TorchBrain.Native.Cuda;

/// <summary>Gives the phases of a step their grids and arguments on a device, and kernels where each is launched by itself.</summary>
sealed class LaunchBinder
{
    readonly NetworkPlan _plan;
    readonly CudaTuning _tuning;
    readonly DeviceMemory _memory;
    readonly IReadOnlyList<CudaPopulation> _populations;
    readonly IReadOnlyList<CudaProjection> _projections;
    readonly IReadOnlyList<StateSamples?> _samples;
    readonly Func<KernelUnit, CudaModule> _load;
    readonly Dictionary<KernelUnit, CudaModule> _modules = [];
    readonly nint _clock;
    readonly PopulationAbi[] _rows;
    nint _table;

    public LaunchBinder(NetworkPlan plan, CudaTuning tuning, DeviceMemory memory, IReadOnlyList<CudaPopulation> populations, IReadOnlyList<CudaProjection> projections,
        IReadOnlyList<StateSamples?> samples, Func<KernelUnit, CudaModule> load, nint clock)
    {
        (_plan, _tuning, _memory, _populations, _projections, _samples, _load, _clock) = (plan, tuning, memory, populations, projections, samples, load, clock);
        _rows = [.. populations.Select(p => p.Describe())];
    }

    /// <summary>Binds the phases of a step.</summary>
    public IReadOnlyList<BoundPhase> Bind(IReadOnlyList<LoweredLaunch> launches)
    {
        foreach (var update in launches.Where(l => l.Kernel == KernelCatalog.UpdateNeurons))
        {
            var first = 0u;
            foreach (var p in update.Parts)
            {
                _rows[p].FirstBlock = first;
                first += (uint)Work.Chunks(_rows[p].Elements, _tuning.UpdateBlock);
            }
        }
        _table = _memory.UploadTable<PopulationAbi>(_rows, "populations", PopulationAbi.InputsAt);
        return [.. launches.Select(Bind)];
    }

    /// <summary>The kernel of a launch, its argument checked against the host's.</summary>
    public CudaKernel Kernel(LoweredLaunch launch)
    {
        if (!_modules.TryGetValue(launch.Unit, out var module))
            _modules.Add(launch.Unit, module = _memory.Own(_load(launch.Unit)));
        var kernel = module.Kernel(launch.Kernel.Entry);
        kernel.RequireArgumentBytes(launch.Kernel.ArgumentBytes);
        return kernel;
    }

    StepTime Time => new() { Clock = _clock };

    BoundPhase Bind(LoweredLaunch launch)
    {
        var kernel = launch.Kernel;
        return kernel == KernelCatalog.UpdateNeurons ? BindUpdate(launch)
            : kernel == KernelCatalog.SelectWinners ? BindSelect(launch)
            : kernel == KernelCatalog.CompactSpikes ? BindCompact(launch)
            : kernel == KernelCatalog.SampleState ? BindSample(launch)
            : kernel == KernelCatalog.PropagateSparse || kernel == KernelCatalog.PullSparse ? BindSparse(launch)
            : kernel == KernelCatalog.PropagateDense ? BindDense(launch, p => ((DenseSynapses)p).Describe())
            : kernel == KernelCatalog.PropagateStencil ? BindStencil(launch)
            : kernel == KernelCatalog.PropagateProcedural ? BindProcedural(launch)
            : kernel == KernelCatalog.ArriveDense ? BindDense(launch, p => ((WinnerSynapses)p).DescribeArrival())
            : kernel == KernelCatalog.ArriveStdp || kernel == KernelCatalog.LearnStdp || kernel == KernelCatalog.ArriveLazy || kernel == KernelCatalog.LearnLazy ? BindStdp(launch)
            : kernel == KernelCatalog.ArriveTraces || kernel == KernelCatalog.LearnTraces || kernel == KernelCatalog.Consolidate ? BindTraces(launch)
            : kernel == KernelCatalog.LearnWinnerWeights || kernel == KernelCatalog.LearnWinnerThresholds ? BindWinners(launch)
            : throw new InvalidOperationException($"No arguments are known for {kernel.Entry}.");
    }

    nint Upload<T>(IEnumerable<T> rows, LoweredLaunch launch, params IReadOnlyList<int> addresses) where T : unmanaged => _memory.UploadTable<T>([.. rows], launch.Kernel.Entry, addresses);

    // One block per so many items of each part: which part a block belongs to.
    List<uint> Owners(IReadOnlyList<int> parts, Func<int, long> items, int perBlock)
    {
        List<uint> owners = [];
        for (var k = 0; k < parts.Count; k++)
            for (var block = 0; block < (items(parts[k]) + perBlock - 1) / perBlock; block++)
                owners.Add((uint)parts[k]);
        return owners;
    }

    BoundPhase<UpdateArguments> BindUpdate(LoweredLaunch launch)
    {
        var owners = Owners(launch.Parts, p => _populations[p].Plan.Elements, _tuning.UpdateBlock);
        return new BoundPhase<UpdateArguments>(launch, owners.Count, _tuning.UpdateBlock,
            new UpdateArguments { Time = Time, Populations = _table, BlockOwner = Upload(owners, launch), Seed = _plan.Seed, Blocks = (uint)owners.Count });
    }

    BoundPhase<TableArguments> BindSelect(LoweredLaunch launch)
    {
        var rows = Upload(launch.Parts.Select(p => _rows[p]), launch, PopulationAbi.InputsAt);
        return new BoundPhase<TableArguments>(launch, Work.Chunks((long)launch.Parts.Count * _plan.Batch, KernelCatalog.SelectBlock), KernelCatalog.SelectBlock,
            new TableArguments { Time = Time, Table = rows, Count = (ulong)launch.Parts.Count });
    }

    BoundPhase<CompactArguments> BindCompact(LoweredLaunch launch)
    {
        var firsts = new List<uint>();
        var owners = Owners(launch.Parts, p => (_populations[p].Plan.Elements + 31) / 32, _tuning.CompactBlock);
        for (var block = 0; block < owners.Count; block++)
            firsts.Add(block > 0 && owners[block] == owners[block - 1] ? firsts[block - 1] + (uint)_tuning.CompactBlock : 0);
        return new BoundPhase<CompactArguments>(launch, owners.Count, _tuning.CompactBlock,
            new CompactArguments { Time = Time, Populations = _table, BlockOwner = Upload(owners, launch), BlockFirst = Upload(firsts, launch), Blocks = (uint)owners.Count });
    }

    BoundPhase<SampleArguments> BindSample(LoweredLaunch launch)
    {
        List<SamplingAbi> rows = [];
        List<uint> owners = [];
        foreach (var r in launch.Parts)
        {
            rows.Add(_samples[r]!.Describe((uint)owners.Count));
            for (var block = 0; block < Work.Chunks(_samples[r]!.Elements, _tuning.UpdateBlock); block++)
                owners.Add((uint)rows.Count - 1);
        }
        return new BoundPhase<SampleArguments>(launch, owners.Count, _tuning.UpdateBlock, new SampleArguments { Time = Time, Samplings = Upload(rows, launch), BlockOwner = Upload(owners, launch), Blocks = (uint)owners.Count });
    }

    BoundPhase<TableArguments> BindSparse(LoweredLaunch launch)
    {
        PackedSynapses[] projections = [.. launch.Parts.Select(p => (SparseSynapses)_projections[p]).Select(p => launch.Kernel == KernelCatalog.PullSparse ? p.Columns! : p.Rows)];
        long Items(int length) => projections.Sum(p => p.MostItems(length));
        var chunk = Work.ChunkLength(_tuning.ChunkLength, Items);
        return new BoundPhase<TableArguments>(launch, Work.Grid(Items(chunk), _tuning.SparseBlock / 32, _memory.Context, _tuning), _tuning.SparseBlock,
            new TableArguments { Time = Time, Table = Upload(projections.Select(p => p.Describe(chunk)), launch), Count = (ulong)projections.Length });
    }

    BoundPhase<TableArguments> BindDense(LoweredLaunch launch, Func<CudaProjection, DenseAbi> describe)
    {
        DenseAbi[] rows = [.. launch.Parts.Select(p => describe(_projections[p]))];
        var items = rows.Sum(r => (long)Work.Chunks(r.Source.Elements, KernelCatalog.DenseGroup) * r.Chunks);
        return new BoundPhase<TableArguments>(launch, Work.Grid(items, _tuning.DenseBlock / 32, _memory.Context, _tuning), _tuning.DenseBlock,
            new TableArguments { Time = Time, Table = Upload(rows, launch), Count = (ulong)rows.Length });
    }

    BoundPhase<TableArguments> BindStencil(LoweredLaunch launch)
    {
        StencilSynapses[] projections = [.. launch.Parts.Select(p => (StencilSynapses)_projections[p])];
        var block = _tuning.DenseBlock;
        long Items(int length) => projections.Sum(p => p.MostItems(block, length));
        var chunk = Work.ChunkLength(_tuning.ChunkLength, Items);
        return new BoundPhase<TableArguments>(launch, Work.Grid(Items(chunk), StencilSynapses.IsLocal(projections[0].Plan) ? block / 32 : 1, _memory.Context, _tuning), block,
            new TableArguments { Time = Time, Table = Upload(projections.Select(p => p.Describe(block, chunk)), launch), Count = (ulong)projections.Length });
    }

    BoundPhase<TableArguments> BindProcedural(LoweredLaunch launch)
    {
        ProceduralSynapses[] projections = [.. launch.Parts.Select(p => (ProceduralSynapses)_projections[p])];
        long Items(int length) => projections.Sum(p => p.MostItems(length));
        var chunk = Work.ChunkLength(_tuning.ChunkLength, Items);
        return new BoundPhase<TableArguments>(launch, Work.Grid(Items(chunk), _tuning.SparseBlock / 32, _memory.Context, _tuning), _tuning.SparseBlock,
            new TableArguments { Time = Time, Table = Upload(projections.Select(p => p.Describe(chunk)), launch), Count = (ulong)projections.Length });
    }

    BoundPhase<StdpArguments> BindStdp(LoweredLaunch launch)
    {
        var projection = (StdpSynapses)_projections[launch.Parts[0]];
        var chunk = Work.ChunkLength(_tuning.ChunkLength, projection.MostItems);
        var arguments = new StdpArguments { Time = Time, Projection = projection.Describe(chunk) };
        if (CudaLowering.CatchUp(launch) is { } catchUp)
            projection.Lazy!.Bind(new BoundPhase<StdpArguments>(catchUp, RowGrid(projection, chunk, learns: false), _tuning.SparseBlock, arguments).Launch(Kernel(catchUp)));
        return new BoundPhase<StdpArguments>(launch, RowGrid(projection, chunk, launch.Kernel == KernelCatalog.LearnStdp || launch.Kernel == KernelCatalog.LearnLazy), _tuning.SparseBlock, arguments);
    }

    BoundPhase<TraceArguments> BindTraces(LoweredLaunch launch)
    {
        var projection = (TraceSynapses)_projections[launch.Parts[0]];
        var chunk = Work.ChunkLength(_tuning.ChunkLength, projection.MostItems);
        var grid = launch.Kernel == KernelCatalog.Consolidate ? Work.Grid((projection.Plan.SynapseCount * _plan.Batch + 31) / 32, _tuning.SparseBlock / 32, _memory.Context, _tuning)
            : RowGrid(projection, chunk, launch.Kernel == KernelCatalog.LearnTraces);
        return new BoundPhase<TraceArguments>(launch, grid, _tuning.SparseBlock, new TraceArguments { Time = Time, Projection = projection.Describe(chunk) });
    }

    // Warps share the items; where a kernel learns, threads share the elements too.
    int RowGrid(RowSynapses projection, int chunk, bool learns)
    {
        var elements = Math.Max(projection.Plan.Source.Elements, projection.Plan.Target.Elements);
        return Work.Grid(Math.Max(projection.MostItems(chunk), learns ? (elements + 31) / 32 : 1), _tuning.SparseBlock / 32, _memory.Context, _tuning);
    }

    BoundPhase<WinnerArguments> BindWinners(LoweredLaunch launch)
    {
        var projection = (WinnerSynapses)_projections[launch.Parts[0]];
        var grid = launch.Kernel == KernelCatalog.LearnWinnerWeights ? Work.Grid(_plan.Batch, 1, _memory.Context, _tuning) : Work.Chunks(projection.Plan.Target.Elements, _tuning.WinnerBlock);
        return new BoundPhase<WinnerArguments>(launch, grid, _tuning.WinnerBlock, new WinnerArguments { Time = Time, Projection = projection.Describe() });
    }
}
