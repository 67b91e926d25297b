using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchBrain.Native.Planning;

namespace TorchBrain.Native.Cuda;

/// <summary>
/// The tables that the phases of a step look things up in, in one piece: each block of a kernel that runs many steps copies it into its shared memory (kernels/include/tbn/tables.cuh).
/// Where a table is pointed to, from arguments or from another table, stands its distance from the beginning.
/// </summary>
sealed class StepTables
{
    /// <summary>Most bytes of shared memory that they may take; beyond it they stay where they are.</summary>
    public const int MostBytes = 24 << 10;

    const int Alignment = 16;

    // The largest row that a phase has one of for each of its parts.
    static readonly int s_rowBytes = Unsafe.SizeOf<ProceduralAbi>();

    readonly DeviceMemory _memory;
    readonly List<byte> _content = [];
    readonly Dictionary<nint, int> _places = [];

    /// <summary>Gathers the tables.</summary>
    /// <param name="bound">The phases.</param>
    /// <param name="memory">What knows the tables.</param>
    public StepTables(IReadOnlyList<BoundPhase> bound, DeviceMemory memory)
    {
        _memory = memory;
        var arguments = new List<byte>();
        foreach (var phase in bound)
        {
            var copy = phase.Arguments.ToArray();
            var addresses = MemoryMarshal.Cast<byte, nint>(copy.AsSpan(Unsafe.SizeOf<StepTime>()))[..phase.Tables];
            for (var k = 0; k < addresses.Length; k++)
                addresses[k] = Place(addresses[k]) ?? throw new InvalidOperationException($"A table of {phase.Lowered.Kernel.Entry} is not known.");
            arguments.AddRange(copy);
        }
        Arguments = [.. arguments];
    }

    /// <summary>The arguments of all phases, with distances in place of the addresses of tables.</summary>
    public IReadOnlyList<byte> Arguments { get; }

    /// <summary>Bytes of all tables.</summary>
    public int Bytes => _content.Count;

    /// <summary>Copies them to the device.</summary>
    public TablesAbi Upload() => new()
    {
        Words = _memory.Upload<byte>([.. _content], "tables").DevicePointer,
        WordCount = (ulong)_content.Count / sizeof(ulong),
    };

    // Where a table lies, after those that it points to.
    int? Place(nint address)
    {
        if (_memory.TableAt(address) is not { } table)
            return null;
        if (_places.TryGetValue(address, out var place))
            return place;
        var content = table.Content.ToArray();
        for (var row = 0; row < content.Length; row += table.RowBytes)
            foreach (var at in table.Addresses)
                if (Place(MemoryMarshal.Read<nint>(content.AsSpan(row + at))) is { } target)
                    MemoryMarshal.Write(content.AsSpan(row + at), (nint)target);
        place = _content.Count;
        _places.Add(address, place);
        _content.AddRange(content);
        _content.AddRange(new byte[Aligned(content.Length) - content.Length]);
        return place;
    }

    /// <summary>At most so many bytes do the tables of a plan's phases take; known before there is a device.</summary>
    public static int BytesAtMost(NetworkPlan plan, IReadOnlyList<LoweredLaunch> phases, CudaTuning tuning)
    {
        var populations = plan.Populations.Sum(p => Aligned(p.Inputs.Count * (long)Unsafe.SizeOf<InputAbi>())
            + p.Inputs.OfType<PoissonPlan>().Sum(i => Aligned(PoissonBytes(i))));
        var owners = phases.Sum(l => l.Kernel == KernelCatalog.UpdateNeurons ? Owners(l.Parts.Select(p => plan.Populations[p].Elements), tuning.UpdateBlock)
            : l.Kernel == KernelCatalog.CompactSpikes ? 2 * Owners(l.Parts.Select(p => (plan.Populations[p].Elements + 31) / 32), tuning.CompactBlock)
            : l.Kernel == KernelCatalog.SampleState ? Owners(l.Parts.Select(r => plan.Recordings[r].Population.Elements), tuning.UpdateBlock) : 0);
        var rows = phases.Where(l => l.Kernel != KernelCatalog.UpdateNeurons && l.Kernel != KernelCatalog.CompactSpikes)
            .Sum(l => Aligned(l.Parts.Count * (long)(l.Kernel == KernelCatalog.SelectWinners ? Unsafe.SizeOf<PopulationAbi>() : s_rowBytes)));
        return (int)Math.Min(Aligned(plan.Populations.Count * (long)Unsafe.SizeOf<PopulationAbi>()) + populations + owners + rows, int.MaxValue);
    }

    static long Owners(IEnumerable<int> items, int perBlock) => Aligned(items.Sum(n => (long)Work.Chunks(n, perBlock)) * sizeof(uint));

    static int PoissonBytes(PoissonPlan poisson) => (2 * poisson.Table.MostCount + 1) * sizeof(uint);

    static long Aligned(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;
}
