using System.Numerics;

namespace TorchBrain.Native.Planning;

/// <summary>Works out the constants of a learning rule.</summary>
static class LearningPlanner
{
    public static LearningPlan? Plan(Projection projection, double stepMs, SynapseGenerator synapses, int maxDelay) => projection.Learning switch
    {
        WinnerTakeAllHebbian r => new WinnerTakeAllPlan
        {
            LearningRate = (float)r.LearningRate,
            ThresholdGain = (float)r.ThresholdGain,
            WeightSum = (float)(r.MeanWeight * synapses.Sources),
            ResetEverySteps = r.ResetEverySteps,
            ResetBelowWins = r.ResetBelowWins,
            ResetFraction = (float)r.ResetFraction,
            InitialWeights = Normalised(synapses, r.MeanWeight),
        },
        PairStdp r => new PairStdpPlan
        {
            DecayPlus = Decay(stepMs, r.TauPlusMs),
            DecayMinus = Decay(stepMs, r.TauMinusMs),
            APlus = (float)(r.WeightDependence == WeightDependence.PowerLaw ? r.PotentiationAmplitude * Math.Pow(r.ReferenceWeight, 1 - r.Exponent) : r.PotentiationAmplitude),
            AMinus = (float)r.DepressionAmplitude,
            Min = (float)r.MinWeight + 0f, // never negative zero, which bounds would order differently on different backends
            Max = (float)r.MaxWeight,
            Dependence = r.WeightDependence,
            Exponent = (float)r.Exponent,
            Order = r.Order,
            TraceSlots = (int)BitOperations.RoundUpToPowerOf2((uint)(maxDelay + 1)),
        },
        EligibilityStdp r => new EligibilityStdpPlan
        {
            DecayPlus = Decay(stepMs, r.TauPlusMs),
            DecayMinus = Decay(stepMs, r.TauMinusMs),
            APlus = (float)r.PotentiationAmplitude,
            AMinus = (float)r.DepressionAmplitude,
            Min = 0,
            Max = (float)r.MaxWeight,
            TraceSlots = SlotsAhead(maxDelay),
            ConsolidationSteps = (int)Math.Round(r.ConsolidationIntervalMs / stepMs),
            Retention = (float)r.Retention,
            Drift = (float)r.Drift,
            Baseline = (float)r.Baseline,
            DecayReward = Decay(stepMs, r.TauRewardMs),
        },
        TripletStdp r => new TripletStdpPlan
        {
            DecayPlus = Decay(stepMs, r.TauPlusMs),
            DecayMinus = Decay(stepMs, r.TauMinusMs),
            APlus = (float)r.PairPotentiation,
            AMinus = (float)r.PairDepression,
            Min = (float)r.MinWeight + 0f,
            Max = (float)r.MaxWeight,
            TraceSlots = SlotsAhead(maxDelay),
            TripletPlus = (float)r.TripletPotentiation,
            TripletMinus = (float)r.TripletDepression,
            DecayX = Decay(stepMs, r.TauXMs),
            DecayY = Decay(stepMs, r.TauYMs),
        },
        _ => null,
    };

    /// <summary>Least and largest weight that a rule by traces allows; null for other rules.</summary>
    public static (double Min, double Max)? Bounds(LearningRule? rule) => rule switch
    {
        PairStdp r => (r.MinWeight, r.MaxWeight),
        EligibilityStdp r => (0, r.MaxWeight),
        TripletStdp r => (r.MinWeight, r.MaxWeight),
        _ => null,
    };

    static float Decay(double stepMs, double tauMs) => (float)Math.Exp(-stepMs / tauMs);

    // The slot of the next step is written while those of all delays may still be read.
    static int SlotsAhead(int maxDelay) => (int)BitOperations.RoundUpToPowerOf2((uint)(maxDelay + 2));

    static float[] Normalised(SynapseGenerator synapses, double mean)
    {
        int sources = synapses.Sources, targets = synapses.Targets;
        var weights = new float[(long)sources * targets];
        var buffer = new SynapseBuffer();
        var sums = new double[targets];
        for (var source = 0; source < sources; source++)
        {
            synapses.Generate(source, buffer);
            var row = weights.AsSpan(source * targets, targets);
            for (var k = 0; k < buffer.Count; k++)
                row[buffer.Partner[k]] = buffer.Weight[k];
            for (var t = 0; t < targets; t++)
                sums[t] += row[t];
        }
        for (var i = 0; i < weights.Length; i++)
        {
            var sum = sums[i % targets];
            weights[i] = sum > 0 ? (float)(weights[i] * (mean * sources / sum)) : (float)mean;
        }
        return weights;
    }
}
