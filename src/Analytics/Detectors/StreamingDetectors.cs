namespace Seamless.Analytics.Detectors;

/// <summary>The detectors by the name that packs use.</summary>
public static class StreamingDetectors
{
    /// <exception cref="ArgumentException">No detector has that name.</exception>
    public static IStreamingDetector Create(string name) => name switch
    {
        "novelty" => new NoveltyDetector(),
        "above-usual" => new DeviationDetector(+1),
        "below-usual" => new DeviationDetector(-1),
        _ => throw new ArgumentException($"there is no detector named '{name}'; there is: {string.Join(", ", Names)}", nameof(name)),
    };

    public static IReadOnlyList<string> Names { get; } = ["novelty", "above-usual", "below-usual"];
}
