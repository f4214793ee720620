using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Parts.Custody;
using Seamless.Storage.Operations;

namespace Seamless.ServiceDesk.Database;

internal sealed class DeskDatabase(OperationsDatabase database, IDbContextFactory<DeskContext> contexts, CustodySeal seal) : IRoomDatabase
{
    public const string Name = "desk";

    public string Room => Name;

    public async Task MigrateAsync(CancellationToken ct)
    {
        await using var context = await contexts.CreateDbContextAsync(ct);
        await database.MigrateAsync(context, ct);
        await EventChain.LinkEarlierAsync(context, ct);
        await seal.LinkEarlierAsync(context, ct);
    }
}

/// <summary>For <c>dotnet ef migrations add</c> only.</summary>
internal sealed class DeskContextAtDesignTime : IDesignTimeDbContextFactory<DeskContext>
{
    public DeskContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<DeskContext>();
        new OperationsDatabase(Path.Combine(Path.GetTempPath(), "seamless-design")).Configure(options, DeskDatabase.Name);
        return new DeskContext(options.Options);
    }
}
