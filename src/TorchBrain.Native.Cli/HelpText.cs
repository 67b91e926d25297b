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
            "torchbrain grow --max-seconds 60 --output run1",
            "torchbrain grow --resume run1/grow.ckpt       with the same --seed, --nodes, --side, ... as before",
        ],
        ["waves"] =
        [
            "torchbrain waves",
            "torchbrain waves --radius 4 --seconds 10      small waves",
            "torchbrain waves --geometry sphere --excitability shared",
        ],
        ["info"] = ["torchbrain info", "torchbrain info --json"],
    };

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
            if (!s_examples.TryGetValue(command is RootCommand ? "torchbrain" : command.Name, out var lines))
                return code;
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var line in lines)
                output.WriteLine($"  {line}");
            return code;
        }
    }
}
