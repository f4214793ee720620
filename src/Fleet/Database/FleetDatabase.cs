using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Seamless.Fleet.Commands;
using Seamless.Fleet.Updates;
using Seamless.Storage.Operations;

namespace Seamless.Fleet.Database;

/// <summary>The tables of the room <c>fleet</c>.</summary>
internal sealed class FleetDatabase(DbContextOptions<FleetDatabase> options) : DbContext(options)
{
    public const string Room = "fleet";

    public DbSet<DeviceRow> Devices => Set<DeviceRow>();
    public DbSet<SiteRow> Sites => Set<SiteRow>();
    public DbSet<CredentialRow> Credentials => Set<CredentialRow>();
    public DbSet<CommandRow> Commands => Set<CommandRow>();
    public DbSet<AuditRow> Audit => Set<AuditRow>();
    public DbSet<ShadowRow> Shadows => Set<ShadowRow>();
    public DbSet<PresenceRow> Presence => Set<PresenceRow>();
    public DbSet<ChangeRow> Changes => Set<ChangeRow>();
    public DbSet<LimitRow> Limits => Set<LimitRow>();
    public DbSet<ArtefactRow> Artefacts => Set<ArtefactRow>();
    public DbSet<CampaignRow> Campaigns => Set<CampaignRow>();
    public DbSet<DeviceUpdateRow> DeviceUpdates => Set<DeviceUpdateRow>();

    protected override void ConfigureConventions(ModelConfigurationBuilder conventions) =>
        conventions.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<DeviceRow>(device =>
        {
            device.ToTable("fleet_devices").HasKey(row => new { row.Tenant, row.Device });
            device.Property(row => row.Version).IsConcurrencyToken();
            device.HasIndex(row => new { row.Tenant, row.Type });
            device.HasIndex(row => new { row.Tenant, row.Site });
        });
        model.Entity<SiteRow>().ToTable("fleet_sites").HasKey(row => new { row.Tenant, row.Site });
        model.Entity<CredentialRow>(credential =>
        {
            credential.ToTable("fleet_credentials").HasKey(row => new { row.Tenant, row.Device });
            credential.HasIndex(row => row.Lookup);
        });
        model.Entity<CommandRow>(command =>
        {
            command.ToTable("fleet_commands").HasKey(row => row.Id);
            command.HasIndex(row => new { row.Tenant, row.Device, row.IdempotencyKey }).IsUnique();
            command.HasIndex(row => new { row.Tenant, row.Device, row.CreatedAt });
            command.HasIndex(row => new { row.State, row.ExpiresAt });
        });
        model.Entity<AuditRow>(audit =>
        {
            audit.ToTable("fleet_audit").HasKey(row => row.Id);
            audit.HasIndex(row => new { row.Tenant, row.Id });
        });
        model.Entity<ShadowRow>().ToTable("fleet_shadows").HasKey(row => new { row.Tenant, row.Device });
        model.Entity<PresenceRow>().ToTable("fleet_presence").HasKey(row => new { row.Tenant, row.Device });
        model.Entity<ChangeRow>().ToTable("fleet_changes").HasKey(row => row.Number);
        model.Entity<LimitRow>().ToTable("fleet_limits").HasKey(row => new { row.Tenant, row.Device });
        UpdateTables.Create(model);
    }
}

/// <summary>Unix milliseconds: sorts and compares in SQLite, which a text date with an offset does not.</summary>
internal sealed class UnixMilliseconds()
    : ValueConverter<DateTimeOffset, long>(time => time.ToUnixTimeMilliseconds(), ms => DateTimeOffset.FromUnixTimeMilliseconds(ms));

internal sealed class DeviceRow
{
    public required string Tenant { get; init; }
    public required string Device { get; init; }
    public required string Type { get; set; }
    public required string Site { get; set; }
    public required string Customer { get; set; }
    public string? Serial { get; set; }
    public double? Latitude { get; set; }
    public double? Longitude { get; set; }
    public required string TagsJson { get; set; }
    public required string Tier { get; set; }
    public string? Gateway { get; set; }
    public string? RedundancyGroup { get; set; }
    public DateTimeOffset RegisteredAt { get; init; }
    public int Version { get; set; }
}

internal sealed class SiteRow
{
    public required string Tenant { get; init; }
    public required string Site { get; init; }
    public required string Name { get; set; }
    public double? Latitude { get; set; }
    public double? Longitude { get; set; }
    public required string TimeZone { get; set; }
    public required string Customer { get; set; }
}

internal sealed class CredentialRow
{
    public required string Tenant { get; init; }
    public required string Device { get; init; }
    public required byte[] Salt { get; set; }
    public required byte[] Hash { get; set; }

    /// <summary>Null for a token that was issued before this column came: it needs its device's name beside it.</summary>
    public byte[]? Lookup { get; set; }
    public DateTimeOffset IssuedAt { get; set; }
}

internal sealed class CommandRow
{
    public required string Id { get; init; }
    public required string Tenant { get; init; }
    public required string Device { get; init; }
    public required string Name { get; init; }
    public required string ArgsJson { get; init; }
    public required string RiskClass { get; init; }
    public required string IdempotencyKey { get; init; }
    public required string Actor { get; init; }
    public CommandState State { get; set; }
    public int Progress { get; set; }
    public string? Detail { get; set; }
    public string? DataJson { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? SentAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }
}

internal sealed class AuditRow
{
    public long Id { get; init; }
    public DateTimeOffset At { get; init; }
    public required string Tenant { get; init; }
    public required string Actor { get; init; }
    public required string Action { get; init; }
    public required string Subject { get; init; }
    public string? From { get; init; }
    public required string Result { get; init; }
    public string? Detail { get; init; }
}

/// <summary>Versions are 0 until the side has spoken.</summary>
internal sealed class ShadowRow
{
    public required string Tenant { get; init; }
    public required string Device { get; init; }
    public long DesiredVersion { get; set; }
    public string DesiredJson { get; set; } = "{}";
    public DateTimeOffset? DesiredAt { get; set; }
    public long ReportedVersion { get; set; }
    public string ReportedJson { get; set; } = "{}";
    public DateTimeOffset? ReportedAt { get; set; }
}

internal sealed class PresenceRow
{
    public required string Tenant { get; init; }
    public required string Device { get; init; }
    public DateTimeOffset? LastSeen { get; set; }
    public string? AgentVersion { get; set; }
}

/// <summary>One line per change of a device or its token, so that another process learns what changed and not only that something did.</summary>
internal sealed class ChangeRow
{
    public long Number { get; init; }
    public required string Tenant { get; init; }
    public required string Device { get; init; }
    public bool Credentials { get; init; }
}

/// <summary>What an operator has set. Null: as the settings say; the greatest number there is: none.</summary>
internal sealed class LimitRow
{
    public required string Tenant { get; init; }

    /// <summary>Empty for the tenant as a whole.</summary>
    public required string Device { get; init; }
    public long? MessagesPerSecond { get; init; }
    public long? Burst { get; init; }
    public long? BytesPerDay { get; init; }
    public long? Metrics { get; init; }

    /// <summary>Of a tenant alone.</summary>
    public long? Devices { get; init; }
}

internal sealed class FleetRoomDatabase(OperationsDatabase operations, IDbContextFactory<FleetDatabase> databases) : IRoomDatabase
{
    public string Room => FleetDatabase.Room;

    public async Task MigrateAsync(CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        await operations.MigrateAsync(database, ct);
    }
}

/// <summary>For <c>dotnet ef migrations</c>.</summary>
internal sealed class FleetDatabaseDesign : IDesignTimeDbContextFactory<FleetDatabase>
{
    public FleetDatabase CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<FleetDatabase>();
        new OperationsDatabase(Path.Combine(Path.GetTempPath(), "seamless-design")).Configure(options, FleetDatabase.Room);
        return new FleetDatabase(options.Options);
    }
}
