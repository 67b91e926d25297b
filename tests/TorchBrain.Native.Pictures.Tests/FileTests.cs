namespace TorchBrain.Native.Pictures.Tests;

[TestFixture]
public sealed class FileTests : PictureFixture
{
    static void Save(string path) => AccuracyBars.Save(path, [new("a", 50)], "Bars");

    [Test]
    public void A_missing_folder_is_named_in_the_error()
    {
        var path = Path.Combine(Folder, "absent", "b.png");
        Refuses(ErrorCode.FileNotWritable, () => Save(path));
        Assert.That(Assert.Throws<TorchBrainException>(() => Save(path))!.Message, Does.Contain(path));
    }

    [Test]
    public void An_empty_name_is_refused() => Refuses(ErrorCode.FileNotWritable, () => Save(""));

    [Test]
    public void A_film_into_a_missing_folder_is_refused() =>
        Refuses(ErrorCode.FileNotWritable, () => WaveAnimation.Save(At("absent/w.png"), [0f], [0f], [new WaveFrame(0, [1f])]));

    [Test]
    public void A_folder_in_the_place_of_the_file_stays_and_no_temporary_file_is_left()
    {
        Directory.CreateDirectory(At("b.png"));
        Assert.That(Assert.Throws<TorchBrainException>(() => Save(At("b.png")))!.Code, Is.EqualTo(ErrorCode.FileNotWritable));
        Assert.That(Directory.GetFileSystemEntries(Folder), Is.EqualTo(new[] { At("b.png") }));
    }

    [Test]
    public void A_file_in_the_place_of_the_folder_is_refused()
    {
        File.WriteAllText(At("file"), "x");
        Assert.That(Assert.Throws<TorchBrainException>(() => Save(At("file/b.png")))!.Code, Is.EqualTo(ErrorCode.FileNotWritable));
        Assert.That(Directory.GetFileSystemEntries(Folder), Has.Length.EqualTo(1));
    }

    [Test]
    public void An_existing_picture_is_replaced_and_kept_when_the_input_is_wrong()
    {
        File.WriteAllText(At("b.png"), "old");
        Assert.Throws<TorchBrainException>(() => AccuracyBars.Save(At("b.png"), [], "Bars"));
        Assert.That(File.ReadAllText(At("b.png")), Is.EqualTo("old"));
        Save(At("b.png"));
        using var picture = Decode(At("b.png"));
        IsDrawn(picture);
        Assert.That(Directory.GetFileSystemEntries(Folder), Has.Length.EqualTo(1));
    }

    [Test]
    public void The_letters_travel_with_the_library_and_with_their_licence()
    {
        var assembly = typeof(WaveFrames).Assembly;
        Assert.That(assembly.GetManifestResourceNames(),
            Is.SupersetOf(new[] { "Fonts/DejaVuSans.ttf", "Fonts/DejaVuSans-Bold.ttf", "Fonts/LICENSE-DejaVu.txt" }));
        using var reader = new StreamReader(assembly.GetManifestResourceStream("Fonts/LICENSE-DejaVu.txt")!);
        Assert.That(reader.ReadToEnd(), Does.Contain("Bitstream"));
    }

    [Test]
    public void Only_what_users_need_is_public() => Assert.That(
        typeof(WaveFrames).Assembly.GetExportedTypes().Select(type => type.Name).Order(StringComparer.Ordinal),
        Is.EqualTo(new[]
        {
            "AccuracyBar", "AccuracyBars", "ConfusionMatrixPlot", "Curve", "CurveBand", "CurvePlot", "CurveStyle", "DigitSheet", "FiringTrail", "LogBars",
            "RasterBand", "RasterPlot", "RasterStyle", "ReceptiveFieldStyle", "ReceptiveFields", "WaveAnimation", "WaveFrame", "WaveFrames", "WaveStyle",
        }));
}
