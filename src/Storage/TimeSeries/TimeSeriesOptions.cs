using System.ComponentModel.DataAnnotations;

namespace Seamless.Storage.TimeSeries;

public enum TimeSeriesKind { Segments, DuckDb }

public sealed class TimeSeriesOptions
{
    public TimeSeriesKind Kind { get; set; } = TimeSeriesKind.Segments;

    // Segments

    /// <summary>Rows in memory are written to segments once there are this many …</summary>
    [Range(1, 100_000_000)]
    public int SealRows { get; set; } = 2_000_000;

    /// <summary>… or they take this much memory …</summary>
    [Range(1, 64 * 1024)]
    public int SealMegabytes { get; set; } = 192;

    /// <summary>… or the oldest has waited this long. Until then the log keeps them too.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan SealAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>A minute or an hour of a metric gets its mean, least, greatest and last beside the rows when it stands for this many of them on average.</summary>
    [Range(1, 1_000_000)]
    public int RollupWorth { get; set; } = 240;

    /// <summary>How much longer than the rows of a day its hours are kept.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "36500.00:00:00")]
    public TimeSpan KeepRollups { get; set; }

    /// <summary>How long single metrics are kept, rows and hours, when that is less than the rest: by name, or by what the name begins with and a star. The least that fits holds.</summary>
    public IDictionary<string, TimeSpan> Retention { get; } = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);

    // DuckDB

    /// <summary>What DuckDB may hold in memory; beyond it, it spills to disk.</summary>
    [Range(64, 64 * 1024)]
    public int MemoryMegabytes { get; set; } = 256;

    [Range(1, 64)]
    public int Threads { get; set; } = 2;

    /// <summary>The store's writer appends once it has gathered this many samples …</summary>
    [Range(1, 1_000_000)]
    public int WriteBatch { get; set; } = 50_000;

    /// <summary>… or this long after the first of them.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan WriteDelay { get; set; } = TimeSpan.FromMilliseconds(500);
}
