using System.ComponentModel.DataAnnotations;
using Seamless.Storage.Space;

namespace Seamless.Storage.Log;

public sealed class LogOptions
{
    /// <summary>Partitions that devices are spread over. Fixed when the log is created.</summary>
    [Range(1, 64)]
    public int Partitions { get; set; } = 1;

    /// <summary>Size of a segment file, preallocated; less on a disk that has no room for sixteen of them.</summary>
    [Range(64 * 1024, 1 << 30)]
    public int SegmentBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>A commit is written once it holds about this much, whatever the delay.</summary>
    [Range(4 * 1024, 16 * 1024 * 1024)]
    public int CommitBytes { get; set; } = 256 * 1024;

    /// <summary>How long a small commit waits, at most, for as many senders as the one before had. A lone one goes at once.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01")]
    public TimeSpan CommitDelay { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>Below this much free space appends wait until there is more again; null for what fits the disk (<see cref="DiskLevels"/>).</summary>
    [Range(0, long.MaxValue)]
    public long? MinFreeBytes { get; set; }

    /// <summary>Below this much free space an alarm says so; null for what fits the disk.</summary>
    [Range(0, long.MaxValue)]
    public long? WarnFreeBytes { get; set; }

    /// <summary>Off in simulated time, where the driver appends the ticks.</summary>
    public bool Ticks { get; set; } = true;

    /// <summary>Whether a commit waits for the disk. Off only for simulations and tests, whose data nobody is promised.</summary>
    public bool Durable { get; set; } = true;
}
