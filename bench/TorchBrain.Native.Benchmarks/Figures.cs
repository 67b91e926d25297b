using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using TorchBrain.Native.Cpu;
using TorchBrain.Native.Mnist;

namespace TorchBrain.Native.Benchmarks;

/// <summary>
/// The figures of Torch Brain, each as the median of several runs in one process: growth of the pooling layer, and an image's worth of steps on an active sheet with learning on.
/// Writes a Markdown page.
/// </summary>
static class Figures
{
    const int Repeats = 7;

    public static int Run(string? folder)
    {
        var page = new StringBuilder();
        page.AppendLine(CultureInfo.InvariantCulture, $"# Figures\n\n{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores, {CpuBackend.NativeVectorBits}-bit vectors, {RuntimeInformation.FrameworkDescription}.");
        page.AppendLine("One thread. Median (least to largest) of seven runs after one warm-up; the machine is shared.\n");
        page.AppendLine("| what | figure | spread | reach |\n|---|---|---|---|");
        Row(page, "grow the 400-unit pooling layer over 1,500 nodes (seed 1: 104 s of sheet time), plan and compile included", "s", Growth, "at most 2 s");
        Row(page, "the same, per simulated ms", "us", () => Growth() / 104_000 * 1e6, "");
        Row(page, "image of 250 steps, active sheet of 1,500 nodes (r_i 2, r_o 6), learning on", "ms", () => Image(2, 6), "at most 2.5 ms");
        Row(page, "image of 250 steps, upstream's busier sheet (r_i 3, r_o 5), learning on", "ms", () => Image(3, 5), "at most 2.5 ms");
        Row(page, "torus sheet of 1,500 nodes alone, per step", "us", Torus, "");
        page.AppendLine("\nFloor of a growth step (1,500 nodes, 20 spikes, 0.3 wins): 375 Philox blocks and 1,500 normal draws (about 7 operations per number and lane), 60 kB of 16-bit rows, 32 kB of plastic rows, "
            + "and 96 kB read twice and written once per win; no synchronisation. At 256 bits and about 3 GHz that is 2 to 3 us; the noise and the neurons are the larger part.");
        Console.Write(page);
        if (folder is not null)
        {
            Directory.CreateDirectory(folder);
            AtomicFile.Write(Path.Combine(folder, "figures.md"), page.ToString());
        }
        return 0;
    }

    static void Row(StringBuilder page, string what, string unit, Func<double> measure, string reach)
    {
        measure();
        var runs = Enumerable.Range(0, Repeats).Select(_ => measure()).Order().ToArray();
        page.AppendLine(CultureInfo.InvariantCulture, $"| {what} | {runs[Repeats / 2]:0.###} {unit} | {runs[0]:0.###} to {runs[^1]:0.###} | {reach} |");
    }

    static double Growth()
    {
        var watch = Stopwatch.StartNew();
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var growth = new PoolingGrowth(new SheetOptions(), new PoolingOptions(), backend);
        growth.Run();
        return watch.Elapsed.TotalSeconds;
    }

    static double Image(double excite, double inhibit)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var growth = new PoolingGrowth(new SheetOptions { ExciteRadius = excite, InhibitRadius = inhibit, Excitability = excite == 3 ? Excitability.Shared : Excitability.Centre }, new PoolingOptions(), backend);
        growth.Simulation.Run(5000);
        const int Images = 40;
        var watch = Stopwatch.StartNew();
        growth.Simulation.Run(250 * Images);
        return watch.Elapsed.TotalMilliseconds / Images;
    }

    static double Torus()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var simulation = Simulation.Create(new SheetOptions { Geometry = new Torus(28, 28) }.Network() with { Recordings = [] }, backend);
        simulation.Run(5000);
        const int Steps = 20_000;
        var watch = Stopwatch.StartNew();
        simulation.Run(Steps);
        return watch.Elapsed.TotalMicroseconds / Steps;
    }
}
