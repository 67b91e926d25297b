namespace TorchBrain.Native.Planning;

/// <summary>Turns parameters into numbers. A draw is a pure function of (seed, owner and parameter name, neuron).</summary>
static class ParameterResolver
{
    public static ParameterArray PerNeuron(Parameter parameter, string owner, string name, int count, ulong seed, IReadOnlyList<Position>? positions, Func<double, double>? map = null)
    {
        var values = new float[parameter is ConstantParameter ? 1 : count];
        for (var i = 0; i < values.Length; i++)
        {
            var value = Value(parameter, owner, name, i, seed, positions);
            values[i] = (float)(map is null ? value : map(value));
        }
        return new ParameterArray(values, count);
    }

    public static double Value(Parameter parameter, string owner, string name, int neuron, ulong seed, IReadOnlyList<Position>? positions) => parameter switch
    {
        ConstantParameter c => c.Value,
        ListParameter l => l.List[neuron],
        DrawnParameter d => d.Function(Draw(owner, d.Draw ?? name, neuron, seed)),
        PositionParameter p => p.Function(positions![neuron], Draw(owner, p.Draw ?? name, neuron, seed)),
        _ => throw new InvalidOperationException($"{parameter.GetType().Name} has no value per neuron; the validator refuses it."),
    };

    static double Draw(string owner, string draw, int neuron, ulong seed) =>
        new RandomSequence(seed, RandomStream.Named($"{owner}/{draw}"), (uint)neuron).NextUniform();

    /// <summary>The largest absolute value a synapse parameter can take, or NaN where only drawing tells.</summary>
    public static double Bound(Parameter parameter) => parameter switch
    {
        ConstantParameter c => Math.Abs(c.Value),
        ListParameter l => l.List.Max(v => Math.Abs((double)v)),
        DrawnParameter d => Math.Max(Math.Abs(d.Low), Math.Abs(d.High)),
        _ => double.NaN,
    };
}
