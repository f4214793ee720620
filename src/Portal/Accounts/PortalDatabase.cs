using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Seamless.Storage.Operations;

namespace Seamless.Portal.Accounts;

/// <summary>A person who may log in.</summary>
/// <remarks><see cref="IsDemo"/>: seeded by <c>demo</c> with a published password; refused by every other mode.</remarks>
public sealed class PortalUser
{
    public required string Tenant { get; init; }
    public required string Name { get; init; }
    public required string PasswordHash { get; set; }
    public required string Role { get; set; }
    public required long CreatedAtMs { get; init; }
    public bool IsDemo { get; init; }
}

/// <summary>A key for programs. Only its SHA-256 is kept: 256 random bits need no slow hash.</summary>
public sealed class PortalApiKey
{
    public required string Id { get; init; }
    public required string Tenant { get; init; }
    public required string Name { get; init; }
    public required string Hash { get; init; }
    public required string Role { get; init; }
    public required long CreatedAtMs { get; init; }
    public long? RevokedAtMs { get; set; }
}

/// <summary>The tables <c>portal_users</c> and <c>portal_api_keys</c>.</summary>
public sealed class PortalDatabase(DbContextOptions<PortalDatabase> options) : DbContext(options)
{
    public const string Room = "portal";

    public DbSet<PortalUser> Users => Set<PortalUser>();
    public DbSet<PortalApiKey> ApiKeys => Set<PortalApiKey>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<PortalUser>(user =>
        {
            user.ToTable("portal_users");
            user.HasKey(u => u.Name);   // names are unique over all tenants, so a login needs no tenant
            user.Property(u => u.Name).UseCollation("NOCASE");
        });
        modelBuilder.Entity<PortalApiKey>(key =>
        {
            key.ToTable("portal_api_keys");
            key.HasKey(k => k.Id);
            key.HasIndex(k => k.Hash).IsUnique();
            key.HasIndex(k => k.Tenant);
        });
    }
}

internal sealed class PortalRoom(IDbContextFactory<PortalDatabase> databases, OperationsDatabase operations) : IRoomDatabase
{
    public string Room => PortalDatabase.Room;

    public async Task MigrateAsync(CancellationToken ct)
    {
        await using var database = await databases.CreateDbContextAsync(ct);
        await operations.MigrateAsync(database, ct);
    }
}

internal sealed class PortalDatabaseDesign : IDesignTimeDbContextFactory<PortalDatabase>
{
    public PortalDatabase CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PortalDatabase>().UseSqlite("Data Source=design.db").Options);
}
