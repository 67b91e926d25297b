namespace TorchBrain.Native.Cli;

/// <summary>The checks in their order; a new one is one line here.</summary>
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
        new PulseNetworkCheck(),
        new RandomCheck(),
        new ConnectivityCheck(),
        new BalancedCheck(),
        new StatesCheck(),
        new MicrocircuitCheck(),
        new PairCheck(),
        new TripletCheck(),
        new RewardCheck(),
        new CompetitionCheck(),
        new HebbCheck(),
        new WaveCheck(),
        new PoolingCheck(),
        new DigitCheck(),
    ];
}
