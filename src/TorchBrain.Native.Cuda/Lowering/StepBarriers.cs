namespace TorchBrain.Native.Cuda;

/// <summary>Where the blocks of a kernel that runs whole steps must wait for each other.</summary>
static class StepBarriers
{
    /// <summary>For each phase of a step that is repeated, whether a barrier comes before it: where it touches what a phase since the last barrier touched in another way.</summary>
    public static bool[] Of(IReadOnlyList<IReadOnlyList<PhaseAccess>> phases)
    {
        var before = new bool[phases.Count];
        List<PhaseAccess> open = [];
        // The second round finds what the end of a step leaves open for the next. It only adds barriers, so a third would find less.
        for (var k = 0; k < 2 * phases.Count; k++)
        {
            var phase = k % phases.Count;
            if (before[phase] || phases[phase].Any(a => open.Any(a.Conflicts)))
            {
                before[phase] = true;
                open.Clear();
            }
            open.AddRange(phases[phase]);
        }
        return before;
    }
}
