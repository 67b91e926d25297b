using System.CommandLine;

namespace TorchBrain.Native.Cli;

/// <summary>The command line: parses, runs one command, and turns every outcome into an exit code.</summary>
static class TorchBrainCommand
{
    public const int Success = 0, UserError = 1, WrongOptions = 2, Bug = 70, Stopped = 130;

    /// <summary>Runs a command line in the given surroundings.</summary>
    public static int Run(IReadOnlyList<string> args, CommandEnvironment environment)
    {
        try
        {
            var root = Root(environment);
            var parsed = root.Parse(args.Count == 0 ? ["--help"] : args);
            if (parsed.Errors.Count > 0 && parsed.Action is not { ClearsParseErrors: true })
                return Refuse(parsed, environment.Error);
            return parsed.Invoke(new InvocationConfiguration
            {
                Output = environment.Out,
                Error = environment.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (TorchBrainException e) when (e.Code == ErrorCode.OptionInvalid)
        {
            environment.Error.WriteLine(e.Message);
            return WrongOptions;
        }
        catch (TorchBrainException e)
        {
            environment.Error.WriteLine(e.Message);
            return UserError;
        }
        catch (OperationCanceledException) when (environment.Cancellation.IsCancellationRequested)
        {
            environment.Error.WriteLine("Stopped before anything was done.");
            return Stopped;
        }
        catch (OutOfMemoryException)
        {
            environment.Error.WriteLine($"{ErrorCode.TooLarge} The memory of this machine is not enough for this run.\n        Use fewer --nodes, --units, --hidden or --seconds.");
            return UserError;
        }
        catch (Exception e)
        {
            environment.Error.WriteLine($"This is a bug in torchbrain {RunReport.ToolVersion}. Please report the command line and the following:\n{e}");
            return Bug;
        }
    }

    static RootCommand Root(CommandEnvironment environment)
    {
        var root = new RootCommand("TorchBrain.Native: spiking networks that grow themselves. Noise makes waves on a sheet of neurons, the waves teach a second "
            + "layer its receptive fields, and the layers read digits as spikes. The same seed gives the same spikes, bit for bit, with any number of threads.")
        {
            new MnistCommand(environment).Build(),
            new GrowCommand(environment).Build(),
            new WavesCommand(environment).Build(),
            new RunCommand(environment).Build(),
            new VerifyCommand(environment, environment.Checks).Build(),
            new BenchCommand(environment).Build(),
            new TuneCommand(environment).Build(),
            new InfoCommand(environment).Build(),
        };
        HelpText.Apply(root);
        return root;
    }

    static int Refuse(ParseResult parsed, TextWriter error)
    {
        var command = parsed.CommandResult.Command;
        var where = command is RootCommand ? "torchbrain --help" : $"torchbrain {HelpText.Words(command)} --help";
        IEnumerable<string> messages = command is RootCommand && parsed.UnmatchedTokens.Count > 0
            ? [$"'{parsed.UnmatchedTokens[0]}' is no command of torchbrain; there are {string.Join(", ", command.Subcommands.Select(c => c.Name))}."]
            : parsed.Errors.Select(e => e.Message).Distinct();
        foreach (var message in messages)
            error.WriteLine($"{ErrorCode.OptionInvalid} {message}");
        error.WriteLine($"        See: {where}");
        return WrongOptions;
    }
}
