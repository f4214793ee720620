using System.Globalization;
using Quartz;
using Seamless.Learning;
using Seamless.Learning.Live;
using Seamless.Rules.Alarms;
using Seamless.Rules.Packs;

namespace Seamless.Portal.Training;

/// <summary>Each night: compares what the models in force were asked about with what they were trained on; an alarm of the platform says when that is another population.</summary>
internal sealed partial class DriftJob(InputDrift drift, IModels models, PlatformAlarms alarms, ILogger<DriftJob> logger) : IJob
{
    public const string Mode = "model-drift";
    public const string Scheduler = "models";

    /// <summary>Quartz' six fields, UTC: after the desk's retention.</summary>
    private const string Nightly = "0 27 3 * * ?";
    private const int MostInputsTold = 3;

    private static readonly LocalizedText Message = new("A model in force is asked about machines unlike those it was trained on", "启用中的模型所判断的数据与其训练数据已不相似");

    /// <summary>On a scheduler of its own, which starts and stops with the desk's.</summary>
    public static void AddTo(IServiceCollection services) => services.AddQuartz(Scheduler, quartz =>
    {
        quartz.UseInMemoryStore(_ => { });
        quartz.ScheduleJob<DriftJob>(
            trigger => trigger.WithIdentity(Mode).WithCronSchedule(Nightly, s => s.InTimeZone(TimeZoneInfo.Utc)),
            job => job.WithIdentity(Mode).DisallowConcurrentExecution(true));
        quartz.ScheduleJob<TrialJob>(
            trigger => trigger.WithIdentity(TrialJob.Name).WithCronSchedule(TrialJob.EveryFiveMinutes, s => s.InTimeZone(TimeZoneInfo.Utc)),
            job => job.WithIdentity(TrialJob.Name).DisallowConcurrentExecution(true));
        quartz.ScheduleJob<RefitJob>(
            trigger => trigger.WithIdentity(RefitJob.Name).WithCronSchedule(RefitJob.Nightly, s => s.InTimeZone(TimeZoneInfo.Utc)),
            job => job.WithIdentity(RefitJob.Name).DisallowConcurrentExecution(true));
    });

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await JudgeAsync(cancellationToken);

    internal async Task JudgeAsync(CancellationToken ct)
    {
        foreach (var report in drift.Judge()) Compared(report.Model, report.Rows, report.Psi.Values.DefaultIfEmpty().Max());
        // Of all that are in force, also those that were not compared tonight: silence is no return to normal.
        var drifted = models.All().Where(model => model.Status is "active").Select(model => drift.Of(model.Id)).OfType<DriftReport>().Where(report => report.HasDrifted).ToList();
        if (drifted.Count == 0)
        {
            await alarms.ClearAsync(Mode, ct);
            return;
        }
        var words = string.Join("; ", drifted.Select(Words));
        await alarms.RaiseAsync(new PlatformTrouble(Mode, Severity.Medium, Message, "model-inputs-drifted", new LocalizedText(words, words)), ct);
    }

    private static string Words(DriftReport report) => $"{report.Model}: " + string.Join(", ", report.Psi.Where(input => input.Value > DriftReport.Limit).OrderByDescending(input => input.Value).Take(MostInputsTold)
        .Select(input => string.Create(CultureInfo.InvariantCulture, $"{input.Key} PSI {input.Value:0.00}")));

    [LoggerMessage(Level = LogLevel.Information, Message = "{Model}: inputs of {Rows} samples compared with the training data, largest PSI {Psi}")]
    private partial void Compared(string model, int rows, double psi);
}
