using System.ComponentModel.DataAnnotations;

namespace Seamless.Ingest.Ledger;

/// <summary>How patiently gaps are watched and how often a device is asked for what is missing.</summary>
public sealed class LedgerOptions
{
    /// <summary>Whether devices are asked for what is missing. Gaps are known and shown either way.</summary>
    public bool Backfill { get; set; } = true;

    /// <summary>How long a gap may stay open before its device is asked: what comes out of order fills it meanwhile.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often gaps are looked through.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The pause after a request that did not bring everything; it doubles with each, up to an hour.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan FirstPause { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Requests for the same numbers before they are given up.</summary>
    [Range(1, 100)]
    public int Tries { get; set; } = 4;

    /// <summary>Devices asked in one look, so that a thousand that come back at once are not asked at once.</summary>
    [Range(1, 10_000)]
    public int DevicesAtOnce { get; set; } = 20;

    /// <summary>How long a device has to answer.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan AnswerWithin { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How often the state is written down; what came since is read again from the log after a crash.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan SaveEvery { get; set; } = TimeSpan.FromSeconds(30);
}
