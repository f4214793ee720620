using Microsoft.Extensions.Logging;
using Seamless.Storage.TimeSeries.Segments.Files;
using Seamless.Storage.TimeSeries.Segments.Heads;
using Seamless.Telemetry;
using Seamless.Telemetry.Rows;

namespace Seamless.Storage.TimeSeries.Segments;

/// <summary>What holds now: where all rows are, and the newest values of those that are sealed. Readers take no lock; changes come one at a time.</summary>
internal sealed class StoreState
{
    private readonly SegmentFolder _folder;
    private readonly Lock _changing = new();
    private volatile View _view;

    /// <summary>As the files say.</summary>
    public StoreState(SegmentFolder folder, RowPool pool, TimeSeriesOptions options, ILogger logger)
    {
        _folder = folder;
        var segments = folder.Open();
        var marks = StateFile.Load(folder.Root, SealedLatest);
        foreach (var old in segments.Where(s => marks is not null && s.MaxMs < marks.ForgetMs(options.KeepRollups)).ToArray())
        {
            segments.Remove(old);   // a crash came before they were deleted
            folder.Delete(old);
        }
        LastSeal = segments.Select(s => s.Name.To).DefaultIfEmpty(0).Max();
        if (marks is null && segments.Count > 0) RebuildLatest(segments, logger);
        if (marks is null) Save(Marks.None);
        _view = new View(new HeadSet(pool), null, [.. segments], marks ?? Marks.None);
    }

    public View View => _view;

    public LatestValues SealedLatest { get; } = new();

    /// <summary>The number of the last seal of any day.</summary>
    public long LastSeal { get; set; }

    public void Show(Func<View, View> change)
    {
        lock (_changing) _view = change(_view);
    }

    /// <summary>Makes the marks and the newest values durable.</summary>
    public void Save(Marks marks) => StateFile.Save(_folder, marks, SealedLatest);

    public void Keep(HeadSet heads)
    {
        foreach (var device in heads.Devices())
            foreach (var value in heads.LatestOf(device)) SealedLatest.Put(Numbers.Devices[device], value);
    }

    private void RebuildLatest(List<Segment> segments, ILogger logger)
    {
        StoreMessages.StateLost(logger, Path.Combine(_folder.Root, StateFile.Name));
        foreach (var segment in segments)
            foreach (var device in segment.Devices)
                foreach (var block in device.Blocks)
                    if (segment.Read(device.Device, block, []) is { } rows) Keep(rows);
    }

    private void Keep(DeviceRows rows)
    {
        var device = Numbers.Devices[rows.Device];
        foreach (var column in rows.Columns)
        {
            var k = column.Count - 1;
            while (k >= 0 && column.QualityOf(k) is Quality.Bad) k--;
            if (k >= 0) SealedLatest.Put(device, new LatestValue(Numbers.Metrics[column.Metric], rows.Times[column.RowOf(k)], column.ValueOf(k), column.TextOf(k)));
        }
    }
}
