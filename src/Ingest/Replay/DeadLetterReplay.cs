using Seamless.Fleet.Audit;
using Seamless.Fleet.Registry;
using Seamless.Ingest.Receiving;
using Seamless.Storage.DeadLetters;
using Seamless.Telemetry;

namespace Seamless.Ingest.Replay;

/// <param name="Outcome"><c>accepted</c>, <c>partly accepted: …</c> or <c>refused: …</c> with the first reason.</param>
public sealed record Replayed(long Id, int Accepted, int Rejected, string Outcome);

/// <summary>Sends dead letters through the same pipeline again, as they came and at the time they came: after a decoder was mended, a device registered.</summary>
/// <remarks>Nobody gains rights by a replay: what its sender was not allowed then is asked again, of what the sender is now.</remarks>
internal sealed class DeadLetterReplay(IDeadLetters letters, Receiver receiver, IDeviceRegistry devices, IAudit audit, TimeProvider time)
{
    private const int PageSize = 200;

    /// <param name="ids">Null for all that were never replayed.</param>
    public async Task<IReadOnlyList<Replayed>> ReplayAsync(string tenant, IReadOnlyList<long>? ids, string actor, CancellationToken ct)
    {
        var replayed = new List<Replayed>();
        // Oldest first, as they came.
        foreach (var id in (ids ?? await NeverReplayedAsync(tenant, ct)).Order())
        {
            if (await letters.FindAsync(tenant, id, ct) is { } letter) replayed.Add(await ReplayAsync(letter, ct));
        }
        await audit.RecordAsync(tenant, actor, "dead-letter.replay", "dead-letters", null, "ok", $"{replayed.Count} replayed", ct);
        return replayed;
    }

    private async Task<Replayed> ReplayAsync(DeadLetter letter, CancellationToken ct)
    {
        var message = new InboundMessage(letter.Channel, letter.Topic, letter.Source, letter.ContentType, letter.Payload, letter.ReceivedAt) { IsReplay = true };
        var receipt = await receiver.UseAsync(message, await SenderOfAsync(letter, ct), ct);
        var outcome = receipt switch
        {
            { Rejects.Count: 0 } => "accepted",
            { Accepted: 0 } => $"refused: {receipt.Rejects[0].Detail}",
            _ => $"partly accepted: {receipt.Rejects[0].Detail}",
        };
        await letters.MarkReplayedAsync(letter.Id, time.GetUtcNow(), outcome, ct);
        return new Replayed(letter.Id, receipt.Accepted, receipt.Rejects.Count, outcome);
    }

    private async Task<DevicePrincipal> SenderOfAsync(DeadLetter letter, CancellationToken ct)
    {
        // Over MQTT the sender stands in Source; over HTTP the door has checked who may write for the device.
        var slash = letter.Source.IndexOf('/');
        var key = letter.Channel == "mqtt" && slash > 0 ? new DeviceKey(letter.Source[..slash], letter.Source[(slash + 1)..]) : new DeviceKey(letter.Tenant, letter.Device ?? "");
        var sender = await devices.FindAsync(key, ct);
        return new DevicePrincipal(key, sender?.Type == "gateway");
    }

    private async Task<IReadOnlyList<long>> NeverReplayedAsync(string tenant, CancellationToken ct)
    {
        var ids = new List<long>();
        for (long? before = null; ;)
        {
            var page = await letters.ListAsync(tenant, null, before, PageSize, ct);
            ids.AddRange(page.Where(letter => letter.ReplayedAt is null).Select(letter => letter.Id));
            if (page.Count < PageSize) return ids;
            before = page[^1].Id;
        }
    }
}
