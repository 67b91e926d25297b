using System.Diagnostics;
using static TorchBrain.Native.Cuda.BenchKernels;

namespace TorchBrain.Native.Cuda;

/// <summary>
/// Measures the few properties of a device that decide how a spiking network should run on it: scattered atomics, launches, graphs, barriers, rows, copies. Every figure is the
/// median of several repeats after two that do not count; times on the device are taken by events. Results of the kernels are checked.
/// </summary>
public sealed class CudaMicroBenchmarks : IDisposable
{
    const int WarmUps = 2, Nodes = 1000;

    readonly CudaContext _context;
    readonly KernelCompiler _compiler;
    readonly CudaStream _stream;
    readonly CudaEvent _start, _end;
    readonly int _repeats;
    readonly double _size;

    /// <summary>Prepares.</summary>
    /// <param name="backend">An open device; it must outlive this object.</param>
    /// <param name="repeats">Repeats of each measurement, 1 to 1,000.</param>
    /// <param name="size">Part of the work of a full measurement, above 0 to 1. Less than 1 is for trying out; the figures mean little then.</param>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.BackendOption"/>: an argument is out of range.</exception>
    public CudaMicroBenchmarks(CudaBackend backend, int repeats = 9, double size = 1)
    {
        ArgumentNullException.ThrowIfNull(backend);
        if (repeats is < 1 or > 1000 || !(size > 0 && size <= 1))
            throw new TorchBrainException(ErrorCode.BackendOption, $"CudaMicroBenchmarks of {repeats} repeats and size {size}; allowed are 1 to 1,000 repeats and a size above 0, at most 1.", "Use 9 and 1.");
        (_context, _compiler, _repeats, _size) = (backend.Context, backend.Compiler, repeats, size);
        _stream = new CudaStream(_context);
        _start = new CudaEvent(_context, timing: true);
        _end = new CudaEvent(_context, timing: true);
    }

    /// <summary>What can be measured.</summary>
    public static IReadOnlyList<string> Names { get; } = ["atomics", "launch", "graph", "barrier", "rows", "copy"];

    /// <summary>The figures that a name stands for; none where the device cannot do it.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.UnknownName"/>; the errors of CUDA.</exception>
    public IReadOnlyList<CudaMeasurement> Measure(string name) => name switch
    {
        "atomics" => [Atomics(wide: false), Atomics(wide: true)],
        "launch" => [Launch(), RoundTrip()],
        "graph" => [GraphNode()],
        "barrier" => _context.SupportsCooperativeLaunch ? [Barrier(_context.Multiprocessors), Barrier(4 * _context.Multiprocessors)] : [],
        "rows" => [Rows(25), Rows(Scaled(4096))],
        "copy" => [Copy(10_000), Copy(1 << 28)],
        _ => throw new TorchBrainException(ErrorCode.UnknownName, $"There is no measurement '{name}'; there are: {string.Join(", ", Names)}.", "Use one of these names."),
    };

    int Blocks => _context.Multiprocessors * SteppingRule.GraphBlocksPerMultiprocessor;

    int Scaled(int full) => Math.Max(1, (int)(full * _size));

    /// <summary>Integer additions to random places of 20 MB, the ring of sums of a network of 77,000 neurons and 64 slots.</summary>
    /// <param name="wide">64-bit sums instead of 32-bit ones.</param>
    public CudaMeasurement Atomics(bool wide)
    {
        const int Bytes = 20_000_000;
        using var module = Load(ScatterAtomics, BenchKernels.Atomics(wide), out var kernel);
        using var sums = new CudaDeviceVariable<uint>(_context, Bytes / 4, "atomics");
        sums.Clear(_stream);
        var (each, salt) = (Scaled(256), 0u);
        var total = (double)Blocks * Block * each;
        var measured = OnDevice($"{(wide ? 64 : 32)}-bit atomics scattered over 20 MB", "1e9/s", ms => total / ms * 1e-6, () => kernel.Launch(_stream, Blocks, Block, 0,
            new AtomicsArguments { Sums = sums.DevicePointer, Length = (ulong)(wide ? Bytes / 8 : Bytes / 4), Each = (uint)each, Salt = salt++ }));
        var found = new uint[Bytes / 4];
        sums.CopyToHost(found, 0, _stream);
        Require(found.Sum(x => (long)x) == (long)total * (_repeats + WarmUps), ScatterAtomics); // the sums are far below 2^32
        return measured;
    }

    /// <summary>What a launch of an empty kernel costs the host.</summary>
    public CudaMeasurement Launch()
    {
        var count = Scaled(500);
        using var module = Load(Empty, UnitOf(Empty), out var kernel);
        return OnHost("launch of an empty kernel, cost on the host", "us", seconds => seconds / count * 1e6, () =>
        {
            for (var k = 0; k < count; k++)
                kernel.Launch(_stream, 1, Block, 0, default(EmptyArguments));
        });
    }

    /// <summary>Launching an empty kernel and waiting for it.</summary>
    public CudaMeasurement RoundTrip()
    {
        var count = Scaled(100);
        using var module = Load(Empty, UnitOf(Empty), out var kernel);
        return OnHost("launch and wait", "us", seconds => seconds / count * 1e6, () =>
        {
            for (var k = 0; k < count; k++)
            {
                kernel.Launch(_stream, 1, Block, 0, default(EmptyArguments));
                _stream.Synchronize();
            }
        });
    }

    /// <summary>A node of a graph of 1,000 empty kernels, one after the other.</summary>
    public CudaMeasurement GraphNode()
    {
        using var module = Load(Empty, UnitOf(Empty), out var kernel);
        _stream.BeginCapture();
        for (var k = 0; k < Nodes; k++)
            kernel.Launch(_stream, 1, Block, 0, default(EmptyArguments));
        using var graph = _stream.EndCapture();
        using var ready = graph.Instantiate();
        return OnDevice("a node of a graph of 1,000 empty kernels", "us", ms => ms / Nodes * 1e3, () => ready.Launch(_stream));
    }

    /// <summary>A barrier of a whole grid.</summary>
    /// <param name="blocks">Blocks, at most; fewer where the device cannot run so many at once.</param>
    public CudaMeasurement Barrier(int blocks)
    {
        using var module = Load(GridBarriers, UnitOf(GridBarriers), out var kernel);
        blocks = Math.Min(blocks, _context.Multiprocessors * kernel.MaxActiveBlocksPerMultiprocessor(Block, 0));
        using var barrier = new CudaDeviceVariable<uint>(_context, 3, "barrier");
        using var slots = new CudaDeviceVariable<uint>(_context, 2L * blocks, "slots");
        barrier.Clear(_stream);
        slots.Clear(_stream);
        var rounds = Scaled(2000);
        var arguments = new BarriersArguments { Barrier = barrier.DevicePointer, Slots = slots.DevicePointer, Faults = barrier.DevicePointer + 2 * sizeof(uint), Rounds = (uint)rounds };
        kernel.LaunchCooperative(_stream, blocks, Block, 0, arguments);
        var faults = new uint[1];
        barrier.CopyToHost(faults, 2, _stream);
        Require(faults[0] == 0, GridBarriers);
        arguments.Slots = 0;
        return OnDevice($"barrier of a grid of {blocks} blocks", "us", ms => ms / rounds * 1e3, () => kernel.LaunchCooperative(_stream, blocks, Block, 0, arguments));
    }

    /// <summary>Reading rows of 16 KB from all over 1 GiB, in the chunks of spike delivery.</summary>
    /// <param name="count">Rows at a time: 25 are the spikes of a step of the cortical microcircuit.</param>
    public CudaMeasurement Rows(int count)
    {
        const int RowLength = 4096;
        var rows = (int)Math.Clamp(_context.Memory().Free / 4 / (4 * RowLength), 1, Scaled(1 << 16));
        using var module = Load(StreamRows, UnitOf(StreamRows), out var kernel);
        using var matrix = new CudaDeviceVariable<uint>(_context, (long)rows * RowLength, "rows");
        var ones = new uint[Math.Min(rows, 256) * RowLength];
        Array.Fill(ones, 1u);
        for (var row = 0; row < rows; row += 256)
            matrix.CopyToDevice(ones.AsSpan(0, Math.Min(256, rows - row) * RowLength), (long)row * RowLength, _stream);
        using var sums = new CudaDeviceVariable<uint>(_context, (long)Blocks * Block, "sums");
        // Other rows in every repeat, so that the cache does not know them.
        var choices = new uint[count * (_repeats + WarmUps)];
        var random = new RandomSequence(1, RandomStream.Named("bench/rows"));
        for (var k = 0; k < choices.Length; k++)
            choices[k] = (uint)random.NextBelow(rows);
        using var chosen = new CudaDeviceVariable<uint>(_context, choices.Length, "chosen");
        chosen.CopyToDevice(choices, 0, _stream);
        sums.Clear(_stream);
        var (turn, chunk) = (0, new CudaTuning().ChunkLength);
        var measured = OnDevice($"{count:N0} rows of 16 KB, read in chunks of {chunk}", "GB/s", ms => 4.0 * count * RowLength / ms * 1e-6, () => kernel.Launch(_stream, Blocks, Block, 0,
            new RowsArguments
            {
                Rows = matrix.DevicePointer,
                Chosen = chosen.DevicePointer + turn++ * count * sizeof(uint),
                Sums = sums.DevicePointer,
                RowLength = RowLength,
                Count = (uint)count,
                Chunks = (uint)Work.Chunks(RowLength, chunk),
                ChunkLength = (uint)chunk,
            }));
        var found = new uint[sums.Length];
        sums.CopyToHost(found, 0, _stream);
        Require(found.Sum(x => (long)x) == (long)count * RowLength, StreamRows);
        return measured;
    }

    /// <summary>Copying from the device into pinned memory.</summary>
    /// <param name="bytes">How much; 10 KB are the spike bits of a step of the cortical microcircuit.</param>
    public CudaMeasurement Copy(int bytes)
    {
        var small = bytes < 1 << 20;
        bytes = small ? bytes : Math.Max(1 << 20, Scaled(bytes));
        using var device = new CudaDeviceVariable<byte>(_context, bytes, "copy");
        using var host = new CudaPinnedMemory<byte>(_context, bytes);
        device.Clear(_stream);
        return OnDevice($"copy of {(small ? $"{bytes * 1e-3:0} KB" : $"{bytes >> 20} MiB")} into pinned memory", small ? "us" : "GB/s", ms => small ? ms * 1e3 : bytes / ms * 1e-6,
            () => device.CopyToHostAsync(host, 0, 0, bytes, _stream));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream.Synchronize();
        _end.Dispose();
        _start.Dispose();
        _stream.Dispose();
    }

    CudaModule Load(KernelEntry entry, KernelUnit unit, out CudaKernel kernel)
    {
        var module = _compiler.Load(unit);
        kernel = module.Kernel(entry.Entry);
        kernel.RequireArgumentBytes(entry.ArgumentBytes);
        return module;
    }

    CudaMeasurement OnDevice(string name, string unit, Func<double, double> figure, Action queue) => Repeat(name, unit, () =>
    {
        _start.Record(_stream);
        queue();
        _end.Record(_stream);
        _end.Synchronize();
        return figure(Math.Max(CudaEvent.ElapsedMs(_start, _end), 1e-6));
    });

    // The stream is empty before and waited for after, but the waiting does not count.
    CudaMeasurement OnHost(string name, string unit, Func<double, double> figure, Action work) => Repeat(name, unit, () =>
    {
        var watch = Stopwatch.StartNew();
        work();
        var seconds = watch.Elapsed.TotalSeconds;
        _stream.Synchronize();
        return figure(seconds);
    });

    CudaMeasurement Repeat(string name, string unit, Func<double> once)
    {
        for (var k = 0; k < WarmUps; k++)
            once();
        var values = new double[_repeats];
        for (var k = 0; k < values.Length; k++)
            values[k] = once();
        return CudaMeasurement.Of(name, unit, values);
    }

    void Require(bool right, KernelEntry kernel)
    {
        if (!right)
            throw new TorchBrainException(ErrorCode.CudaCallFailed, $"Kernel '{kernel.Entry}' gave a wrong result on {_context.Device.Name}.", "Report this, with the device and its driver; do not trust results of this device.");
    }
}
