using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Seamless.Storage.Operations;

/// <summary>Has SQLite hand its commits to the operating system and not wait for the disk.</summary>
/// <remarks>What is committed survives the end of the process, not that of the machine. SQLite keeps the setting with a connection, so each that is opened is told.</remarks>
internal sealed class UnflushedConnections : DbConnectionInterceptor
{
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Relax(connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Relax(connection);
        return Task.CompletedTask;
    }

    private static void Relax(DbConnection connection)
    {
        using var pragma = connection.CreateCommand();
        pragma.CommandText = "PRAGMA synchronous=OFF;";
        pragma.ExecuteNonQuery();
    }
}
