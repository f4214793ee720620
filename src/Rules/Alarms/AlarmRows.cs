using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Seamless.Rules.Alarms.Maintenance;
using Seamless.Rules.Diagnosis;
using Seamless.Rules.Evaluation;
using Seamless.Rules.Labels;
using Seamless.Rules.Packs;
using Seamless.Rules.Versions;
using Seamless.Storage.Operations;

namespace Seamless.Rules.Alarms;

/// <summary>An alarm as it lies in the database: what telemetry made, then what people did.</summary>
internal sealed class AlarmRow
{
    private Alarm? _taken;   // what telemetry made of it in this batch

    public required string Id { get; init; }
    public required string Tenant { get; init; }
    public string? Device { get; set; }
    public required string Site { get; set; }
    public required string Type { get; set; }
    public required string FaultKey { get; set; }
    public required string Rule { get; set; }
    public required string RuleVersion { get; set; }
    public required string Mode { get; set; }
    public Severity Severity { get; set; }
    public bool IsActive { get; set; }
    public DateTimeOffset RaisedAt { get; set; }
    public DateTimeOffset OnsetAt { get; set; }
    public DateTimeOffset? ClearedAt { get; set; }
    public int Count { get; set; }
    public required string MessageEn { get; set; }
    public required string MessageZhCn { get; set; }
    public required string EvidenceJson { get; set; }
    public required string DiagnosisJson { get; set; }
    public string? Parent { get; set; }
    public required string MembersJson { get; set; }

    /// <summary>Id of the alarm that explains this one.</summary>
    public string? ExplainedBy { get; set; }

    /// <summary>The last telemetry-made change that was applied.</summary>
    public int Ordinal { get; set; }

    public bool IsAcknowledged { get; set; }
    public DateTimeOffset? ShelvedUntil { get; set; }

    /// <summary>Who suppressed it by hand.</summary>
    public string? SuppressedBy { get; set; }
    public bool IsOutOfService { get; set; }
    public bool IsConfirmed { get; set; }
    public bool IsLatched { get; set; }

    /// <summary>Shelved until it returns to normal; <see cref="ShelvedUntil"/> bounds it.</summary>
    public bool IsShelvedOnce { get; set; }

    /// <summary>The plan or mode that suppresses it by design.</summary>
    public string? SuppressedByDesign { get; set; }

    /// <summary>Event time at which this occurrence came; null for alarms from before it was kept.</summary>
    public DateTimeOffset? CameAt { get; set; }

    /// <summary>A maintenance window holds it back.</summary>
    public bool InMaintenance { get; set; }

    /// <summary>The window in which it came; kept when that is over.</summary>
    public string? MaintenanceWindow { get; set; }
    public string? MaintenanceReason { get; set; }
    public DateTimeOffset? MaintenanceFrom { get; set; }
    public DateTimeOffset? MaintenanceUntil { get; set; }
    public bool IsJudgedInMaintenance { get; set; }

    /// <summary>Event times of its last clears, Unix milliseconds, as many as chatter takes.</summary>
    public string RecentClears { get; set; } = "";
    public DateTimeOffset? ChatterSince { get; set; }
    public int ChatterCount { get; set; }

    /// <summary>Event time from which on chatter that has not come again is over.</summary>
    public DateTimeOffset? ChatterEndsAt { get; set; }

    /// <summary>Closed by a person after this many telemetry-made changes; null while it is not.</summary>
    public int? ClosedAtOrdinal { get; set; }

    /// <summary>Derived, kept for queries.</summary>
    public AlarmState State { get; set; }
    public int Version { get; set; }

    public AlarmDimensions Dimensions =>
        new(IsActive, IsAcknowledged, ShelvedUntil is not null, ExplainedBy is not null, SuppressedBy is not null, IsOutOfService, ClosedAtOrdinal is not null)
        {
            Confirmed = IsConfirmed, Latched = IsLatched, ByDesign = SuppressedByDesign is not null, Maintenance = InMaintenance,
        };

    public MaintenanceMark? Maintenance => MaintenanceWindow is null
        ? null
        : new MaintenanceMark(MaintenanceWindow, MaintenanceReason ?? "", MaintenanceFrom ?? RaisedAt, MaintenanceUntil ?? RaisedAt, !InMaintenance);

    /// <summary>When this occurrence came, as near as is known.</summary>
    public DateTimeOffset Came => CameAt ?? RaisedAt;

    public void Mark(MaintenanceMark? mark) =>
        (InMaintenance, MaintenanceWindow, MaintenanceReason, MaintenanceFrom, MaintenanceUntil) = (mark is { IsOver: false }, mark?.Window, mark?.Reason, mark?.From, mark?.Until);

    public bool IsOpen => ClosedAtOrdinal is null && (IsActive || !IsAcknowledged || IsLatched);

    public void TakeTelemetry(Alarm alarm, int ordinal)
    {
        (Site, Type, Severity, IsActive, ClearedAt, Count) = (alarm.Site, alarm.Type, alarm.Severity, alarm.IsActive, alarm.ClearedAt, alarm.Count);
        (Parent, ExplainedBy, Ordinal, _taken) = (alarm.Parent, alarm.SuppressedBy, ordinal, alarm);
        IsJudgedInMaintenance = alarm.IsJudgedInMaintenance;
    }

    /// <summary>Writes what the changes of a batch came to; once, however many there were.</summary>
    public void Settle()
    {
        if (_taken is not { } alarm) return;
        (EvidenceJson, DiagnosisJson, MembersJson) = (AlarmJson.Write(alarm.Evidence), AlarmJson.Write(alarm.Diagnosis), AlarmJson.Write(alarm.Members));
        _taken = alarm with { Members = [.. alarm.Members] };   // the tracker's own list goes on growing
    }

    public static AlarmRow Of(Alarm alarm) => new()
    {
        Id = alarm.Id,
        Tenant = alarm.Tenant,
        Device = alarm.Device,
        Site = alarm.Site,
        Type = alarm.Type,
        FaultKey = alarm.FaultKey,
        Rule = alarm.Rule,
        RuleVersion = alarm.RuleVersion,
        Mode = alarm.Mode,
        RaisedAt = alarm.RaisedAt,
        OnsetAt = alarm.OnsetAt,
        MessageEn = alarm.Message.En,
        MessageZhCn = alarm.Message.ZhCn,
        EvidenceJson = "[]",
        DiagnosisJson = "[]",
        MembersJson = "[]",
    };

    public Alarm ToAlarm() => new(
        Id, Tenant, Device, Site, Type, FaultKey, Rule, RuleVersion, Mode, Severity, State, IsActive, IsAcknowledged, ShelvedUntil, SuppressedBy ?? SuppressedByDesign ?? (InMaintenance ? MaintenanceWindow : null) ?? ExplainedBy,
        RaisedAt, OnsetAt, ClearedAt, Count, new LocalizedText(MessageEn, MessageZhCn),
        _taken?.Evidence ?? AlarmJson.Read<IReadOnlyList<Evidence>>(EvidenceJson), _taken?.Diagnosis ?? AlarmJson.Read<IReadOnlyList<Cause>>(DiagnosisJson),
        Parent, _taken?.Members ?? AlarmJson.Read<IReadOnlyList<string>>(MembersJson), Version)
    {
        IsConfirmed = IsConfirmed,
        IsLatching = IsLatched || _taken is { IsLatching: true },
        IsLatched = IsLatched,
        IsShelvedOnce = IsShelvedOnce,
        SuppressedByDesign = SuppressedByDesign,
        IsJudgedInMaintenance = IsJudgedInMaintenance,
        Maintenance = Maintenance,
        Chatter = ChatterSince is { } since ? new Chatter(since, ChatterCount) : null,
    };
}

/// <summary>A line of the journal. <see cref="Ordinal"/> is set for what telemetry did and unique per alarm: a change replayed from the log is found here and not written twice.</summary>
internal sealed class AlarmChangeRow
{
    public long Number { get; init; }
    public required string AlarmId { get; init; }
    public required string Tenant { get; init; }
    public int? Ordinal { get; init; }
    public AlarmChangeKind Kind { get; init; }
    public DateTimeOffset At { get; init; }
    public required string Actor { get; init; }
    public string? Note { get; init; }
    public required string AlarmJson { get; init; }

    public AlarmChange ToChange() => new(Number, Kind, At, Actor, Note, Alarms.AlarmJson.Read<Alarm>(AlarmJson));
}

/// <summary>The rules room's tables.</summary>
internal sealed class RulesContext(DbContextOptions<RulesContext> options) : DbContext(options)
{
    public const string Room = "rules";

    public DbSet<AlarmRow> Alarms => Set<AlarmRow>();
    public DbSet<AlarmChangeRow> Changes => Set<AlarmChangeRow>();
    public DbSet<RuleVersionRow> RuleVersions => Set<RuleVersionRow>();
    public DbSet<RuleVersionEventRow> RuleVersionEvents => Set<RuleVersionEventRow>();
    public DbSet<StageAlarmRow> StageAlarms => Set<StageAlarmRow>();
    public DbSet<MaintenanceRow> Maintenance => Set<MaintenanceRow>();
    public DbSet<LabelRow> Labels => Set<LabelRow>();
    public DbSet<ThresholdChangeRow> ThresholdChanges => Set<ThresholdChangeRow>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<AlarmRow>(alarm =>
        {
            alarm.ToTable("rules_alarms").HasKey(a => a.Id);
            alarm.HasIndex(a => new { a.Tenant, a.OnsetAt });
            alarm.HasIndex(a => new { a.Tenant, a.Device, a.OnsetAt });
            alarm.HasIndex(a => new { a.Tenant, a.Site, a.OnsetAt });
            alarm.HasIndex(a => new { a.ClosedAtOrdinal, a.IsActive, a.IsAcknowledged });
            alarm.HasIndex(a => a.ShelvedUntil);
            alarm.HasIndex(a => a.ChatterEndsAt);
            alarm.HasIndex(a => new { a.InMaintenance, a.MaintenanceUntil });
            alarm.Ignore(a => a.IsOpen).Ignore(a => a.Dimensions).Ignore(a => a.Maintenance).Ignore(a => a.Came);
        });
        modelBuilder.Entity<AlarmChangeRow>(change =>
        {
            change.ToTable("rules_alarm_changes").HasKey(c => c.Number);
            change.Property(c => c.Number).ValueGeneratedNever();
            change.HasIndex(c => new { c.Tenant, c.At });
            change.HasIndex(c => new { c.AlarmId, c.Ordinal }).IsUnique();   // NULLs differ: what people did is not constrained
        });
        RuleVersionTables.Map(modelBuilder);
        MaintenanceRow.Map(modelBuilder);
        LabelRow.Map(modelBuilder);
        ThresholdChangeRow.Map(modelBuilder);
    }

    /// <summary>Unix milliseconds, so that times sort and compare in SQLite.</summary>
    internal sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(at => at.ToUnixTimeMilliseconds(), ms => DateTimeOffset.FromUnixTimeMilliseconds(ms));
}

internal sealed class RulesContextFactory : IDesignTimeDbContextFactory<RulesContext>
{
    public RulesContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<RulesContext>();
        new OperationsDatabase(Path.Combine(Path.GetTempPath(), "seamless-design")).Configure(options, RulesContext.Room);
        return new RulesContext(options.Options);
    }
}

internal sealed class RulesDatabase(OperationsDatabase database, IDbContextFactory<RulesContext> contexts) : IRoomDatabase
{
    public string Room => RulesContext.Room;

    public async Task MigrateAsync(CancellationToken ct)
    {
        await using var context = await contexts.CreateDbContextAsync(ct);
        await database.MigrateAsync(context, ct);
    }
}
