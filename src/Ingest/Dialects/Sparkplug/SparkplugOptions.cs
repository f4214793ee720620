using System.ComponentModel.DataAnnotations;

namespace Seamless.Ingest.Dialects.Sparkplug;

/// <summary>Section <c>ingest.sparkplug</c>: the platform as a Sparkplug host application.</summary>
public sealed class SparkplugOptions
{
    /// <summary>Our name in <c>spBv1.0/STATE/{host}</c>: what nodes name as their primary host.</summary>
    [Required, RegularExpression("[A-Za-z0-9_.:-]{1,128}")]
    public string HostId { get; set; } = "seamless";

    /// <summary>Whether we say in STATE that we are there. Off where nodes wait for another primary host.</summary>
    public bool IsPrimaryHost { get; set; } = true;

    /// <summary>How long messages that a gap in <c>seq</c> shows to be missing may still come in before a rebirth is asked for.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan ReorderTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The least time between two rebirth requests to one node. It doubles while they do not help.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RebirthEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Where the doubling ends.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan RebirthAtMostEvery { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Rebirth requests to all nodes together: thousands of births at once would be a storm of our own making.</summary>
    [Range(1, 10_000)]
    public int RebirthsPerSecond { get; set; } = 50;

    /// <summary>Metrics of one node and its devices together.</summary>
    [Range(1, 10_000_000)]
    public int MaxMetricsPerNode { get; set; } = 100_000;
}
