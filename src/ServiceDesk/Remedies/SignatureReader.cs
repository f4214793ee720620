using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Seamless.Analytics.MachineState;
using Seamless.Fleet.Registry;
using Seamless.Rules.Packs;
using Seamless.Storage.TimeSeries;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Remedies;

/// <summary>Reads from the history how a machine departed from its usual when an alarm was raised.</summary>
internal sealed partial class SignatureReader(ITimeSeriesStore store, IPacks packs, ILogger<SignatureReader> logger)
{
    /// <summary>By the machine's clock: the desk does one thing at a time, and does not wait longer for what would only make a ticket surer.</summary>
    private static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(2);

    /// <summary>By the machine's clock: a store that has failed is left alone so long, or a hundred alarms would wait for it a hundred times.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    private long? _failed;   // timestamp

    /// <param name="raisedAt">Event time; only rows that were complete by then are looked at, so that the same telemetry gives the same signature.</param>
    /// <returns>Null for a fault of a whole site, of a machine of no known type, or of one that is too new; and where the store does not answer.</returns>
    public async Task<FaultSignature?> ReadAsync(string tenant, string? device, string type, DateTimeOffset raisedAt, CancellationToken ct)
    {
        if (device is null || packs.Find(type) is not { } pack) return null;
        var metrics = pack.Metrics.Where(metric => metric.Type is MetricType.Number && !metric.Personal).Select(metric => metric.Name).Order(StringComparer.Ordinal).ToList();
        if (metrics.Count == 0) return null;
        var to = new DateTimeOffset(raisedAt.UtcTicks - raisedAt.UtcTicks % FaultSignature.Row.Ticks, TimeSpan.Zero);
        var from = to - FaultSignature.Rows * FaultSignature.Row;
        var key = new DeviceKey(tenant, device);
        var series = await QueryAsync(new SeriesQuery(key, metrics, from, to, FaultSignature.Row), ct);
        return series.Count == 0 ? null : FaultSignature.Of(metrics, RowsOf(series, metrics, from));
    }

    private async Task<IReadOnlyList<Series>> QueryAsync(SeriesQuery query, CancellationToken ct)
    {
        if (_failed is { } at && Stopwatch.GetElapsedTime(at) < Rest) return [];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(MostPatience);
        try
        {
            return await store.QueryAsync(query, patience.Token);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)   // whatever the store has: the ticket is opened without
        {
            _failed = Stopwatch.GetTimestamp();
            NotRead(e, query.Device, Rest);
            return [];
        }
    }

    private static double[][] RowsOf(IReadOnlyList<Series> series, List<string> metrics, DateTimeOffset from)
    {
        var rows = new double[FaultSignature.Rows][];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = new double[metrics.Count];
            Array.Fill(rows[i], double.NaN);
        }
        foreach (var one in series)
        {
            var metric = metrics.IndexOf(one.Metric);
            if (metric < 0) continue;
            foreach (var point in one.Points)
            {
                var row = (point.TimestampMs - from.ToUnixTimeMilliseconds()) / (long)FaultSignature.Row.TotalMilliseconds;
                if (row >= 0 && row < rows.Length) rows[row][metric] = point.Value;
            }
        }
        return rows;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The history of {Device} could not be read; its ticket has no fault signature, nor have others for {Rest}")]
    private partial void NotRead(Exception e, DeviceKey device, TimeSpan rest);
}
