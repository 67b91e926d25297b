namespace TorchBrain.Native.Planning;

/// <summary>Chooses how the synapses of a projection are stored.</summary>
static class StorageChoice
{
    const double LargestMatrix = 1 << 26;

    // Measured (decision 0017): a matrix of fewer pairs, and rows of fewer synapses, stay in a core's own caches and are as fast.
    const double FewPairs = 1 << 21, FewSynapses = 1 << 19, ManySynapses = 1 << 22;

    /// <param name="p">The projection.</param>
    /// <param name="synapses">Makes its rows.</param>
    /// <param name="survey">What its rows are like.</param>
    /// <param name="weightScale">As <see cref="ProjectionPlan.WeightScale"/>.</param>
    /// <returns>The storage, the one whose result it gives, and the stencil if it is one.</returns>
    public static (SynapseStorage Storage, SynapseStorage EqualTo, StencilWeights? Stencil) For(Projection p, SynapseGenerator synapses, SynapseSurvey survey, float weightScale)
    {
        var stored = Stored(p, survey);
        if (p.Rows == RowStorage.Procedural)
            return (SynapseStorage.Procedural, stored, null);
        if (p.Rows is RowStorage.Stored || !IsStencil(p, synapses, survey))
            return (stored, stored, null);
        var stencil = StencilWeights.Of(synapses.Lattice!, synapses, weightScale);
        return p.Rows == RowStorage.Stencil || IsFaster(p, stencil, stored, survey.Count) ? (SynapseStorage.Stencil, stored, stencil) : (stored, stored, null);
    }

    static SynapseStorage Stored(Projection p, SynapseSurvey survey)
    {
        var oneDelay = survey.MaxDelay <= survey.MinDelay;
        var pairs = (double)p.Source.Count * p.Target.Count;
        var dense = oneDelay && pairs <= LargestMatrix && p.Connectivity is not (ExplicitList or FixedInDegree or FixedTotal or OneToOne) && survey.Count >= pairs / 4;
        return p.Learning switch
        {
            WinnerTakeAllHebbian => SynapseStorage.DenseFloat,
            { } => SynapseStorage.SparseFloat,
            _ => dense || p.WritableUpTo is not null ? SynapseStorage.DenseInt16 : SynapseStorage.SparseInt16,
        };
    }

    static bool IsStencil(Projection p, SynapseGenerator synapses, SynapseSurvey survey) =>
        survey is { Count: > 0 } && survey.MaxDelay == survey.MinDelay && synapses.Lattice is not null && StencilWeights.Obstacle(p) is null;

    static bool IsFaster(Projection p, StencilWeights stencil, SynapseStorage stored, long synapses)
    {
        if (stored == SynapseStorage.DenseInt16)
            return (double)p.Source.Count * p.Target.Count >= FewPairs;
        // Far from the borders a source adds whole vectors; near them its rows are cut.
        var (rows, columns) = (stencil.Lattice.Rows, stencil.Lattice.Columns);
        var interior = Math.Max(0.0, rows - 2 * stencil.RowReach) * Math.Max(0, columns - 2 * stencil.ColumnReach) / ((double)rows * columns);
        return synapses >= ManySynapses || synapses >= FewSynapses && interior >= 0.5;
    }

    /// <summary>The rows as functions of words; reports where these are not, word for word, those of the generator.</summary>
    public static ProceduralRows? Procedural(Projection p, ulong seed, SynapseGenerator synapses, SynapseSurvey survey, float weightScale, List<Problem> problems)
    {
        try
        {
            var rows = new ProceduralRows(p, seed, synapses.Steps, survey.RowLengths, weightScale);
            if (rows.Equals(synapses))
                return rows;
        }
        catch (InvalidOperationException)
        {
            // A table found its function to go up and down: reported below.
        }
        problems.Add(new Problem(ErrorCode.Incompatible, $"projections[{p.EffectiveName}].Rows", "is Procedural, but a distribution is too narrow for double precision to draw from it in order.",
            "Widen the distribution, make it a number, or use RowStorage.Stored."));
        return null;
    }

    /// <summary>Reports a form that was asked for and that the rows cannot take.</summary>
    public static void Check(Projection p, SynapseGenerator synapses, SynapseSurvey survey, List<Problem> problems)
    {
        if (p.Rows != RowStorage.Stencil || StencilWeights.Obstacle(p) is not null || IsStencil(p, synapses, survey)) // obstacles are known without rows, and reported before
            return;
        var reason = synapses.Lattice is null ? "the nodes of its population are not a lattice whose distances repeat exactly" : survey.Count == 0 ? "it has no synapses" : $"its delays are {survey.MinDelay} to {survey.MaxDelay} steps";
        problems.Add(new Problem(ErrorCode.Incompatible, $"projections[{p.EffectiveName}].Rows", $"is Stencil, but {reason}.",
            "Use a Torus or Square with NodePlacement.Lattice, a whole pitch and one delay, or RowStorage.Auto."));
    }
}
