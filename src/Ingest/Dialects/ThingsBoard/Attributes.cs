using System.Text.Json.Nodes;
using Seamless.Ingest.Receiving;
using Seamless.Telemetry;
using Seamless.Telemetry.Payloads;

namespace Seamless.Ingest.Dialects.ThingsBoard;

/// <summary>Attributes over our shadows: client attributes are what a device reports, shared ones what is desired of it.</summary>
internal sealed class Attributes(ReportedMerge reported, Desks desks)
{
    public async ValueTask<Receipt> ReportAsync(DeviceKey device, ReadOnlyMemory<byte> payload, CancellationToken ct)
    {
        if (JsonObjects.Parse(payload.Span, out var fault) is not { } patch) return Receipt.Of(RejectReason.Malformed, fault);
        var merged = await reported.MergeAsync(device, patch, ct);
        return merged.Succeeded ? new Receipt(1, []) : Receipt.Of(RejectReason.WrongShape, merged.Refusal.Reason);
    }

    /// <summary><c>{"client":{…},"shared":{…}}</c> with the keys asked for; with all when none is. A part without any is left out.</summary>
    public async ValueTask<JsonObject> AskAsync(DeviceKey device, string? clientKeys, string? sharedKeys, CancellationToken ct)
    {
        var shadow = await desks.Shadows.GetAsync(device, ct);
        var all = clientKeys is null && sharedKeys is null;
        var answer = new JsonObject();
        if (Pick(shadow.ReportedJson, clientKeys, all) is { Count: > 0 } client) answer["client"] = client;
        if (Pick(shadow.DesiredJson, sharedKeys, all) is { Count: > 0 } shared) answer["shared"] = shared;
        return answer;
    }

    /// <summary>What changed of the shared attributes in their form: values, and <c>"deleted":[…]</c> for those that are gone.</summary>
    public static JsonObject Update(JsonObject changes)
    {
        var update = new JsonObject();
        var deleted = new JsonArray();
        foreach (var (name, value) in changes)
        {
            if (value is null) deleted.Add((JsonNode)name);
            else update[name] = value.DeepClone();
        }
        if (deleted.Count > 0) update["deleted"] = deleted;
        return update;
    }

    private static JsonObject Pick(string json, string? keys, bool all)
    {
        var picked = JsonObjects.Parse(json);
        if (all) return picked;
        var wanted = (keys ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal);
        foreach (var name in picked.Select(pair => pair.Key).Where(name => !wanted.Contains(name)).ToList()) picked.Remove(name);
        return picked;
    }
}
