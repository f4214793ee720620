using System.ComponentModel.DataAnnotations;

namespace Seamless.Storage.TimeSeries;

public sealed class TimeSeriesOptions
{
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
