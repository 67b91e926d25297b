namespace TorchBrain.Native.Cli;

/// <summary>The checks in their order; a new one is one line here. Check 14 and the network checks 7, 10, 11 and 12 are not among them yet.</summary>
static class VerifyRegistry
{
    public static IReadOnlyList<VerifyCheck> All { get; } =
    [
        new PropagatorCheck(),
        new PotentialCheck(),
        new IntervalCheck(),
        new DelayCheck(),
        new PatternCheck(),
        new CurrentCheck(),
        new RandomCheck(),
        new ConnectivityCheck(),
        new PairCheck(),
        new HebbCheck(),
        new WaveCheck(),
        new PoolingCheck(),
        new DigitCheck(),
    ];
}
