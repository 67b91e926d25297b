using NUnit.Framework;
using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Tests;

public class KernelCacheTests
{
    static readonly string[] s_options = ["--gpu-architecture=sm_90", "--fmad=false"];

    TemporaryFolder _folder = null!;

    [SetUp]
    public void Begin() => _folder = new TemporaryFolder();

    [TearDown]
    public void End() => _folder.Dispose();

    static byte[] Key(KernelSources? sources = null, KernelUnit? unit = null, string[]? options = null, (int, int)? version = null, string layout = "") =>
        KernelCache.Key(sources ?? CudaTest.Sources, unit ?? CudaTest.Unit, options ?? s_options, version ?? (12, 4), layout);

    static byte[] Payload(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7 + 1))];

    string Entry => Directory.GetFiles(_folder.Path).Single();

    [Test]
    public void Entry_Returns_InALaterCache()
    {
        var cache = new KernelCache(_folder.Path);
        Assert.That(cache.Load(Key()), Is.Null);
        cache.Save(Key(), Payload(1000));
        Assert.That(new KernelCache(_folder.Path).Load(Key()), Is.EqualTo(Payload(1000)));
        Assert.That(cache.Problem, Is.Null);
        Assert.That(Path.GetFileName(Entry), Does.EndWith(".kernel"), "no temporary file stays");
    }

    [Test]
    public void EveryDamagedByte_IsAMiss_AndIsWrittenAnew()
    {
        var cache = new KernelCache(_folder.Path);
        cache.Save(Key(), Payload(50));
        var whole = File.ReadAllBytes(Entry);
        for (var i = 0; i < whole.Length; i++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[i] ^= 0x10;
            File.WriteAllBytes(Entry, damaged);
            Assert.That(cache.Load(Key()), Is.Null, $"byte {i}");
        }
        cache.Save(Key(), Payload(50));
        Assert.That(cache.Load(Key()), Is.EqualTo(Payload(50)));
    }

    [Test]
    public void ShortenedOrLengthened_IsAMiss()
    {
        var cache = new KernelCache(_folder.Path);
        cache.Save(Key(), Payload(50));
        var whole = File.ReadAllBytes(Entry);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Entry, whole[..length]);
            Assert.That(cache.Load(Key()), Is.Null, $"{length} bytes");
        }
        File.WriteAllBytes(Entry, [.. whole, 0]);
        Assert.That(cache.Load(Key()), Is.Null);
    }

    [Test]
    public void EntryOfAnotherKey_UnderThisName_IsAMiss()
    {
        var cache = new KernelCache(_folder.Path);
        cache.Save(Key(), Payload(50));
        var first = Entry;
        cache.Save(Key(layout: "other"), Payload(60));
        File.Copy(Directory.GetFiles(_folder.Path).Single(f => f != first), first, overwrite: true);
        Assert.That(cache.Load(Key()), Is.Null);
    }

    [Test]
    public void Key_ChangesWithEachIngredient()
    {
        KernelSources Changed(string path, string text) => KernelSources.FromText(new Dictionary<string, string>
        {
            ["include/tbn/arguments.cuh"] = CudaTest.Sources.Named("include/tbn/arguments.cuh")!,
            ["test/kernels.cu"] = CudaTest.Sources.Text("test/kernels.cu"),
            [path] = text,
        });
        byte[][] keys =
        [
            Key(),
            Key(sources: Changed("test/kernels.cu", CudaTest.Sources.Text("test/kernels.cu") + " ")),
            Key(sources: Changed("include/tbn/arguments.cuh", "other")),
            Key(sources: Changed("include/tbn/more.cuh", "")),
            Key(unit: CudaTest.Unit with { Defines = [] }),
            Key(unit: CudaTest.Unit with { Defines = ["A", "B"] }),
            Key(unit: CudaTest.Unit with { Defines = ["B", "A"] }),
            Key(unit: CudaTest.Unit with { Defines = ["AB"] }),
            Key(options: ["--gpu-architecture=sm_80", "--fmad=false"]),
            Key(options: [.. s_options, "-lineinfo"]),
            Key(version: (12, 5)),
            Key(version: (13, 4)),
            Key(layout: "LifArguments:40"),
        ];
        Assert.That(keys.Select(Convert.ToHexString), Is.Unique);
        Assert.That(Key(), Is.EqualTo(Key(sources: Changed("include/tbn/arguments.cuh", CudaTest.Sources.Named("include/tbn/arguments.cuh")!))), "and with nothing else");
    }

    [Test]
    public void ManyWriters_OfOneEntry_DoNoHarm()
    {
        var payload = Payload(200_000);
        var misses = 0;
        Parallel.For(0, 64, i =>
        {
            var cache = new KernelCache(_folder.Path);
            if (i % 2 == 0)
                cache.Save(Key(), payload);
            else if (cache.Load(Key()) is not { } loaded)
                Interlocked.Increment(ref misses);
            else if (!loaded.AsSpan().SequenceEqual(payload))
                throw new InvalidOperationException("a torn entry was taken for whole");
        });
        Assert.That(new KernelCache(_folder.Path).Load(Key()), Is.EqualTo(payload));
        Assert.That(Directory.GetFiles(_folder.Path), Has.Length.EqualTo(1));
        TestContext.Out.WriteLine($"{misses} misses");
    }

    [Test]
    public void LongestUnused_GoFirst_WhenTheFolderIsFull()
    {
        var cache = new KernelCache(_folder.Path);
        byte[][] keys = [.. Enumerable.Range(0, 5).Select(i => Key(layout: $"{i}"))];
        foreach (var key in keys)
            cache.Save(key, Payload(1000));
        foreach (var file in Directory.GetFiles(_folder.Path))
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-2));
        Assert.That(cache.Load(keys[1]), Is.Not.Null, "used just now");
        cache.Save(keys[3], Payload(1000));
        var small = new KernelCache(_folder.Path, maximumBytes: 2500);
        Assert.That(keys.Select(k => small.Load(k) is not null), Is.EqualTo(new[] { false, true, false, true, false }));
    }

    [Test]
    public void TemporaryFiles_OfKilledProcesses_AreRemovedLater()
    {
        File.WriteAllText(_folder["old.kernel.1.1.part"], "x");
        File.SetLastWriteTimeUtc(_folder["old.kernel.1.1.part"], DateTime.UtcNow.AddHours(-3));
        File.WriteAllText(_folder["new.kernel.1.2.part"], "x");
        _ = new KernelCache(_folder.Path);
        Assert.That(Directory.GetFiles(_folder.Path).Select(Path.GetFileName), Is.EqualTo(new[] { "new.kernel.1.2.part" }));
    }

    [Test]
    public void FolderThatCannotBe_IsToldAndHarmless()
    {
        File.WriteAllText(_folder["file"], "");
        var cache = new KernelCache(_folder["file/below"]);
        cache.Save(Key(), Payload(10));
        Assert.That(cache.Load(Key()), Is.Null);
        Assert.That(cache.Problem, Does.Contain("cannot be used"));
        Assert.That(new KernelCache(null).Problem, Does.Contain("switched off"));
    }

    [Test]
    public void FolderThatGoesAway_IsToldAndHarmless()
    {
        var cache = new KernelCache(_folder["cache"]);
        Directory.Delete(_folder["cache"]);
        File.WriteAllText(_folder["cache"], "a file is here now");
        cache.Save(Key(), Payload(10));
        Assert.That(cache.Load(Key()), Is.Null);
        Assert.That(cache.Problem, Does.Contain("cannot be written"));
    }

    [Test]
    public void Folder_ComesFromTheVariable_OrTheUsersCache()
    {
        Assert.That(KernelCache.DefaultFolder(), Is.EqualTo(Environment.GetEnvironmentVariable(KernelCache.Variable)));
    }
}
