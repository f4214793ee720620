using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Seamless.Storage.Operations;

namespace Seamless.Storage.DeadLetters;

/// <summary>A row of <c>storage_dead_letters</c>. Times are Unix ms.</summary>
public sealed class DeadLetterRow
{
    public long Id { get; set; }
    public required string Tenant { get; set; }
    public string? Device { get; set; }
    public required string Channel { get; set; }
    public required string Topic { get; set; }
    public required string Source { get; set; }
    public string? ContentType { get; set; }
    public required byte[] Payload { get; set; }
    public int PayloadBytes { get; set; }
    /// <summary>The rejects as JSON, in the form of <see cref="RejectsJson"/>.</summary>
    public required string Rejects { get; set; }
    public long ReceivedAt { get; set; }
    public long? ReplayedAt { get; set; }
    public string? ReplayOutcome { get; set; }
}

/// <summary>The tables of the room <c>storage</c>.</summary>
public sealed class DeadLetterContext(DbContextOptions<DeadLetterContext> options) : DbContext(options)
{
    public const string Room = "storage";

    public DbSet<DeadLetterRow> DeadLetters => Set<DeadLetterRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        var letters = modelBuilder.Entity<DeadLetterRow>().ToTable("storage_dead_letters");
        letters.HasKey(l => l.Id);
        letters.Property(l => l.Id).ValueGeneratedOnAdd();
        letters.HasIndex(l => new { l.Tenant, l.Device, l.Id });
        letters.HasIndex(l => l.ReceivedAt);
    }
}

/// <summary>For <c>dotnet ef migrations</c> only.</summary>
internal sealed class DeadLetterContextFactory : IDesignTimeDbContextFactory<DeadLetterContext>
{
    public DeadLetterContext CreateDbContext(string[] args)
    {
        var builder = new DbContextOptionsBuilder<DeadLetterContext>();
        new OperationsDatabase(Path.Combine(Path.GetTempPath(), "seamless-design")).Configure(builder, DeadLetterContext.Room);
        return new DeadLetterContext(builder.Options);
    }
}
