using System.Reflection;
using System.Runtime.CompilerServices;
using NUnit.Framework;
using static TorchBrain.Native.Tests.Nets;

namespace TorchBrain.Native.Tests;

/// <summary>
/// Every property of every record of a description, found by reflection, so that a new field cannot be forgotten: numbers refuse NaN and infinity, counts refuse the
/// least integer, enumerations refuse what they do not name, and what is not declared optional refuses null.
/// </summary>
public class NonsenseFieldTests
{
    // A valid example of each record, and the network around it. A new record must be added here; KnownRecords_AreAllCovered fails until it is.
    static readonly Dictionary<Type, (object Example, Func<object, Network> Host)> s_hosts = new()
    {
        [typeof(Network)] = (Of(Cells()), x => (Network)x),
        [typeof(Population)] = (Cells(), x => Of((Population)x)),
        [typeof(Projection)] = (new object(), _ => null!), // replaced below: it needs its populations
        [typeof(Izhikevich)] = (new Izhikevich { InitialU = 0 }, x => Of((Izhikevich)x)),
        [typeof(LeakyIntegrateAndFire)] = (new LeakyIntegrateAndFire { InitialMv = -65 }, x => Of((LeakyIntegrateAndFire)x)),
        [typeof(ThresholdLinear)] = (new ThresholdLinear(), x => Of((ThresholdLinear)x)),
        [typeof(PoissonSource)] = (new PoissonSource(), x => Of((PoissonSource)x)),
        [typeof(SpikeArray)] = (new SpikeArray { Spikes = [] }, x => Of((SpikeArray)x)),
        [typeof(DeltaSynapses)] = (new DeltaSynapses(), x => Of(new LeakyIntegrateAndFire { Synapses = (DeltaSynapses)x })),
        [typeof(ExponentialSynapses)] = (new ExponentialSynapses { TauInhibitoryMs = 5 }, x => Of(new LeakyIntegrateAndFire { Synapses = (ExponentialSynapses)x })),
        [typeof(AlphaSynapses)] = (new AlphaSynapses { TauInhibitoryMs = 5 }, x => Of(new LeakyIntegrateAndFire { Synapses = (AlphaSynapses)x })),
        [typeof(ConductanceSynapses)] = (new ConductanceSynapses { InitialExcitatoryNs = 1, InitialInhibitoryNs = 1 }, x => Of(new LeakyIntegrateAndFire { Synapses = (ConductanceSynapses)x })),
        [typeof(AllToAll)] = (new AllToAll(), Connect),
        [typeof(OneToOne)] = (new OneToOne(), Connect),
        [typeof(FixedProbability)] = (new FixedProbability(0.5), Connect),
        [typeof(FixedInDegree)] = (new FixedInDegree(2), Connect),
        [typeof(FixedTotal)] = (new FixedTotal(20), Connect),
        [typeof(ExplicitList)] = (new ExplicitList([]), Connect),
        [typeof(Synapse)] = (new Synapse(0, 0, 1, 1), x => Connected(new ExplicitList([(Synapse)x]))),
        [typeof(DistanceKernel)] = (new DistanceKernel { WeightAt = _ => 1, CutOff = 5 },
            x => Connected((DistanceKernel)x, Cells(geometry: new Square(1)), Cells("b", geometry: new Square(1)))),
        [typeof(WinnerTakeAllHebbian)] = (new WinnerTakeAllHebbian(), x => Winners((WinnerTakeAllHebbian)x)),
        [typeof(PairStdp)] = (new PairStdp(), x => AllToAll(p => p with { Learning = (PairStdp)x })),
        [typeof(EligibilityStdp)] = (new EligibilityStdp(), x => AllToAll(p => p with { Learning = (EligibilityStdp)x })),
        [typeof(TripletStdp)] = (new TripletStdp(), x => AllToAll(p => p with { Learning = (TripletStdp)x })),
        [typeof(CurrentInjection)] = (new CurrentInjection(Cells()), Drive),
        [typeof(GaussianNoise)] = (new GaussianNoise(Cells()), Drive),
        [typeof(RandomPulse)] = (new RandomPulse(Cells()), Drive),
        [typeof(PoissonInput)] = (new PoissonInput(Cells()), Drive),
        [typeof(SpikeRecording)] = (new SpikeRecording(Cells()), Record),
        [typeof(StateRecording)] = (new StateRecording(Cells(), "v"), Record),
        [typeof(Square)] = (new Square(1), Place),
        [typeof(Disc)] = (new Disc(1), Place),
        [typeof(Torus)] = (new Torus(1, 1), Place),
        [typeof(Annulus)] = (new Annulus(1, 2), Place),
        [typeof(Sphere)] = (new Sphere(1), Place),
        [typeof(Polygon)] = (new Polygon([new(0, 0), new(1, 0), new(0, 1)]), Place),
        [typeof(Points)] = (new Points(new Position[4]) { Metric = new Square(1) }, Place),
        [typeof(Point2)] = (new Point2(0, 1), x => Place(new Polygon([new(0, 0), new(1, 0), (Point2)x]))),
        [typeof(Position)] = (default(Position), x => Place(new Points([default, default, default, (Position)x]) { Metric = new Square(1) })),
        [typeof(SourceSpike)] = (new SourceSpike(0, 0), x => Of(new SpikeArray { Spikes = [(SourceSpike)x] })),
    };

    static NonsenseFieldTests()
    {
        var joined = AllToAll(p => p with { WritableUpTo = 2, DelayMs = 1 });
        s_hosts[typeof(Projection)] = (joined.Projections[0], x => joined with { Projections = [(Projection)x] });
    }

    static Network Connect(object connectivity) => Connected((Connectivity)connectivity);
    static Network Drive(object input) => Of(((Input)input).Target ?? Cells()) with { Inputs = [(Input)input] };
    static Network Record(object recording) => Of(((Recording)recording).Target ?? Cells()) with { Recordings = [(Recording)recording] };
    static Network Place(object geometry) => Of(Cells(geometry: (Geometry)geometry));

    // Where no value is too strange: (record, property, value).
    static readonly HashSet<(string, string, object)> s_allowed =
    [
        (nameof(DistanceKernel), nameof(DistanceKernel.CutOff), double.PositiveInfinity), // no cut-off
    ];

    static IEnumerable<PropertyInfo> Settable(Type type) => type.GetProperties().Where(p => p.CanWrite && p.GetIndexParameters().Length == 0);

    static IEnumerable<object?> Nonsense(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (type == typeof(double))
            return [double.NaN, double.PositiveInfinity, double.NegativeInfinity];
        if (type == typeof(float))
            return [float.NaN, float.PositiveInfinity, float.NegativeInfinity];
        if (type == typeof(Parameter))
            return [(Parameter)double.NaN, (Parameter)double.PositiveInfinity, (Parameter)double.NegativeInfinity, .. Nulls(property)];
        if (type == typeof(int))
            return [int.MinValue, -1];
        if (type == typeof(long))
            return [long.MinValue, -1L];
        if (type.IsEnum)
            return [Enum.ToObject(type, 99)];
        return property.PropertyType.IsValueType ? [] : Nulls(property);
    }

    static IEnumerable<object?> Nulls(PropertyInfo property) => new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable ? [] : [null];

    static IEnumerable<TestCaseData> Fields() =>
        from host in s_hosts
        from property in Settable(host.Key)
        from value in Nonsense(property)
        where value is null || !s_allowed.Contains((host.Key.Name, property.Name, value))
        select new TestCaseData(host.Key, property, value).SetArgDisplayNames($"{host.Key.Name}.{property.Name} = {value ?? "null"}");

    [TestCaseSource(nameof(Fields))]
    public void Field_SetToNonsense_IsRefusedByName(Type type, PropertyInfo property, object? value)
    {
        var (example, host) = s_hosts[type];
        Assert.That(Problems(host(example)).Select(p => p.ToString()), Is.Empty, "the example is valid");
        var broken = type.IsValueType ? RuntimeHelpers.GetObjectValue(example) : type.GetMethod("<Clone>$")!.Invoke(example, null)!;
        property.SetValue(broken, value);
        var problems = Problems(host(broken));
        Assert.That(problems, Is.Not.Empty);
        var word = property.Name == "Name" ? "name" : property.Name;
        // Single elements of lists are named by their index.
        Assert.That(problems.Select(p => $"{p.Where} {p.What}"), Has.Some.Contains(word).IgnoreCase.Or.Some.Contains("[0]").Or.Some.Contains("[2]").Or.Some.Contains("[3]"));
    }

    [Test]
    public void KnownRecords_AreAllCovered()
    {
        Type[] roots = [typeof(NeuronModel), typeof(SynapseModel), typeof(Connectivity), typeof(LearningRule), typeof(Input), typeof(Recording), typeof(Geometry)];
        var records = typeof(Network).Assembly.GetExportedTypes().Where(t => !t.IsAbstract && roots.Any(r => r.IsAssignableFrom(t)));
        Assert.That(records, Is.SubsetOf(s_hosts.Keys));
    }
}
