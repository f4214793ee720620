using System.Globalization;
using System.Security.Claims;
using System.Text;
using Seamless.Fleet.Registry;
using Seamless.Portal.Accounts;
using Seamless.Portal.Transfer;
using Seamless.Rules.Packs;
using Seamless.Storage.TimeSeries;
using Seamless.Telemetry;
using Seamless.Telemetry.Payloads;

namespace Seamless.Portal.Api;

/// <param name="Samples">Taken.</param>
/// <param name="Rejects">What was not, and why.</param>
public sealed record HistoryReceipt(int Samples, IReadOnlyList<Reject> Rejects);

/// <summary>History in and out. What comes in is stored and not judged: the past raises no alarm (a backtest shows what it would have).</summary>
internal static class HistoryTransfer
{
    private static readonly JsonSampleDecoder Decoder = new(new DecoderOptions());

    public static void MapHistoryTransfer(this RouteGroupBuilder api)
    {
        api.MapGet("/history", ExportAsync).WithName("exportHistory").WithTags("Telemetry").RequireAuthorization(Policies.Read)
            .Produces<string>(contentType: "text/csv").WithSummary("Samples of devices: format=csv (timestamp, device and a column for each metric) or lp, line protocol in the precision ns, us, ms or s.");
        api.MapPost("/devices/{device}/history", ImportAsync).WithName("importHistory").WithTags("Telemetry").RequireAuthorization(Policies.Operate)
            .Accepts<object>("application/json").Produces<HistoryReceipt>().WithSummary("Past telemetry, the same payloads as /telemetry: stored, not judged.");
    }

    private static async Task<IResult> ExportAsync(
        string? device, Instant from, Instant to, string? format, string? precision, ClaimsPrincipal user, IDeviceRegistry registry, IPacks packs, ITimeSeriesStore store, CancellationToken ct)
    {
        if (from.At >= to.At) return Problems.Invalid("'from' must be before 'to'");
        if (format is not (null or "csv" or "lp")) return Problems.Invalid($"format is '{format}'; it must be csv or lp");
        if (!Enum.TryParse<Precision>(precision ?? "ns", ignoreCase: true, out var unit) || int.TryParse(precision, out _)) return Problems.Invalid($"precision is '{precision}'; it must be ns, us, ms or s");
        var names = device?.Split(',', StringSplitOptions.RemoveEmptyEntries)
            ?? [.. (await registry.ListAsync(new DeviceFilter(user.Tenant(), Limit: 10_000), ct)).Select(known => known.Id)];
        var devices = new List<DeviceKey>();
        var metrics = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (await registry.FindAsync(user.Key(name), ct) is not { } known) return Devices.Unknown(name);
            devices.Add(known.Key);
            metrics.UnionWith(packs.Find(known.Type)?.Metrics.Select(metric => metric.Name) ?? []);
            metrics.UnionWith((await store.LatestAsync(known.Key, ct)).Select(latest => latest.Metric));
        }
        if (format == "lp")
            return TypedResults.Stream(body => WriteLinesAsync(body, key => registry.FindCached(key)?.Type ?? "generic", unit, store.ReadAsync(devices, from.At, to.At, ct)), "text/plain", "history.lp");
        return TypedResults.Stream(body => WriteAsync(body, [.. metrics], store.ReadAsync(devices, from.At, to.At, ct)), "text/csv", "history.csv");
    }

    private static async Task WriteAsync(Stream body, IReadOnlyList<string> metrics, IAsyncEnumerable<Sample> samples)
    {
        await using var writer = new StreamWriter(body, new UTF8Encoding(false), bufferSize: 64 * 1024, leaveOpen: true);
        await writer.WriteLineAsync($"timestamp,device,{string.Join(',', metrics.Select(Quoted))}");
        var line = new StringBuilder();
        await foreach (var sample in samples)
        {
            line.Clear().Append(sample.TimestampMs.ToString(CultureInfo.InvariantCulture)).Append(',').Append(sample.Device.Device);
            foreach (var metric in metrics) line.Append(',').Append(TextOf(sample, metric));
            await writer.WriteLineAsync(line);
        }
    }

    private static async Task WriteLinesAsync(Stream body, Func<DeviceKey, string> typeOf, Precision precision, IAsyncEnumerable<Sample> samples)
    {
        await using var writer = new StreamWriter(body, new UTF8Encoding(false), bufferSize: 64 * 1024, leaveOpen: true);
        var (line, row) = (new StringBuilder(), new HistoryRow());
        await foreach (var sample in samples)
        {
            row.Clear();
            (row.Tenant, row.Device, row.TimestampMs) = (sample.Device.Tenant, sample.Device.Device, sample.TimestampMs);
            foreach (var reading in sample.Readings)
            {
                if (reading.State is { } state) row.Values.Add(HistoryValue.Of(reading.Metric, state));
                else if (double.IsFinite(reading.Value)) row.Values.Add(HistoryValue.Of(reading.Metric, reading.Value));
            }
            if (row.Values.Count == 0) continue;
            LineProtocol.Write(line.Clear(), typeOf(sample.Device), row, precision);
            await writer.WriteAsync(line);
        }
    }

    private static string TextOf(Sample sample, string metric)
    {
        foreach (var reading in sample.Readings)
        {
            if (reading.Metric == metric) return reading.State is { } state ? Quoted(state) : reading.Value.ToString("R", CultureInfo.InvariantCulture);
        }
        return "";
    }

    private static string Quoted(string text) => text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    private static async Task<IResult> ImportAsync(
        string device, HttpRequest request, ClaimsPrincipal user, IDeviceRegistry registry, ITimeSeriesStore store, TimeProvider time, CancellationToken ct)
    {
        if (await registry.FindAsync(user.Key(device), ct) is not { } known) return Devices.Unknown(device);
        using var payload = new MemoryStream();
        await request.Body.CopyToAsync(payload, ct);
        var (samples, rejects) = (new List<Sample>(), new List<Reject>());
        Decoder.Decode(known.Key, payload.GetBuffer().AsSpan(0, (int)payload.Length), time.GetUtcNow().ToUnixTimeMilliseconds(), samples, rejects);
        await store.AppendAsync(samples, ct);
        await store.FlushAsync(ct);   // no log has them: what is answered must be durable
        return samples.Count == 0 && rejects is [{ Reason: RejectReason.Malformed } first, ..]
            ? Problems.Invalid($"byte {first.Position}: {first.Detail}")
            : TypedResults.Ok(new HistoryReceipt(samples.Count, rejects));
    }
}
