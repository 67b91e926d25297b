namespace TorchBrain.Native.Mnist;

/// <summary>
/// The read-out that Raghavan and Thomson (2019) judge their pooling layers by, a regularised extreme learning machine: each image's
/// samples as z-scores (n - 1), the constant 0.1 appended; sums over the binary pools plus a uniform (0, 1) bias row; each hidden
/// unit brought to [0, 1] by its smallest and largest training value; tanh; ridge of 2^-30; the class with the highest score.
/// </summary>
public sealed class ExtremeLearningReadout
{
    const int Block = 1024;

    readonly PoolingMatrix _pools;
    readonly ImageSampler _sampler;
    readonly ExtremeLearningOptions _options;
    readonly float[] _bias, _least, _range;

    ExtremeLearningReadout(PoolingMatrix pools, ImageSampler sampler, ExtremeLearningOptions options)
    {
        _pools = pools;
        _sampler = sampler;
        _options = options;
        _bias = new float[pools.Units];
        _least = new float[pools.Units];
        _range = new float[pools.Units];
        Readout = null!; // set by Fit before anyone sees the object
    }

    /// <summary>The linear read-out on the hidden units.</summary>
    public RidgeReadout Readout { get; private set; }

    /// <summary>Fits the read-out.</summary>
    /// <param name="pools">The pooling layer; its inputs are the sampler's nodes.</param>
    /// <param name="sampler">Shows an image to the nodes.</param>
    /// <param name="train">The training images.</param>
    /// <param name="options">Options; null for the published protocol.</param>
    /// <exception cref="TorchBrainException">
    /// TBN4003: pools, sampler and images do not fit together, or there are no images. TBN1001: an option is out of range, or the ridge is too weak.
    /// </exception>
    public static ExtremeLearningReadout Fit(PoolingMatrix pools, ImageSampler sampler, DigitSet train, ExtremeLearningOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(pools);
        ArgumentNullException.ThrowIfNull(sampler);
        ArgumentNullException.ThrowIfNull(train);
        options ??= new ExtremeLearningOptions();
        if (pools.Inputs != sampler.Nodes)
            throw new TorchBrainException(ErrorCode.DataInconsistent, $"The pools have {pools.Inputs} inputs, the sampler {sampler.Nodes} nodes; they must be the same.",
                "Make both from the same nodes.");
        if (!float.IsFinite(options.Appended))
            throw new TorchBrainException(ErrorCode.NumberOutOfRange, $"ExtremeLearningOptions.Appended is {options.Appended}; allowed are finite numbers.", "The published value is 0.1.");
        var ridge = new RidgeFit(pools.Units, DigitSet.Classes, new RidgeOptions
        {
            Strength = options.Strength,
            Scale = RidgeScale.Absolute,
            Bias = false,
            Precise = true,
            Threads = options.Threads,
        });
        var result = new ExtremeLearningReadout(pools, sampler, options);
        result.Learn(train, ridge);
        return result;
    }

    /// <summary>The hidden units' values for images.</summary>
    /// <param name="images">The images.</param>
    /// <returns>Values [count x units], 0 to tanh(1) for training images.</returns>
    /// <exception cref="TorchBrainException">TBN4003: the images have another size than those of the training.</exception>
    public float[] Hidden(DigitSet images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var hidden = Sums(images, 0, images.Count);
        Squash(hidden);
        return hidden;
    }

    /// <summary>Predicts the classes of images.</summary>
    /// <param name="images">The images.</param>
    /// <returns>The class of each image, 0 to 9.</returns>
    /// <exception cref="TorchBrainException">TBN4003: the images have another size than those of the training.</exception>
    public byte[] Predict(DigitSet images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var labels = new byte[images.Count];
        for (var first = 0; first < images.Count; first += Block)
        {
            var count = Math.Min(Block, images.Count - first);
            var hidden = Sums(images, first, count);
            Squash(hidden);
            Readout.Predict(hidden, labels.AsSpan(first, count));
        }
        return labels;
    }

    /// <summary>Counts right and wrong predictions by class.</summary>
    /// <param name="images">Labelled images.</param>
    /// <exception cref="TorchBrainException">TBN4003: the images have another size than those of the training.</exception>
    public ConfusionMatrix Confusion(DigitSet images)
    {
        ArgumentNullException.ThrowIfNull(images);
        return ConfusionMatrix.Of(images.Labels, Predict(images));
    }

    /// <summary>The share of right predictions, 0 to 1.</summary>
    /// <inheritdoc cref="Confusion"/>
    public double Accuracy(DigitSet images) => Confusion(images).Accuracy;

    /// <summary>Two passes over the images: the first for each unit's range, the second for the ridge.</summary>
    void Learn(DigitSet train, RidgeFit ridge)
    {
        var random = new RandomSequence(_options.Seed, RandomStream.Named("mnist/elm bias"));
        for (var u = 0; u < _bias.Length; u++) _bias[u] = (float)random.NextUniform();
        var most = new float[_pools.Units];
        _least.AsSpan().Fill(float.MaxValue);
        most.AsSpan().Fill(float.MinValue);
        for (var first = 0; first < train.Count; first += Block)
        {
            var sums = Sums(train, first, Math.Min(Block, train.Count - first));
            for (var i = 0; i < sums.Length; i++)
            {
                var unit = i % most.Length;
                _least[unit] = MathF.Min(_least[unit], sums[i]);
                most[unit] = MathF.Max(most[unit], sums[i]);
            }
        }
        for (var u = 0; u < _range.Length; u++) _range[u] = most[u] - _least[u];
        for (var first = 0; first < train.Count; first += Block)
        {
            var count = Math.Min(Block, train.Count - first);
            var hidden = Sums(train, first, count);
            Squash(hidden);
            ridge.Add(hidden, train.Labels.AsSpan(first, count));
        }
        Readout = ridge.Solve();
    }

    /// <summary>The sums over the pools and the bias, of some images [count x units].</summary>
    float[] Sums(DigitSet images, int first, int count)
    {
        var sums = new float[count * _pools.Units];
        if (count == 0) return sums;
        _sampler.Sample(images.Image(first), new float[_sampler.Nodes]); // refuses a wrong size here rather than inside the threads
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = _options.Threads }, () => new float[_sampler.Nodes], (i, _, samples) =>
        {
            _sampler.Sample(images.Image(first + i), samples);
            Standardise(samples);
            for (var unit = 0; unit < _pools.Units; unit++)
            {
                double sum = _options.Appended * (double)_bias[unit];
                foreach (var input in _pools.Pool(unit)) sum += samples[input];
                sums[i * _pools.Units + unit] = (float)sum;
            }
            return samples;
        }, _ => { });
        return sums;
    }

    /// <summary>Makes z-scores (n - 1); an image of one colour becomes zeros.</summary>
    static void Standardise(Span<float> samples)
    {
        double sum = 0, squares = 0;
        foreach (var value in samples) sum += value;
        var mean = sum / samples.Length;
        foreach (var value in samples) squares += (value - mean) * (value - mean);
        var deviation = Math.Sqrt(squares / Math.Max(1, samples.Length - 1));
        var factor = deviation > 0 ? 1 / deviation : 0;
        for (var i = 0; i < samples.Length; i++) samples[i] = (float)((samples[i] - mean) * factor);
    }

    void Squash(Span<float> sums)
    {
        for (var i = 0; i < sums.Length; i++)
        {
            var unit = i % _range.Length;
            sums[i] = _range[unit] > 0 ? Tanh((sums[i] - _least[unit]) / _range[unit]) : 0;
        }
    }

    static float Tanh(float value) => (float)Math.Tanh(value);
}
