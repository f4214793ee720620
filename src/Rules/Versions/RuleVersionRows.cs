using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.Rules.Versions;

/// <summary>A text of a rule file as it lies in the database.</summary>
internal sealed class RuleVersionRow
{
    public long Number { get; init; }
    public required string Type { get; init; }
    public required string Name { get; init; }
    public required string Version { get; init; }
    public required string Yaml { get; init; }
    public required string Author { get; set; }
    public DateTimeOffset At { get; set; }
    public string? Note { get; set; }
    public RuleVersionState State { get; set; }
    public string? ReviewedBy { get; set; }
    public DateTimeOffset? ReviewedAt { get; set; }
    public string? Review { get; set; }
    public double? CanaryPercent { get; set; }
    public string? CanaryDevicesJson { get; set; }

    /// <summary>Rises with each run of stages, so that the ledger of one is not mixed with that of another.</summary>
    public int Run { get; set; }
    public DateTimeOffset? StagedAt { get; set; }
    public DateTimeOffset? StageAt { get; set; }
    public DateTimeOffset? StageEndedAt { get; set; }

    /// <summary>The <see cref="EquipmentPack.RulesVersion"/> of the packs that this text has made in its run: whose alarms are the candidate's. Separated by spaces.</summary>
    public string RulesVersions { get; set; } = "";
    public string? Previous { get; set; }
    public int Rules { get; init; }

    public bool IsStaged => State is RuleVersionState.Shadow or RuleVersionState.Canary;

    public CanaryChoice? Canary => (CanaryDevicesJson, CanaryPercent) switch
    {
        (null, null) => null,
        (null, var percent) => new CanaryChoice(null, percent),
        (var devices, _) => new CanaryChoice([.. JsonSerializer.Deserialize<string[][]>(devices)!.Select(pair => new DeviceKey(pair[0], pair[1]))], null),
    };

    public void Choose(CanaryChoice choice) => (CanaryPercent, CanaryDevicesJson) =
        (choice.Percent, choice.Devices is { } devices ? JsonSerializer.Serialize(devices.Select(d => new[] { d.Tenant, d.Device })) : null);

    public void EndRun(DateTimeOffset at)
    {
        if (IsStaged) StageEndedAt = at;
    }

    public void MadePack(string rulesVersion)
    {
        if (!RulesVersions.Split(' ').Contains(rulesVersion)) RulesVersions = $"{RulesVersions} {rulesVersion}".Trim();
    }

    public RuleVersion ToVersion() => new(
        Type, Name, Version, Yaml, Author, At, Note, State, ReviewedBy, ReviewedAt, Review, Canary, StagedAt, StageAt, StageEndedAt, Previous, Rules);
}

internal sealed class RuleVersionEventRow
{
    public long Number { get; init; }
    public long VersionNumber { get; init; }
    public RuleVersionState From { get; init; }
    public RuleVersionState To { get; init; }
    public required string Actor { get; init; }
    public DateTimeOffset At { get; init; }
    public string? Words { get; init; }
}

/// <summary>An alarm that was judged beside the engine and shown to nobody: the candidate's, or on a canary's devices that of the rules in force.</summary>
internal sealed class StageAlarmRow
{
    public long VersionNumber { get; init; }
    public int Run { get; init; }
    public required string AlarmId { get; init; }
    public required string Tenant { get; init; }
    public required string Device { get; init; }
    public required string FaultKey { get; init; }
    public required string Rule { get; init; }
    public Severity Severity { get; set; }
    public bool ByCandidate { get; init; }
    public DateTimeOffset RaisedAt { get; init; }
    public DateTimeOffset? ClearedAt { get; set; }
    /// <summary>Occurrences; 0 when telemetry that came late has taken it back.</summary>
    public int Count { get; set; }

    /// <summary>The last change that is in it: judged again after a crash, it counts once.</summary>
    public int Ordinal { get; set; }
}

internal static class RuleVersionTables
{
    public static void Map(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<RuleVersionRow>(version =>
        {
            version.ToTable("rules_versions").HasKey(v => v.Number);
            version.HasIndex(v => new { v.Type, v.Name, v.Version }).IsUnique();
            version.HasIndex(v => v.State);
            version.Ignore(v => v.Canary).Ignore(v => v.IsStaged);
        });
        modelBuilder.Entity<RuleVersionEventRow>(happened =>
        {
            happened.ToTable("rules_version_events").HasKey(e => e.Number);
            happened.HasIndex(e => e.VersionNumber);
        });
        modelBuilder.Entity<StageAlarmRow>(alarm => alarm.ToTable("rules_stage_alarms").HasKey(a => new { a.VersionNumber, a.Run, a.AlarmId }));
    }
}
