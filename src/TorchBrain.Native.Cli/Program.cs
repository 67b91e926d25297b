using System.Runtime.InteropServices;
using TorchBrain.Native.Cli;

// The first Ctrl-C (or SIGTERM) ends the run and keeps what was done; the second one kills.
using var stop = new CancellationTokenSource();
var presses = 0;
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = Interlocked.Increment(ref presses) == 1;
    if (press.Cancel)
        stop.Cancel();
    else if (!Console.IsOutputRedirected)
        Console.Write("\e[?25h"); // the cursor, which a progress display hides
};
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = Interlocked.Increment(ref presses) == 1;
    stop.Cancel();
});
return TorchBrainCommand.Run(args, CommandEnvironment.Real(stop.Token));
