namespace Seamless.Storage.Operations;

/// <summary>A room's tables. Every room registers one; the platform migrates them all before it opens its doors.</summary>
public interface IRoomDatabase
{
    string Room { get; }
    Task MigrateAsync(CancellationToken ct);
}
