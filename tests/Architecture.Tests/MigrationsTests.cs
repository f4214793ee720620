using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Seamless.Architecture.Tests;

/// <summary>Every room's tables can be brought from any earlier version to today's, and today's model has its migration.</summary>
public sealed class MigrationsTests
{
    private static readonly string[] RoomsWithTables = ["Seamless.Storage", "Seamless.Fleet", "Seamless.Rules", "Seamless.ServiceDesk", "seamless"];

    public static TheoryData<string> Rooms() => [.. RoomsWithTables];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void The_model_has_no_change_without_a_migration(string room)
    {
        using var context = Open(room);
        Assert.False(context.Database.HasPendingModelChanges(), $"run: dotnet ef migrations add <Name> for {context.GetType().Name}");
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public async Task Every_earlier_version_migrates_to_the_newest(string room)
    {
        using var probe = Open(room);
        var versions = probe.Database.GetMigrations().ToList();
        Assert.NotEmpty(versions);

        foreach (var version in versions)
        {
            var folder = Directory.CreateTempSubdirectory("seamless-migrations-");
            await using (var context = Open(room))
            {
                context.Database.SetConnectionString($"Data Source={Path.Combine(folder.FullName, "operations.db")};Pooling=False");
                await context.GetService<IMigrator>().MigrateAsync(version);
                await context.Database.MigrateAsync();
                Assert.Empty(await context.Database.GetPendingMigrationsAsync());
            }
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The room's context, made as the design-time tools make it.</summary>
    private static DbContext Open(string room)
    {
        var factory = Assembly.Load(room).GetTypes().Single(type => type.GetInterfaces().Any(IsFactory));
        return (DbContext)factory.GetMethod("CreateDbContext")!.Invoke(Activator.CreateInstance(factory), [Array.Empty<string>()])!;
    }

    private static bool IsFactory(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IDesignTimeDbContextFactory<>);
}
