using System.Text.Json.Nodes;
using NUnit.Framework;
using TorchBrain.Native.Cpu;

namespace TorchBrain.Native.Tuning.Tests;

/// <summary>The file of tuned settings.</summary>
public class TuningFileTests
{
    static readonly NetworkPlan s_plan = Nets.Tiny().Plan();

    string _path = null!;

    [SetUp]
    public void Begin() => _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    [TearDown]
    public void End() => File.Delete(_path);

    static TuningEntry Entry(string word = "pull", string shape = "") =>
        new("cpu", new CpuTarget().Device, shape.Length > 0 ? shape : PlanShape.Of(s_plan), new TuningSettings([new("delivery", word), new("slice-elements", "4096")]), 1.25) { Network = "tiny" };

    TorchBrainException Refused(string text, string code)
    {
        File.WriteAllText(_path, text);
        var error = Assert.Throws<TorchBrainException>(() => TuningFile.Load(_path))!;
        Assert.That(error.Code, Is.EqualTo(code), error.Message);
        Assert.That(error.What, Does.StartWith(_path));
        Assert.That(error.Fix, Is.Not.Empty);
        return error;
    }

    [Test]
    public void File_SavedAndLoaded_FindsTheEntry()
    {
        TuningFile.Empty.With(Entry()).With(Entry(shape: "another")).Save(_path);
        var file = TuningFile.Load(_path);
        Assert.That(file.Entries, Has.Count.EqualTo(2));
        var found = file.Find(new CpuTarget(), s_plan)!;
        Assert.That((found.Settings.ToString(), found.Speedup, found.Network), Is.EqualTo(("delivery=pull slice-elements=4096", 1.25, "tiny")));
        Assert.That(file.Find(new CpuTarget(), Nets.Tiny(20_000).Plan()), Is.Null, "another order of magnitude");
        var options = file.CpuOptions(s_plan, new CpuOptions { Threads = 2 });
        Assert.That(options, Is.EqualTo(new CpuOptions { Threads = 2, Tuning = new() { Delivery = SpikeDelivery.Pull, SliceElements = 4096 } }));
    }

    [Test]
    public void Entry_OfTheSameKey_IsReplaced()
    {
        var file = TuningFile.Empty.With(Entry()).With(Entry("push"));
        Assert.That(file.Entries.Single().Settings["delivery"], Is.EqualTo("push"));
    }

    [Test]
    public void Unknown_FieldsAndSettings_AreKept()
    {
        TuningFile.Empty.With(Entry()).With(Entry(shape: "another")).Save(_path);
        var text = JsonNode.Parse(File.ReadAllText(_path))!;
        text["later"] = new JsonObject { ["x"] = 1 };
        text["entries"]![0]!["note"] = "mine";
        text["entries"]![1]!["note"] = "another's";
        text["entries"]![1]!["settings"]!["new-knob"] = "7";
        File.WriteAllText(_path, text.ToJsonString());
        TuningFile.Load(_path).With(Entry("push")).Save(_path);
        var kept = JsonNode.Parse(File.ReadAllText(_path))!;
        Assert.That(kept["later"]!["x"]!.GetValue<int>(), Is.EqualTo(1));
        var entries = kept["entries"]!.AsArray().ToDictionary(e => e!["shape"]!.GetValue<string>(), e => e!);
        Assert.That(entries[PlanShape.Of(s_plan)]["note"]!.GetValue<string>(), Is.EqualTo("mine"));
        Assert.That(entries["another"]["note"]!.GetValue<string>(), Is.EqualTo("another's"));
        Assert.That(entries["another"]["settings"]!["new-knob"]!.GetValue<string>(), Is.EqualTo("7"));
        var newer = TuningFile.Empty.With(Entry() with { Settings = Entry().Settings.With("new-knob", "7") });
        Assert.That(newer.CpuOptions(s_plan).Tuning.SliceElements, Is.EqualTo(4096), "passed over, not refused");
    }

    [TestCase("", "line 1")]
    [TestCase("{", "line 1")]
    [TestCase("[1]", "line 1")]
    [TestCase("null", "format")]
    [TestCase("{}", "format")]
    [TestCase("""{ "format": "something", "version": 1 }""", "format")]
    [TestCase("""{ "format": "torchbrain-tuning", "version": 0, "entries": [] }""", "version")]
    [TestCase("""{ "format": "torchbrain-tuning", "version": 1 }""", "entries")]
    [TestCase("""{ "format": "torchbrain-tuning", "version": 1, "entries": [null] }""", "entries[0]")]
    [TestCase("""{ "format": "torchbrain-tuning", "version": 1, "entries": [{ "backend": "cpu", "device": "x" }] }""", "no shape")]
    [TestCase("""{ "format": "torchbrain-tuning", "version": 1, "entries": [{ "backend": "cpu", "device": "x", "shape": "y", "settings": { "a": null } }] }""", "null")]
    [TestCase("""{ "format": "torchbrain-tuning", "version": 1, "entries": [{ "backend": "cpu", "device": "x", "shape": "y", "settings": { "a": 5 } }] }""", "settings.a")]
    public void File_Damaged_IsRefused(string text, string where) => Assert.That(Refused(text, ErrorCode.TuningFileDamaged).What, Does.Contain(where));

    [Test]
    public void File_CutAnywhere_IsRefused()
    {
        TuningFile.Empty.With(Entry()).Save(_path);
        var text = File.ReadAllText(_path).TrimEnd();
        for (var length = 0; length < text.Length; length += 7)
            Refused(text[..length], ErrorCode.TuningFileDamaged);
    }

    [Test]
    public void File_OfANewerVersion_IsRefused_WhateverItHolds() =>
        Assert.That(Refused("""{ "format": "torchbrain-tuning", "version": 2, "entries": { "by": "key" } }""", ErrorCode.TuningFileNewer).What, Does.Contain("version 2"));

    [Test]
    public void File_Missing_IsRefused() => Assert.That(Assert.Throws<TorchBrainException>(() => TuningFile.Load(_path))!.Code, Is.EqualTo(ErrorCode.DataMissing));

    [Test]
    public void File_InAFolderThatIsNotThere_IsNotWritten() =>
        Assert.That(Assert.Throws<TorchBrainException>(() => TuningFile.Empty.Save(Path.Combine(_path, "x")))!.Code, Is.EqualTo(ErrorCode.FileNotWritable));

    [TestCase("delivery", "sideways")]
    [TestCase("slice-elements", "many")]
    [TestCase("slice-elements", "-64")]
    [TestCase("huge-pages", "maybe")]
    public void Setting_WithAWordItCannotHave_IsRefused(string name, string word)
    {
        var error = Assert.Throws<TorchBrainException>(() => new CpuTarget().Options(TuningSettings.Defaults.With(name, word)))!;
        Assert.That(error.Code, Is.EqualTo(ErrorCode.TuningFileDamaged));
        Assert.That(error.What, Does.Contain(name).And.Contain(word));
    }
}
