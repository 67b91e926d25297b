namespace TorchBrain.Native.Cli;

/// <summary>What run.json says about the checks. Numbers that JSON has no word for are left out.</summary>
sealed record VerifyPart(int Passed, int Failed, int NotRun, IReadOnlyList<VerifyCheckPart> Checks)
{
    public static VerifyPart Of(IReadOnlyList<VerifyRun> runs)
    {
        int Count(VerifyOutcome outcome) => runs.Sum(r => r.Results.Count(x => x.Outcome == outcome));
        return new(Count(VerifyOutcome.Passed), Count(VerifyOutcome.Failed), Count(VerifyOutcome.NotRun), [.. runs.Select(VerifyCheckPart.Of)]);
    }
}

sealed record VerifyCheckPart(int Number, string Title, double Seconds, bool Stopped, IReadOnlyList<VerifyLinePart> Lines)
{
    public static VerifyCheckPart Of(VerifyRun run) => new(run.Check.Number, run.Check.Title, run.Seconds, run.Stopped, [.. run.Results.Select(VerifyLinePart.Of)]);
}

sealed record VerifyLinePart(string Quantity, double? Measured, double? Low, double? High, string Unit, string Outcome, string? Note)
{
    public static VerifyLinePart Of(VerifyResult r) => new(r.Quantity, RunReportNumbers.Finite(r.Measured), RunReportNumbers.Finite(r.Low), RunReportNumbers.Finite(r.High), r.Unit,
        VerifyPage.Word(r.Outcome), r.Note.Length > 0 ? r.Note : null);
}

/// <summary>A check that ran.</summary>
sealed record VerifyRun(VerifyCheck Check, IReadOnlyList<VerifyResult> Results, double Seconds, bool Stopped);
