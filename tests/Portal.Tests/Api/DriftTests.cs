using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Quartz;
using Seamless.Learning;
using Seamless.Learning.Live;
using Seamless.Portal.Tests.Stage;
using Seamless.Portal.Training;
using Seamless.Rules.Alarms;

namespace Seamless.Portal.Tests.Api;

public sealed class DriftTests(RunningPlatform running)
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_model_whose_inputs_have_drifted_is_an_alarm_of_the_platform_until_they_are_alike_again()
    {
        StageModels.Write(running.DataDirectory, "drift-wear@1", "rul", "2026-06-01T08:00:00Z", "{}");
        var services = running.Platform.Services;
        var drift = services.GetRequiredService<InputDrift>();
        var model = services.GetRequiredService<IModels>().Find("drift-wear@1")! with { Deciles = new Dictionary<string, IReadOnlyList<double>> { ["vibration"] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] } };
        var job = new DriftJob(drift, services.GetRequiredService<IModels>(), services.GetRequiredService<PlatformAlarms>(), NullLogger<DriftJob>.Instance);

        for (var i = 0; i < 300; i++) drift.Count(model, new Dictionary<string, double> { ["vibration"] = 20 });
        await job.JudgeAsync(Ct);
        var raised = Assert.Single(await AlarmsAsync());
        Assert.Contains("drift-wear@1: vibration PSI", (string)raised["evidence"]![0]!["text"]!, StringComparison.Ordinal);
        Assert.True((bool)raised["isActive"]!);

        for (var i = 0; i < 300; i++) drift.Count(model, new Dictionary<string, double> { ["vibration"] = i % 100 / 10.0 });
        await job.JudgeAsync(Ct);
        Assert.DoesNotContain(await AlarmsAsync(), alarm => (bool)alarm["isActive"]!);
    }

    [Fact]
    public async Task It_is_looked_at_every_night()
    {
        var models = await running.Platform.Services.GetRequiredKeyedService<ISchedulerFactory>(DriftJob.Scheduler).GetScheduler(Ct);
        Assert.Equal(SchedulerStatus.Running, models.Status);
        Assert.NotNull(await models.GetJobDetail(new JobKey(DriftJob.Mode), Ct));
    }

    private async Task<List<JsonNode>> AlarmsAsync() =>
        [.. JsonNode.Parse(await running.Admin.GetStringAsync("/api/v1/alarms?limit=1000", Ct))!["items"]!.AsArray().Where(alarm => (string)alarm!["rule"]! == "platform-model-drift").Select(alarm => alarm!)];
}
