using System.Globalization;
using System.Text;
using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Cli;

/// <summary>The tables of a bench, for the console and for bench.md.</summary>
static class BenchPage
{
    const string Warning = "The device is emulated: its times say nothing about any GPU.";

    static readonly string[] s_networkColumns = ["network", "neurons", "synapses", "build s", "us/step", "spread", "RTF", "events/s", "/floor", "B/syn", "as CPU"];
    static readonly string[] s_figureColumns = ["device", "figure", "unit", "spread"];

    public static void Show(ConsoleUi ui, BenchPart bench)
    {
        if (bench.Networks.Count > 0)
            Show(ui, "Networks", s_networkColumns, bench.Networks.Select(Row));
        if (bench.Figures.Count > 0)
            Show(ui, bench.Device ?? "Device", s_figureColumns, bench.Figures.Select(Row));
        foreach (var network in bench.Networks)
            ui.Say($"{network.Name}: {Rates(network)}");
        if (bench.Emulated)
            ui.Say(Warning);
    }

    public static void Show(ConsoleUi ui, string title, string[] columns, IEnumerable<string[]> rows)
    {
        var table = Tables.New(title, columns);
        foreach (var row in rows)
            table.Row(row);
        ui.Show(table);
    }

    /// <summary>The text of bench.md.</summary>
    public static string Markdown(RunReport report, CudaPart? cuda)
    {
        var (bench, options, text) = (report.Bench!, report.Options!, new StringBuilder());
        text.Append($"# torchbrain bench\n\n");
        text.Append(CultureInfo.InvariantCulture, $"torchbrain {report.Versions.Torchbrain}, {report.Versions.Dotnet}, {report.Machine.Os}. ");
        text.Append(CultureInfo.InvariantCulture, $"{bench.Processor}, {report.Machine.Cores} cores, {report.Machine.VectorBits}-bit vectors, {report.Machine.MemoryBytes / (double)(1L << 30):0} GiB.\n");
        if (cuda is not null && bench.Device is not null)
            text.Append(CultureInfo.InvariantCulture, $"{bench.Device}, driver for CUDA {cuda.DriverVersion ?? "(no answer)"}, NVRTC {cuda.NvrtcVersion ?? "(no answer)"}.\n");
        if (bench.Emulated)
            text.Append($"\n**{Warning}**\n");
        text.Append(CultureInfo.InvariantCulture, $"\nBackend {options.Backend}, scale {options.Scale}, {options.Seconds} s simulated per repeat, {options.Repeats} repeats after warm-up and one tenth of a repeat, seed {report.Seed}. ");
        text.Append("Times are the median of the repeats, the spread is from the least to the largest. The spikes of all neurons are recorded and read within the times.\n");
        if (bench.Networks.Count > 0)
        {
            Table(text, s_networkColumns, bench.Networks.Select(Row));
            text.Append(CultureInfo.InvariantCulture, $"\n`build s` is planning and compiling. `RTF`, the real-time factor, is the time that passes per simulated time: below 1 is faster than life. An event is a synapse that a spike reaches. `/floor`: the median over what a step cannot be shorter than (below). `B/syn`: memory that compiling added, over the synapses. `as CPU`: whether the first steps gave the spikes of the processor.\n\n");
            foreach (var network in bench.Networks)
                text.Append(CultureInfo.InvariantCulture, $"* {network.Name}: {Rates(network)}; {Three(network.SpikesPerStep)} spikes a step; spike hash {network.SpikeHash}; {Floor(network)}{network.How}\n");
            if (bench.Ceilings is { } machine)
                text.Append(CultureInfo.InvariantCulture, $"\nFloors are counted in what one thread of this machine was measured to do at most, with short loops that do nothing else: {Three(machine.VectorOpsPerNs)} vector operations and {Three(machine.UpdatesPerNs)} scattered updates of sums a nanosecond, {Three(machine.CacheGBps)} GB/s in the second-level cache, {Three(machine.MemoryGBps)} GB/s from memory{(machine.MeetingUs > 0 ? $", {Three(machine.MeetingUs)} us for two threads to meet" : "")}. A floor is the larger of arithmetic and bytes, and the meetings.\n");
            if (bench.DeviceCeilings is { } device)
                text.Append(CultureInfo.InvariantCulture, $"\nFloors are counted in figures of the device (below): {Three(device.AdditionsPerNs)} scattered additions to 32-bit sums a nanosecond, {Three(device.WideAdditionsPerNs)} to 64-bit sums, {Three(device.MemoryGBps)} GB/s of rows from memory, {Three(device.NodeUs)} us a node of a graph{(device.BarrierUs is { } barrier ? $", {Three(barrier)} us a barrier of the grid" : "")}. A floor is the larger of additions and bytes, and the meetings; state and sums are taken to lie in the device's cache.\n");
            if (bench.Networks[^1].PeakBytes is { } peak)
                text.Append(CultureInfo.InvariantCulture, $"\nThe process had at most {peak / (double)(1L << 20):#,0} MiB in memory.\n");
        }
        if (bench.Figures.Count > 0)
            Table(text, s_figureColumns, bench.Figures.Select(Row));
        return text.ToString();
    }

    public static void Table(StringBuilder text, string[] columns, IEnumerable<string[]> rows)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n| {string.Join(" | ", columns)} |\n|{string.Concat(columns.Select((_, i) => i == 0 ? "---|" : "--:|"))}\n");
        foreach (var row in rows)
            text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row)} |\n");
    }

    static string[] Row(NetworkPart n) =>
    [
        n.Name, Tables.Count(n.Neurons), Tables.Count(n.Synapses), Tables.Number(n.PlanSeconds + n.CompileSeconds), Three(n.StepUs), $"{Three(n.StepUsLow)}-{Three(n.StepUsHigh)}",
        Three(n.RealTimeFactor), n.EventsPerSecond.ToString("0.00e0", CultureInfo.InvariantCulture),
        n.OverFloor is { } over ? Three(over) : "", n.BytesPerSynapse is { } bytes ? Tables.Number(bytes) : "",
        n.HashEqual is { } equal ? equal ? "yes" : "NO" : "",
    ];

    static string Floor(NetworkPart n) => n.Floor is not { } floor ? "" : string.Create(CultureInfo.InvariantCulture,
        $"floor {Three(floor.Us)} us, bound by {floor.Binds} ({floor.Work} {Three(floor.ComputeUs)} us, bytes {Three(floor.BytesUs)}, meetings {Three(floor.MeetingUs)}); ");

    static string[] Row(CudaMeasurement m) => [m.Name, Three(m.Value), m.Unit, $"{Three(m.Low)}-{Three(m.High)}"];

    static string Rates(NetworkPart n) => string.Join(", ", n.RatesHz.Select(r => $"{r.Key} {Tables.Number(r.Value, "0.00")} Hz"));

    /// <summary>Three digits that count.</summary>
    public static string Three(double value) => Math.Abs(value) switch
    {
        0 => "0",
        >= 100 => Tables.Number(value, "#,0"),
        >= 10 => Tables.Number(value, "0.0"),
        >= 1 => Tables.Number(value, "0.00"),
        _ => value.ToString("G3", CultureInfo.InvariantCulture),
    };
}
