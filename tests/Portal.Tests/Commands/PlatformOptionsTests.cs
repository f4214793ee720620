using System.Collections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Seamless.Ingest;
using Seamless.Portal.Commands;
using Seamless.Portal.Commands.Settings;
using Seamless.ServiceDesk;
using Seamless.Storage;
using Seamless.Telemetry;

namespace Seamless.Portal.Tests.Commands;

public sealed class PlatformOptionsTests(RunningPlatform running)
{
    [Fact]
    public void Retention_is_set_for_all_and_for_single_metrics()
    {
        var options = From("store:\n  retention:\n    samples: 400d\n    metrics:\n      vibration*: 30d\n      current: 12h\n  keepHours: 900d\n").Value!;
        Assert.Equal(TimeSpan.FromDays(400), options.KeepSamples);
        Assert.Equal(new Dictionary<string, TimeSpan> { ["vibration*"] = TimeSpan.FromDays(30), ["current"] = TimeSpan.FromHours(12) }, options.KeepMetrics);
        Assert.Equal(TimeSpan.FromDays(900), options.KeepHours);
    }

    [Fact]
    public void The_rooms_of_a_running_platform_know_it()
    {
        var services = running.Platform.Services;
        Assert.Equal(TimeSpan.FromDays(400), services.GetRequiredService<IOptions<ServiceDeskOptions>>().Value.KeepSamples);
        Assert.Equal(TimeSpan.FromDays(30), services.GetRequiredService<IOptions<StorageOptions>>().Value.TimeSeries.Retention["short-lived*"]);
    }

    [Fact]
    public void Single_metrics_can_stand_in_one_line() =>
        Assert.Equal(new Dictionary<string, TimeSpan> { ["a*"] = TimeSpan.FromDays(30), ["b=c"] = TimeSpan.FromDays(9) }, From("store:\n  retention:\n    metrics: a*=30d, b=c = 9d\n").Value!.KeepMetrics);

    [Fact]
    public void Without_a_word_it_is_as_documented()
    {
        var options = From("").Value!;
        Assert.Equal(TimeSpan.FromDays(365), options.KeepSamples);
        Assert.Empty(options.KeepMetrics);
        var (ours, usual) = (IngestOf(options).Sparkplug, new IngestOptions().Sparkplug);
        Assert.Equal(
            (usual.HostId, usual.IsPrimaryHost, usual.ReorderTimeout, usual.RebirthEvery, usual.RebirthAtMostEvery, usual.RebirthsPerSecond, usual.MaxMetricsPerNode),
            (ours.HostId, ours.IsPrimaryHost, ours.ReorderTimeout, ours.RebirthEvery, ours.RebirthAtMostEvery, ours.RebirthsPerSecond, ours.MaxMetricsPerNode));
    }

    [Fact]
    public void Every_option_of_Sparkplug_has_its_key()
    {
        var sparkplug = IngestOf(From("""
            ingest:
              sparkplug:
                hostId: plant-1
                primaryHost: false
                reorderTimeout: 3s
                rebirthEvery: 20s
                rebirthAtMostEvery: 10m
                rebirthsPerSecond: 7
                maxMetricsPerNode: 500
            """).Value!).Sparkplug;
        Assert.Equal(
            ("plant-1", false, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(10), 7, 500),
            (sparkplug.HostId, sparkplug.IsPrimaryHost, sparkplug.ReorderTimeout, sparkplug.RebirthEvery, sparkplug.RebirthAtMostEvery, sparkplug.RebirthsPerSecond, sparkplug.MaxMetricsPerNode));
    }

    [Theory]
    [InlineData("store:\n  retention:\n    samples: 30d\n    metrics: current=31d\n", "store.retention.metrics.current: a metric can be kept for less long than the rest, not longer; raise store.retention.samples (30d)")]
    [InlineData("store:\n  kind: duckdb\n  retention:\n    metrics: current=31d\n", "store.retention.metrics: only the store segments")]
    [InlineData("ingest:\n  sparkplug:\n    rebirthEvery: 10m\n", "ingest.sparkplug.rebirthAtMostEvery: 5m is less than ingest.sparkplug.rebirthEvery (10m)")]
    public void What_cannot_hold_together_is_refused_with_what_would(string yaml, string expected) =>
        Assert.StartsWith(expected, From(yaml).Refusal!.Reason, StringComparison.Ordinal);

    private static Outcome<PlatformOptions> From(string yaml)
    {
        var file = System.IO.Path.GetTempFileName();
        File.WriteAllText(file, yaml);
        var problems = new List<SettingProblem>();
        var settings = PlatformSettings.Load(file, new Hashtable(), new Dictionary<string, string?>(), problems);
        File.Delete(file);
        Assert.Empty(problems);
        return PlatformOptions.From(settings!);
    }

    private static IngestOptions IngestOf(PlatformOptions options)
    {
        var ingest = new IngestOptions();
        options.Ingest!(ingest);
        return ingest;
    }
}
