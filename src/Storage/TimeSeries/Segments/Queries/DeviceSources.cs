using Microsoft.Extensions.Logging;
using Seamless.Storage.TimeSeries.Segments.Files;
using Seamless.Storage.TimeSeries.Segments.Heads;
using Seamless.Telemetry.Rows;

namespace Seamless.Storage.TimeSeries.Segments.Queries;

/// <summary>A place that has rows of a device.</summary>
/// <param name="Segment">Null for a head.</param>
internal sealed record Source(Segment? Segment, SegmentDevice? Stored, DeviceRows? Head)
{
    public long MinMs { get; } = Stored?.MinMs ?? Head!.MinMs;
    public long MaxMs { get; } = Stored?.MaxMs ?? Head!.MaxMs;

    public bool Has(int metric)
    {
        if (Head is { } head) return head.Find(metric) is not null;
        foreach (var block in Stored!.Blocks)
            foreach (var column in block.Columns)
                if (column.Metric == metric) return true;
        return false;
    }
}

/// <summary>All that there is of one device in some time, from segments and heads.</summary>
/// <param name="logger">Told of damaged blocks.</param>
internal sealed class DeviceSources(int device, long fromMs, long toMs, ILogger logger)
{
    private readonly List<Source> _sources = [];

    /// <summary>In order of writing.</summary>
    public IReadOnlyList<Source> All => _sources;

    /// <summary>Whether a block could not be read.</summary>
    public bool IsDamaged { get; private set; }

    public static DeviceSources Of(OpenView open, int device, long fromMs, long toMs, ReadOnlySpan<int> metrics, ILogger logger)
    {
        var sources = new DeviceSources(device, fromMs, toMs, logger);
        foreach (var segment in open.Segments) sources.Add(segment);
        foreach (var heads in open.View.Heads)
            if (heads.RowsOf(device, fromMs, toMs, metrics) is { } head) sources._sources.Add(new Source(null, null, head));
        return sources;
    }

    public void Add(Segment segment)
    {
        if (segment.Find(device) is { } stored && stored.MaxMs >= fromMs && stored.MinMs < toMs) _sources.Add(new Source(segment, stored, null));
    }

    /// <summary>The rows in pieces that follow one another, each ascending; the first and last may reach beyond the time.</summary>
    /// <param name="metrics">Empty for all.</param>
    /// <param name="skip">Blocks that are not needed.</param>
    public List<DeviceRows> Read(ReadOnlySpan<int> metrics, Func<Source, StoredBlock, bool>? skip = null)
    {
        var pieces = new List<DeviceRows>();
        foreach (var source in _sources)
        {
            if (source.Head is { } head) pieces.Add(head.Sorted());
            else ReadBlocks(source, metrics, skip, pieces);
        }
        return InOrder(pieces);
    }

    private void ReadBlocks(Source source, ReadOnlySpan<int> metrics, Func<Source, StoredBlock, bool>? skip, List<DeviceRows> pieces)
    {
        foreach (var block in source.Stored!.Blocks)
        {
            if (block.MaxMs < fromMs || block.MinMs >= toMs || !HasAny(block, metrics) || skip?.Invoke(source, block) == true) continue;
            if (source.Segment!.Read(device, block, metrics) is { } rows)
            {
                pieces.Add(rows);
                continue;
            }
            IsDamaged = true;
            StoreMessages.BlockDamaged(logger, source.Segment.Path, Numbers.Devices[device].ToString(), block.MinMs, block.MaxMs);
        }
    }

    private static bool HasAny(StoredBlock block, ReadOnlySpan<int> metrics)
    {
        if (metrics.IsEmpty) return true;
        foreach (var column in block.Columns)
            if (metrics.Contains(column.Metric)) return true;
        return false;
    }

    /// <summary>Pieces that overlap in time become one, in which the later written stands.</summary>
    private static List<DeviceRows> InOrder(List<DeviceRows> pieces)
    {
        if (Follow(pieces)) return pieces;
        var byTime = pieces.Index().OrderBy(p => p.Item.MinMs).ToList();
        var ordered = new List<DeviceRows>();
        for (var i = 0; i < byTime.Count;)
        {
            var (end, maxMs) = (i + 1, byTime[i].Item.MaxMs);
            for (; end < byTime.Count && byTime[end].Item.MinMs <= maxMs; end++) maxMs = Math.Max(maxMs, byTime[end].Item.MaxMs);
            ordered.Add(end - i == 1 ? byTime[i].Item : DeviceRows.Concat([.. byTime[i..end].OrderBy(p => p.Index).Select(p => p.Item)]).Sorted());
            i = end;
        }
        return ordered;
    }

    private static bool Follow(List<DeviceRows> pieces)
    {
        for (var i = 1; i < pieces.Count; i++)
            if (pieces[i].MinMs <= pieces[i - 1].MaxMs) return false;
        return true;
    }
}
