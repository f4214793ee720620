using System.IO.Compression;

namespace Seamless.Portal.Tests.Api;

public sealed class BackupTests(RunningPlatform running)
{
    [Fact]
    public async Task A_backup_of_the_running_platform_holds_both_databases_and_the_log_but_no_lock_and_no_key_of_the_process()
    {
        await using var body = await running.Admin.GetStreamAsync("/api/v1/backup");
        using var copy = new MemoryStream();
        await body.CopyToAsync(copy);
        await using var archive = new ZipArchive(copy);

        var names = archive.Entries.Select(entry => entry.FullName).ToList();
        Assert.Contains("operations.db", names);
        Assert.Contains("timeseries/state", names);
        Assert.Contains(names, name => name.StartsWith("log/", StringComparison.Ordinal));
        Assert.DoesNotContain(names, name => name is "control.json" or "platform.lock" or "log/lock");
        Assert.All(archive.Entries.Where(entry => entry.FullName.EndsWith("db", StringComparison.Ordinal)), entry => Assert.True(entry.Length > 0));
    }
}
