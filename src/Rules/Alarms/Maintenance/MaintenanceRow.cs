using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace Seamless.Rules.Alarms.Maintenance;

/// <summary>A window as it lies in the database.</summary>
internal sealed class MaintenanceRow
{
    public required string Id { get; init; }
    public required string Tenant { get; init; }
    public string? Device { get; init; }
    public string? Site { get; init; }
    public string? Type { get; init; }
    public DateTimeOffset Begin { get; init; }
    public DateTimeOffset? End { get; set; }
    public required string Zone { get; init; }

    /// <summary>0 when it does not come back.</summary>
    public byte WeeklyDays { get; init; }
    public int WeeklyAtMinute { get; init; }
    public int WeeklyMinutes { get; init; }
    public required string Reason { get; set; }
    public required string Author { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Times that were ended early or prolonged, as pairs of Unix milliseconds.</summary>
    public string ChangedJson { get; set; } = "[]";
    public DateTimeOffset? CancelledAt { get; set; }
    public int Version { get; set; }

    public static MaintenanceRow Of(MaintenanceWindow window) => new()
    {
        Id = window.Id,
        Tenant = window.Tenant,
        Device = window.Scope.Device,
        Site = window.Scope.Site,
        Type = window.Scope.Type,
        Begin = window.Begin,
        End = window.End,
        Zone = window.Zone,
        WeeklyDays = window.Weekly?.Days ?? 0,
        WeeklyAtMinute = window.Weekly is { } weekly ? (int)weekly.At.ToTimeSpan().TotalMinutes : 0,
        WeeklyMinutes = (int)(window.Weekly?.Duration.TotalMinutes ?? 0),
        Reason = window.Reason,
        Author = window.Author,
        CreatedAt = window.CreatedAt,
        Version = window.Version,
    };

    /// <summary>Takes over what may change of a window.</summary>
    public void Take(MaintenanceWindow window)
    {
        (End, Reason, CancelledAt, Version) = (window.End, window.Reason, window.CancelledAt, window.Version);
        ChangedJson = JsonSerializer.Serialize(window.Changed.Select(time => new[] { time.From.ToUnixTimeMilliseconds(), time.To.ToUnixTimeMilliseconds() }));
    }

    public MaintenanceWindow ToWindow() => new(
        Id, Tenant, new MaintenanceScope(Device, Site, Type), Begin, End, Zone, Weekly, Reason, Author, CreatedAt,
        [.. JsonSerializer.Deserialize<long[][]>(ChangedJson)!.Select(pair => new Occurrence(Time(pair[0]), Time(pair[1])))], CancelledAt, Version);

    private WeeklyPlan? Weekly => WeeklyDays == 0 ? null : new(WeeklyDays, TimeOnly.FromTimeSpan(TimeSpan.FromMinutes(WeeklyAtMinute)), TimeSpan.FromMinutes(WeeklyMinutes));

    private static DateTimeOffset Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);

    public static void Map(ModelBuilder modelBuilder) => modelBuilder.Entity<MaintenanceRow>(window =>
    {
        window.ToTable("rules_maintenance").HasKey(w => w.Id);
        window.HasIndex(w => w.Tenant);
        window.Ignore(nameof(Weekly));
    });
}
