using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Seamless.Storage.DeadLetters;
using Seamless.Storage.Log;
using Seamless.Storage.Operations;
using Seamless.Storage.TimeSeries;
using Seamless.Telemetry;
using Seamless.Telemetry.Payloads;

namespace Seamless.Storage.Tests;

public sealed class AssemblyTests
{
    [Fact]
    public async Task A_sample_appended_to_the_log_is_found_in_the_store_by_the_assembled_services()
    {
        using var folder = new TempFolder();
        var ct = TestContext.Current.CancellationToken;
        var builder = new ServiceCollection();
        builder.AddLogging();
        builder.AddStorage(o =>
        {
            o.DataDirectory = folder.Path;
            o.Log.SegmentBytes = 1 << 20;
            o.TimeSeries.WriteDelay = TimeSpan.FromMilliseconds(10);
        });
        await using var services = builder.BuildServiceProvider();
        foreach (var room in services.GetServices<IRoomDatabase>()) await room.MigrateAsync(ct);
        foreach (var hosted in services.GetServices<IHostedService>()) await hosted.StartAsync(ct);
        foreach (var hosted in services.GetServices<IHostedService>().OfType<IHostedLifecycleService>()) await hosted.StartedAsync(ct);
        var log = services.GetRequiredService<ITelemetryLog>();
        var device = new DeviceKey("default", "pump-1");

        await log.AppendAsync([LogEntry.Of(new Sample(device, 1_764_000_000_000, null, [new Reading("flow", 80.5), new Reading("mode", double.NaN, "auto")]), 1_764_000_000_100)], ct);
        await log.WaitForAsync("store", ct);

        var latest = await services.GetRequiredService<ITimeSeriesStore>().LatestAsync(device, ct);
        Assert.Equal([new LatestValue("flow", 1_764_000_000_000, 80.5, null), new LatestValue("mode", 1_764_000_000_000, double.NaN, "auto")], latest);

        var letters = services.GetRequiredService<IDeadLetters>();
        var id = await letters.AddAsync(new DeadLetter(0, "default", "pump-1", "mqtt", "t", "pump-1", null, [1, 2], [new Reject(RejectReason.Malformed, 0, null, "no")], DateTimeOffset.UnixEpoch, null, null), ct);
        Assert.Equal(RejectReason.Malformed, (await letters.FindAsync("default", id, ct))!.Rejects[0].Reason);
        foreach (var hosted in services.GetServices<IHostedService>()) await hosted.StopAsync(ct);
    }
}

internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("seamless-storage-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
