using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Tuning;

/// <summary>Something that may be set, and the words to try.</summary>
/// <param name="Name">Its name, as in <see cref="TuningSettings"/>.</param>
/// <param name="Default">The word that stands for the default.</param>
/// <param name="Others">The words to try beside it.</param>
public sealed record Tunable(string Name, string Default, IReadOnlyList<string> Others);

/// <summary>A backend on a device, with what may be tuned there. No setting may change a result; the tuner checks that it does not.</summary>
public interface ITunable
{
    /// <summary>Name of the backend, for example <c>cpu</c>.</summary>
    string Backend { get; }

    /// <summary>The device as tuning files name it: what was tuned on one device says nothing about another.</summary>
    string Device { get; }

    /// <summary>What can matter to a plan, in the order to try.</summary>
    IReadOnlyList<Tunable> Tunables(NetworkPlan plan);

    /// <summary>Whether a setting can make a difference beside the others; if not, it is not tried.</summary>
    bool Matters(NetworkPlan plan, TuningSettings settings, string name) => true;

    /// <summary>The backend with settings; names that it does not know are passed over.</summary>
    /// <exception cref="TorchBrainException"><see cref="ErrorCode.TuningFileDamaged"/>: a word that its name does not allow.</exception>
    IBackend Open(TuningSettings settings);

    /// <summary>The kernels of a network of such a backend; empty where there are none.</summary>
    IReadOnlyList<CudaLaunch> Launches(IBackend backend, ICompiledNetwork network);
}
