namespace Seamless.Storage.Space;

public enum DiskState { Ample, Low, Full }

/// <summary>At how much free space what happens: an alarm first, then senders wait. What is below the reserve belongs to databases, checkpoints and seals.</summary>
/// <param name="ReserveBytes">Below it nothing more is taken from senders.</param>
/// <param name="WarnBytes">Below it somebody should act.</param>
/// <param name="TotalBytes">The size of the disk.</param>
public sealed record DiskLevels(long ReserveBytes, long WarnBytes, long TotalBytes)
{
    private const long Mega = 1L << 20;
    private const long MostReserve = 512 * Mega;
    private const long MostWarning = 10 * 1024 * Mega;
    private const long LeastSegment = Mega;

    /// <param name="reserveBytes">As configured; null for a tenth of the disk, at most 512 MB.</param>
    /// <param name="warnBytes">As configured; null for a twentieth of the disk, at most 10 GB and at least twice the reserve.</param>
    public static DiskLevels Of(long totalBytes, long? reserveBytes, long? warnBytes)
    {
        var reserve = reserveBytes ?? Math.Min(totalBytes / 10, MostReserve);
        var warn = warnBytes ?? Math.Max(Math.Min(totalBytes / 20, MostWarning), 2 * reserve);
        return new DiskLevels(reserve, Math.Max(warn, reserve), totalBytes);
    }

    /// <summary>From here on senders go on: a little above the reserve, so that they do not stop and go with every file.</summary>
    public long ResumeBytes => ReserveBytes + Math.Min(ReserveBytes / 4, 64 * Mega);

    private long AmpleBytes => WarnBytes + Math.Min(WarnBytes / 8, 256 * Mega);

    /// <summary>The size of a segment of the log: sixteen of them fit on a small disk.</summary>
    public int SegmentBytes(int wished) => (int)Math.Min(wished, Math.Max(TotalBytes / 16, LeastSegment));

    /// <summary>Rows in memory before they are sealed.</summary>
    public int SealMegabytes(int wished) => (int)Math.Min(wished, Math.Max(TotalBytes / 32 / Mega, 1));

    /// <param name="sendersWait">The log has stopped for want of space.</param>
    public DiskState Next(DiskState now, long freeBytes, bool sendersWait)
    {
        if (sendersWait || freeBytes < (now is DiskState.Full ? ResumeBytes : ReserveBytes)) return DiskState.Full;
        return freeBytes < (now is DiskState.Ample ? WarnBytes : AmpleBytes) ? DiskState.Low : DiskState.Ample;
    }
}
