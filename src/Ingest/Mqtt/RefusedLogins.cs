using Seamless.Fleet.Audit;
using Seamless.Telemetry;

namespace Seamless.Ingest.Mqtt;

/// <summary>Audits refused logins; the same name from the same address once in a while with its number, so that a device with an old token cannot fill the disk.</summary>
internal sealed class RefusedLogins(IAudit audit, TimeProvider time, TimeSpan every)
{
    private const int MaxRemembered = 10_000;

    private readonly Dictionary<(string User, string Address), (DateTimeOffset At, int Since)> _recent = [];

    public async Task RecordAsync(string userName, string from, string reason, CancellationToken ct)
    {
        if (CountIfRecent(userName, from) is not { } withheld) return;
        var slash = userName.IndexOf('/');
        var tenant = slash > 0 && DeviceKey.IsValidName(userName.AsSpan(0, slash)) ? userName[..slash] : DeviceKey.DefaultTenant;
        var detail = withheld == 0 ? reason : $"{reason}; {withheld} more since the last entry";
        await audit.RecordAsync(tenant, $"device:{userName[(slash + 1)..]}", "mqtt.connect.refused", $"device:{userName[(slash + 1)..]}", from, "refused", detail, ct);
    }

    /// <returns>How many were not audited since the last entry; null when this one is not to be audited either.</returns>
    private int? CountIfRecent(string userName, string from)
    {
        // The port changes with every attempt.
        var key = (userName, from.LastIndexOf(':') is > 0 and var colon ? from[..colon] : from);
        var now = time.GetUtcNow();
        lock (_recent)
        {
            if (_recent.TryGetValue(key, out var last) && now - last.At < every)
            {
                _recent[key] = (last.At, last.Since + 1);
                return null;
            }
            if (_recent.Count >= MaxRemembered) _recent.Clear();
            _recent[key] = (now, 0);
            return last.Since;
        }
    }
}
