using System.Text.Json.Nodes;
using Seamless.Fleet.Shadows;
using Seamless.Telemetry;

namespace Seamless.Ingest.Dialects;

/// <summary>Merges what a device reports piece by piece into its reported shadow, which native devices send whole and with their own version.</summary>
/// <remarks>A merge is a read and a write. Only the door writes what devices report, so a lock of ours keeps two connections of a device from losing one's part.</remarks>
internal sealed class ReportedMerge(Desks desks)
{
    private const int MaxBytes = 256 * 1024;
    private readonly SemaphoreSlim[] _locks = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    public async ValueTask<Outcome<Shadow>> MergeAsync(DeviceKey device, JsonObject patch, CancellationToken ct)
    {
        var mine = _locks[StableHash.Of(device) % (ulong)_locks.Length];
        await mine.WaitAsync(ct);
        try
        {
            var shadow = await desks.Shadows.GetAsync(device, ct);
            var state = JsonObjects.Parse(shadow.ReportedJson);
            JsonObjects.Merge(state, patch);
            var json = state.ToJsonString();
            if (json.Length > MaxBytes) return Refusal.Invalid($"the reported state would have {json.Length} characters; at most {MaxBytes} are kept");
            return await desks.Shadows.ReportAsync(device, shadow.ReportedVersion + 1, json, ct);
        }
        finally
        {
            mine.Release();
        }
    }
}
