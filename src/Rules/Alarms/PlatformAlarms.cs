using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.Rules.Alarms;

/// <summary>Something that is wrong with the platform itself.</summary>
/// <param name="Mode">Names it: the fault key is <c>platform:{mode}</c>, the rule <c>platform-{mode}</c>.</param>
/// <param name="Symptom">What was seen, as a stable code.</param>
/// <param name="Evidence">What was seen, in words.</param>
public sealed record PlatformTrouble(string Mode, Severity Severity, LocalizedText Message, string Symptom, LocalizedText Evidence);

/// <summary>Raises and clears alarms whose asset is the platform itself: no telemetry makes them, and they belong to the default tenant, whose people run it.</summary>
public sealed class PlatformAlarms
{
    private const string Version = "built-in";
    private readonly AlarmBook _book;
    private readonly TimeProvider _time;

    internal PlatformAlarms(AlarmBook book, TimeProvider time) => (_book, _time) = (book, time);

    public static string RuleOf(string mode) => $"platform-{mode}";
    private static string KeyOf(string mode) => $"platform:{mode}";

    /// <summary>Raises it; when it is raised already, says what is wrong now.</summary>
    public async Task RaiseAsync(PlatformTrouble trouble, CancellationToken ct)
    {
        var now = _time.GetUtcNow();
        var evidence = new Evidence("rule", RuleOf(trouble.Mode), trouble.Symptom, Metric: null, now, To: null, 1, Limit: null, Score: null, trouble.Evidence, Version, new Dictionary<string, double>());
        var track = await ActiveAsync(trouble.Mode, ct);
        if (track is null)
        {
            var raised = New(trouble.Mode, trouble.Severity, trouble.Message, evidence, now);
            await _book.ApplyAsync([new AlarmTrack(raised, 0).Change(AlarmChangeKind.Raised, now, raised)], ct);
            return;
        }
        var changed = track.Alarm with { Severity = trouble.Severity, Message = trouble.Message, Evidence = [evidence with { From = track.Alarm.OnsetAt }] };
        await _book.ApplyAsync([track.Change(AlarmChangeKind.EvidenceChanged, now, changed)], ct);
    }

    /// <summary>Does nothing when it is not raised.</summary>
    public async Task ClearAsync(string mode, CancellationToken ct)
    {
        if (await ActiveAsync(mode, ct) is not { } track) return;
        var now = _time.GetUtcNow();
        var cleared = track.Alarm with { IsActive = false, ClearedAt = now, Evidence = [.. track.Alarm.Evidence.Select(e => e with { To = now })] };
        await _book.ApplyAsync([track.Change(AlarmChangeKind.Cleared, now, cleared)], ct);
    }

    internal static Alarm New(string mode, Severity severity, LocalizedText message, Evidence evidence, DateTimeOffset now) => new(
        FaultTracker.AlarmId(DeviceKey.DefaultTenant, KeyOf(mode), now.ToUnixTimeMilliseconds(), Version), DeviceKey.DefaultTenant, Device: null, Site: "", Alarm.PlatformType, KeyOf(mode),
        RuleOf(mode), Version, mode, severity, AlarmState.Unacknowledged, IsActive: true, IsAcknowledged: false, ShelvedUntil: null, SuppressedBy: null,
        RaisedAt: now, OnsetAt: now, ClearedAt: null, Count: 1, message, [evidence], [], Parent: null, Members: [], Version: 0);

    private Task<AlarmTrack?> ActiveAsync(string mode, CancellationToken ct) => _book.ActiveAsync(DeviceKey.DefaultTenant, KeyOf(mode), ct);
}
