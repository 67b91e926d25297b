using NUnit.Framework;

namespace TorchBrain.Native.Tests;

/// <summary>The self-test of the emulator, a C++ program: one test per line that it has to print.</summary>
[Category("Emulator")]
public class EmulatorSelfTests
{
    static readonly string[] s_planted =
    [
        "out_of_bounds_far", "null_pointer", "grid_barrier_without_residency", "bad_shuffle_source", "primitive_in_divergent_code", "two_different_barriers",
        "return_before_barrier", "missing_barrier_before_read", "missing_barrier_before_write", "missing_syncwarp", "accumulation_without_atomics",
        "atomic_and_plain_read", "hand_over_between_blocks", "uninitialised_shared", "dynamic_shared_overflow", "out_of_bounds_slack",
        "simulation_without_grid_barrier", "correct_simulation", "correct_reduction", "correct_warp_exchange", "correct_dynamic_shared",
    ];

    static readonly string[] s_others =
    [
        "device has a name, memory and attributes",
        "devices can be added",
        "errors have names and texts",
        "contexts are current per thread and stack",
        "copies and fills go where they should",
        "wrong ranges are invalid values",
        "fresh memory is poisoned",
        "memory runs out",
        "page-locked memory has a device address",
        "an illegal address is a sticky error",
        "a reset of the context clears it",
        "use after free faults",
        "assertions and traps end the launch",
        "a stack overflow of a kernel is its error only",
        "NVRTC tells its version and architectures",
        "options are taken or refused",
        "a virtual architecture gives PTX only",
        "headers are found by exact name",
        "errors carry file and line",
        "lines stay right behind shared declarations",
        "an undefined function is an error",
        "what was compiled comes from the cache",
        "images that are none are refused",
        "functions and globals are found by name",
        "two modules of one image have their own globals",
        "parameters have offsets and sizes",
        "launches of a wrong shape are refused",
        "shuffles",
        "votes and matches",
        "reductions of a warp",
        "barriers that count",
        "lanes that have returned are not waited for",
        "bit functions",
        "arithmetic is IEEE and unfused",
        "conversions saturate",
        "atomics return what was there",
        "vectors have CUDA's alignment",
        "indices in three dimensions",
        "cooperative blocks meet at grid barriers",
        "a hand-made grid barrier works in a cooperative launch",
        "templates with shared memory",
        "schedules repeat with their seed and differ between seeds",
        "streams and events in order",
        "events without times or records",
        "lazy, nothing runs before it is asked for",
        "lazy, pageable memory is read at once, page-locked memory late",
        "lazy, events order streams",
        "lazy, without an event the order depends on the seed",
        "lazy, the default stream waits for blocking streams",
        "lazy, polling comes to an end",
        "lazy, errors come with the synchronisation",
        "a captured stream replays",
        "capture forks and joins through events",
        "lazy, graphs wait like other work",
        "synchronising spoils a capture",
        "allocation spoils a capture that is not relaxed",
        "a capture that was given up disturbs nobody",
        "unjoined work and foreign streams are errors",
        "a blocking capture forbids the default stream",
        "planted findings name their line",
        "findings need not be fatal",
        "threads compile, launch and copy at once",
        "threads with lazy streams and graphs",
        "a thread without a context gets none from others",
    ];

    readonly Dictionary<string, string> _results = [];
    string _output = "";

    static IEnumerable<string> Names => s_others.Concat(from bug in s_planted from mode in (string[])["fifo", "random", "checked"] select $"planted {bug} {mode}");

    [OneTimeSetUp]
    public void Run()
    {
        var why = "";
        if (NativeBuild.Find(out why) is not { } build || EmulatorLibrary.TryBuild(out why) is not { } library)
        {
            Assert.Ignore($"No CUDA emulator: {why}");
            return;
        }
        var folder = build.Build("selftest", "selftest", ["-O0"], [], null, out why);
        Assert.That(folder, Is.Not.Null, why);
        // A cache of its own: the test counts compilations.
        var cache = Directory.CreateTempSubdirectory("tbn-emulator-selftest-");
        try
        {
            var run = NativeBuild.Run("env", [$"TBN_EMULATOR_CACHE={cache.FullName}", Path.Combine(folder!, "selftest"), library.Folder], folder!);
            _output = run?.Text ?? "the self-test could not be started";
        }
        finally
        {
            cache.Delete(recursive: true);
        }
        foreach (var line in _output.Split('\n'))
            if (line.StartsWith("ok ", StringComparison.Ordinal))
                _results[line[3..]] = "";
            else if (line.StartsWith("FAIL ", StringComparison.Ordinal) && line.IndexOf(": ", StringComparison.Ordinal) is > 0 and var colon)
                _results[line[5..colon]] = line[(colon + 2)..];
    }

    [TestCaseSource(nameof(Names))]
    public void Emulator_Holds(string name)
    {
        Assert.That(_results, Does.ContainKey(name), $"the self-test did not get that far; it printed:\n{_output}");
        Assert.That(_results[name], Is.Empty);
    }

    [Test]
    public void Emulator_PrintsNoOtherCheck() => Assert.That(_results.Keys, Is.EquivalentTo(Names));
}
