using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Seamless.Storage.Operations;

namespace Seamless.Storage.Tests.Operations;

public sealed class OperationsDatabaseTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("seamless-operations-").FullName;

    [Theory]
    [InlineData(true, 2)]    // FULL: a commit waits for the disk
    [InlineData(false, 0)]   // OFF
    public async Task Only_a_database_that_promises_nothing_commits_without_waiting_for_the_disk(bool durable, long synchronous)
    {
        var options = new DbContextOptionsBuilder<DbContext>();
        new OperationsDatabase(_directory, durable).Configure(options, "room");
        await using var context = new DbContext(options.Options);
        for (var opened = 0; opened < 2; opened++)
        {
            await context.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
            await using var command = context.Database.GetDbConnection().CreateCommand();
            command.CommandText = "PRAGMA synchronous;";
            Assert.Equal(synchronous, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
            await context.Database.CloseConnectionAsync();
        }
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
    }
}
