namespace Seamless.Analytics.Detectors;

/// <summary>What the novelty detector watches of a stream. The numbers are part of its persisted state.</summary>
internal enum Channel
{
    /// <summary>The value itself.</summary>
    Value,
    /// <summary>The mean of the last <see cref="SlidingMoments.Short"/> points.</summary>
    ShortMean,
    /// <summary>The mean of the last <see cref="SlidingMoments.Long"/> points.</summary>
    LongMean,
    /// <summary>The value against what is usual at this hour.</summary>
    Residual,
    /// <summary>The spread of the last <see cref="SlidingMoments.Long"/> points; its logarithm, so that a collapse is as visible as a growth.</summary>
    Spread,
    /// <summary>The value against the points just before it, in their spreads: a jolt in a calm stretch breaks no record of the value.</summary>
    Jolt,
}
