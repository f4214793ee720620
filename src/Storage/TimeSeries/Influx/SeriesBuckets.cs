namespace Seamless.Storage.TimeSeries.Influx;

/// <summary>Points into buckets, where the server's own would not say it all.</summary>
internal static class SeriesBuckets
{
    /// <param name="points">In order of time.</param>
    public static IReadOnlyList<SeriesPoint> Of(IEnumerable<SeriesPoint> points, long bucketMs, Aggregate aggregate) =>
        [.. points.GroupBy(p => p.TimestampMs - (p.TimestampMs % bucketMs + bucketMs) % bucketMs).Select(bucket => Reduce(bucket.Key, [.. bucket], aggregate))];

    private static SeriesPoint Reduce(long at, List<SeriesPoint> points, Aggregate aggregate)
    {
        var state = points[^1].State;
        if (aggregate is Aggregate.Count) return new SeriesPoint(at, points.Count, state);
        var numbers = points.Where(p => p.State is null).Select(p => p.Value).ToList();
        if (numbers.Count == 0) return new SeriesPoint(at, double.NaN, state);
        return new SeriesPoint(at, aggregate switch
        {
            Aggregate.Min => numbers.Min(),
            Aggregate.Max => numbers.Max(),
            Aggregate.Last => numbers[^1],
            _ => numbers.Average(),
        }, state);
    }
}
