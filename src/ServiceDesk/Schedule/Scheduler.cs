using Microsoft.Extensions.DependencyInjection;
using Quartz;
using Seamless.ServiceDesk.Parts.Planning;

namespace Seamless.ServiceDesk.Schedule;

internal static class Scheduler
{
    /// <summary>Quartz' six fields: at 03:17 UTC, when few look and no maintenance window begins.</summary>
    private const string Nightly = "0 17 3 * * ?";

    private static readonly string _nightlyPlan = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"0 {INightlyPlan.At.Minute} {INightlyPlan.At.Hour} * * ?");

    public static void AddTo(IServiceCollection services)
    {
        services.AddQuartz("desk", quartz =>
        {
            quartz.UseInMemoryStore(_ => { });
            quartz.ScheduleJob<HeartbeatJob>(
                trigger => trigger.WithIdentity("heartbeat").StartNow().WithSimpleSchedule(s => s.WithInterval(TimeSpan.FromSeconds(1)).RepeatForever()),
                job => job.WithIdentity("heartbeat").DisallowConcurrentExecution(true));
            quartz.ScheduleJob<MysteryJob>(
                trigger => trigger.WithIdentity("mystery").StartNow().WithSimpleSchedule(s => s.WithInterval(TimeSpan.FromSeconds(1)).RepeatForever()),
                job => job.WithIdentity("mystery").DisallowConcurrentExecution(true));
            quartz.ScheduleJob<RetentionJob>(
                trigger => trigger.WithIdentity("retention").WithCronSchedule(Nightly, s => s.InTimeZone(TimeZoneInfo.Utc)),
                job => job.WithIdentity("retention").DisallowConcurrentExecution(true));
            quartz.ScheduleJob<StockPlanJob>(
                trigger => trigger.WithIdentity("stock-plan").WithCronSchedule(_nightlyPlan, s => s.InTimeZone(TimeZoneInfo.Utc)),
                job => job.WithIdentity("stock-plan").DisallowConcurrentExecution(true));
        });
        services.AddQuartzHostedService(hosted => hosted.WaitForJobsToComplete = true);
        services.AddHostedService<Waker>();
    }
}
