using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace TorchBrain.Native.Cli;

/// <summary>Help with examples at the end.</summary>
static class HelpText
{
    static readonly Dictionary<string, string[]> s_examples = new()
    {
        ["torchbrain"] = ["torchbrain mnist", "torchbrain waves --radius 8", "torchbrain grow --geometry disc", "torchbrain mnist --help"],
        ["mnist"] =
        [
            "torchbrain mnist                              the whole experiment; finds or fetches MNIST",
            "torchbrain mnist --train 6000 --test 1000     a quick look",
            "torchbrain mnist --data drawn                 without MNIST, on built-in drawn digits",
            "torchbrain mnist --data ~/mnist --json        run.json on standard output, for scripts",
        ],
        ["grow"] =
        [
            "torchbrain grow",
            "torchbrain grow --geometry torus --radius 5",
            "torchbrain grow --story damage                nodes die, the units pool around the holes",
            "torchbrain grow --story colony --side 20      sheet and layer from one cell",
            "torchbrain grow --story stack                 a second layer above the first",
            "torchbrain grow --max-seconds 60 --output run1",
            "torchbrain grow --resume run1/grow.ckpt       with the same --seed, --nodes, --side, ... as before",
        ],
        ["waves"] =
        [
            "torchbrain waves",
            "torchbrain waves --radius 4 --seconds 10      small waves",
            "torchbrain waves --geometry sphere --excitability shared",
        ],
        ["run"] =
        [
            "torchbrain run izhikevich",
            "torchbrain run brunel-d                       the four states are brunel-a to brunel-d",
            "torchbrain run microcircuit --seconds 2       at full scale; needs 1.4 GB",
            "torchbrain run microcircuit --scale 0.1 --backend cuda",
            "torchbrain run hpc_benchmark --scale 0.1      a band holds from scale 10 on",
        ],
        ["bench"] =
        [
            "torchbrain bench                              all networks on the processor",
            "torchbrain bench --only microcircuit --scale 0.2 --seconds 2",
            "torchbrain bench --backend cuda               full scale, checked against the processor, and the device's own figures",
            "torchbrain bench --backend cuda --only atomics,barrier",
            "torchbrain bench compare before after         before and after are folders of two benches",
        ],
        ["bench compare"] = ["torchbrain bench compare before after", "torchbrain bench compare before/run.json after/run.json --limit 1.05 --output compared"],
        ["bench scaling"] = ["torchbrain bench scaling", "torchbrain bench scaling --only threads,rate --scale 0.1"],
        ["bench loop"] = ["torchbrain bench loop", "torchbrain bench loop --neurons 10000 --steps 20000 --threads 1"],
        ["verify"] =
        [
            "torchbrain verify --quick                     half a minute; what CI runs",
            "torchbrain verify --only 5 6                  the Izhikevich checks",
            "torchbrain verify --backend cuda              on the device",
        ],
        ["tune"] =
        [
            "torchbrain tune microcircuit                  a minute, then the settings are in torchbrain-tuning.json",
            "torchbrain tune microcircuit --scale 0.5 --seconds 300 --file here.json",
            "torchbrain tune stdp --backend cuda --device 0",
            "torchbrain bench --only microcircuit --tuning torchbrain-tuning.json",
        ],
        ["info"] = ["torchbrain info", "torchbrain info --json"],
    };

    static readonly Dictionary<string, string[]> s_notes = new()
    {
        ["torchbrain"] = ["Results go to torchbrain-output/<command>, with run.json for scripts. Exit codes: 0 well, 1 error, 2 wrong options, 130 stopped by Ctrl-C."],
        ["mnist"] =
        [
            "Writes receptive-fields.png, formation.png, waves.png, waves-film.png (animated), raster.png,",
            "confusion.png, accuracy.png, digits.png and run.json. Ctrl-C stops and keeps what was done.",
        ],
        ["grow"] =
        [
            "A unit is formed when less than a tenth of the nodes feed it. Ctrl-C stops and keeps what has grown.",
            "Writes receptive-fields.png, formation.png, pools.npy (weights, units x nodes), nodes.npy (positions, nodes x 3),",
            "grow.ckpt and run.json.",
            "The other stories are told on a square, cannot be resumed, and write run.json and pictures:",
            "  damage  50 s of growth, three holes, up to 120 s to learn anew; less when --max-seconds says so.",
            "          receptive-fields-before.png, receptive-fields-after.png, re-pooling.png",
            "  colony  one cell divides until the square is full; --radius is 4 unless given; no --nodes, no --units.",
            "          receptive-fields.png (once units have learned), colony.png",
            "  stack   --max-seconds holds for each layer, the second never takes more than 400.",
            "          receptive-fields.png, second-fields.png",
        ],
        ["waves"] = ["Writes waves.png, waves-film.png (animated), raster.png, spikes.csv and run.json. Ctrl-C stops and keeps what ran."],
        ["run"] =
        [
            "Prints rates, variation of intervals and rhythm of every population, and whether they lie in the published bands;",
            "a band that is missed makes the exit code 1. Bands hold for scale 1 and the default time, so other runs are only measured.",
            "Writes raster.png (the last half second) and run.json. Ctrl-C stops and keeps what ran.",
        ],
        ["bench"] =
        [
            "Networks: those of torchbrain run, and sheet (waves on a torus of 1,500 nodes).",
            "Of the device, with --backend cuda: atomics, launch, graph, barrier, rows, copy.",
            "A network on CUDA must give the spikes of the processor in its first steps; where it does not, the exit code is 1.",
            "Writes bench.md, bench.png and run.json. Ctrl-C stops and keeps what was measured.",
        ],
        ["bench compare"] =
        [
            "A network is SLOWER where the median of B is more than --limit times that of A and the spreads of the repeats do not overlap.",
            "The exit code is 1 where a network is slower, or where the same work gave other spikes. Writes compare.md and run.json where --output is given.",
        ],
        ["bench scaling"] = ["Writes scaling.md, run.json and a chart for each of neurons, synapses, rate and threads. Ctrl-C stops and keeps what was measured."],
        ["bench loop"] =
        [
            "In every step of 1 ms the current of all neurons is set and all spikes are read: latency of that, and memory allocated (must be none, else the exit code is 1).",
            "Writes loop.md and run.json.",
        ],
        ["verify"] =
        [
            "Numbers are those of the acceptance checks: 1 propagators, 2 potential of one spike, 3 constant current, 4 delays, 5 Izhikevich patterns,",
            "6 rate against current, 8 random numbers, 9 connectivity, 13 pair STDP, 15 Torch Brain. What the engine or the data lack is told as not run.",
            "The bands of statistics are for the default seed: with another, one in some hundreds of numbers falls outside by chance, more often those of 15 (3 seeds).",
            "Exit code 1 where a check fails. Writes verify.md and run.json. Ctrl-C stops and keeps what was measured.",
        ],
        ["tune"] =
        [
            "A setting is timed only if it gives the spikes of the defaults, and kept only if it is faster by 3 %, in turn with its rival.",
            "At the end the best is compared with the defaults once more; where it is not faster, the defaults are kept.",
            "Two networks are held in memory at once. --threads other than 0 is not tuned. Ctrl-C stops and keeps nothing.",
            "Writes the tuning file, and run.json with every trial.",
        ],
        ["info"] = ["Writes run.json where --output is given."],
    };

    /// <summary>A command as typed after torchbrain, such as <c>bench compare</c>.</summary>
    public static string Words(Command command) => command.Parents.OfType<Command>().FirstOrDefault() is { } parent and not RootCommand ? $"{Words(parent)} {command.Name}" : command.Name;

    public static void Apply(RootCommand root)
    {
        if (root.Options.OfType<HelpOption>().SingleOrDefault() is { Action: HelpAction help } option)
            option.Action = new WithExamples(help);
    }

    sealed class WithExamples(HelpAction help) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var code = help.Invoke(parseResult);
            var command = parseResult.CommandResult.Command;
            var name = command is RootCommand ? "torchbrain" : Words(command);
            var output = parseResult.InvocationConfiguration.Output;
            Write(output, "Notes:", s_notes[name]);
            output.WriteLine();
            Write(output, "Examples:", s_examples[name]);
            return code;
        }

        static void Write(TextWriter output, string title, string[] lines)
        {
            output.WriteLine(title);
            foreach (var line in lines)
                output.WriteLine($"  {line}");
        }
    }
}
