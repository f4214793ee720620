using System.Globalization;
using System.Text;
using Seamless.Fleet.Registry;
using Seamless.Rules.Packs;
using Seamless.Storage.TimeSeries;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Evidence.Sources;

/// <summary>What the machine measured from before the onset until after the repair, as it was sent; of a long repair the means of each minute.</summary>
internal sealed class TelemetryEvidence(IDeviceRegistry registry, ITimeSeriesStore store, IPacks packs) : IEvidenceSource
{
    private const int MostPoints = 20_000;
    private static readonly TimeSpan Raw = TimeSpan.FromHours(6);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(14);

    public async Task<IReadOnlyList<EvidenceFile>> ReadAsync(EvidenceCase of, CancellationToken ct)
    {
        if (of.Ticket.Device is not { } id || await registry.FindAsync(new DeviceKey(of.Ticket.Tenant, id), ct) is not { } device) return [];
        var to = of.To - of.From > Longest ? of.From + Longest : of.To;
        TimeSpan? bucket = to - of.From > Raw ? TimeSpan.FromMinutes(1) : null;
        var metrics = (await store.LatestAsync(device.Key, ct)).Select(latest => latest.Metric).Order(StringComparer.Ordinal).ToList();
        var series = await store.QueryAsync(new SeriesQuery(device.Key, metrics, of.From, to, bucket, Limit: MostPoints), ct);
        return [new EvidenceFile("telemetry.csv", Csv(series, packs.Find(device.Type)))];
    }

    private static byte[] Csv(IReadOnlyList<Series> series, EquipmentPack? pack)
    {
        var text = new StringBuilder("time,metric,unit,value,state\n");
        foreach (var one in series.OrderBy(s => s.Metric, StringComparer.Ordinal))
            foreach (var point in one.Points)
                text.Append(CultureInfo.InvariantCulture, $"{DateTimeOffset.FromUnixTimeMilliseconds(point.TimestampMs):yyyy-MM-ddTHH:mm:ss.fffZ},{one.Metric},{pack?.Metric(one.Metric)?.Unit},{(double.IsFinite(point.Value) ? point.Value : null)},{Cell(point.State)}\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Cell(string? text) => text is null ? "" : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
