using NUnit.Framework;
using TorchBrain.Native.Cuda;

namespace TorchBrain.Native.Tests;

public class KernelCompilerTests
{
    TemporaryFolder _folder = null!;
    CudaContext _context = null!;

    [SetUp]
    public void Begin()
    {
        CudaTest.Require();
        _folder = new TemporaryFolder();
        _context = CudaContext.Open();
    }

    [TearDown]
    public void End()
    {
        _context?.Dispose();
        _folder?.Dispose();
    }

    KernelCompiler Compiler(string layout = "") => new(_context, CudaTest.Sources, new KernelCache(_folder.Path), layout);

    static KernelUnit[] Units => [.. new[] { 32, 64, 128 }.Select(b => CudaTest.Unit with { Defines = [$"TBN_BLOCK={b}"] })];

    [Test]
    public void SecondStart_CompilesNothing()
    {
        var first = Compiler();
        first.Prepare(Units);
        Assert.That((first.Compiled, first.CacheHits), Is.EqualTo((3, 0)));
        var second = Compiler();
        second.Prepare(Units);
        foreach (var unit in Units)
            using (var module = second.Load(unit))
                Assert.That(module.Kernel("tbn_scale").MaxThreadsPerBlock, Is.Positive);
        Assert.That((second.Compiled, second.CacheHits), Is.EqualTo((0, 3)));
        var other = Compiler("another layout");
        other.Prepare(Units);
        Assert.That(other.Compiled, Is.EqualTo(3));
    }

    [Test]
    public void DamagedEntry_IsCompiledAnew()
    {
        Compiler().Prepare([CudaTest.Unit]);
        var entry = Directory.GetFiles(_folder.Path).Single();
        var bytes = File.ReadAllBytes(entry);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(entry, bytes);
        var compiler = Compiler();
        using var module = compiler.Load(CudaTest.Unit);
        Assert.That((compiler.Compiled, compiler.CacheHits), Is.EqualTo((1, 0)));
        bytes[bytes.Length / 2] ^= 1;
        Assert.That(File.ReadAllBytes(entry), Has.Length.EqualTo(bytes.Length), "and is whole again");
    }

    [Test]
    public void Unit_IsCompiledOnce_HoweverManyAsk()
    {
        var compiler = new KernelCompiler(_context, CudaTest.Sources, null);
        Parallel.For(0, 8, _ => compiler.Load(CudaTest.Unit).Dispose());
        Assert.That((compiler.Compiled, compiler.CacheHits), Is.EqualTo((1, 0)));
    }

    [Test]
    public void FirstFailure_OfSeveralUnits_IsTold()
    {
        var compiler = Compiler();
        KernelUnit[] units = [CudaTest.Unit, CudaTest.Unit with { Defines = ["TBN_BLOCK=first_wrong"] }, CudaTest.Unit with { Defines = ["TBN_BLOCK=second_wrong"] }];
        Assert.That(Assert.Throws<KernelCompilationException>(() => compiler.Prepare(units))!.Message, Does.Contain("first_wrong"));
        Assert.Throws<KernelCompilationException>(() => compiler.Load(units[1]), "and once more, when asked again");
        using var module = compiler.Load(units[0]);
        Assert.That(compiler.Compiled, Is.EqualTo(1));
    }
}
