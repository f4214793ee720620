using System.Text.Json.Serialization;

namespace Seamless.Telemetry.Updates;

/// <summary>Where a device is with its update.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<UpdatePhase>))]
public enum UpdatePhase : byte { Idle, Downloading, Verified, Waiting, Installing, Restarting, Probation, Committed, RolledBack, Refused, Stopped }

/// <summary>The section <c>update</c> of what a device reports of itself (its shadow).</summary>
/// <param name="Version">What runs now.</param>
/// <param name="ReleaseCounter">Of what runs now; 0 for what was installed by hand.</param>
/// <param name="Manifest">Hash of the release that the phase speaks of; null when there was none yet.</param>
/// <param name="Counter">Of the newest assignment it has accepted.</param>
/// <param name="Progress">0–100 of the download.</param>
/// <param name="Code">Stable, for programs: why it was refused, rolled back or waits.</param>
/// <param name="Keys">Version of its trusted keys.</param>
public sealed record UpdateReport(
    string Version, long ReleaseCounter, UpdatePhase Phase, string? Manifest, long Counter, int Progress, string? Code, string? Detail, int Keys)
{
    [JsonIgnore]
    public bool IsEnd => Phase is UpdatePhase.Committed or UpdatePhase.RolledBack or UpdatePhase.Refused or UpdatePhase.Stopped;
}

/// <summary>The payload of <c>shadow/reported</c> as an agent sends it.</summary>
public sealed record ReportedShadow(long Version, ReportedState State);

public sealed record ReportedState(UpdateReport? Update);
