using Quartz;
using Seamless.Learning.Training;

namespace Seamless.Portal.Training;

/// <summary>Each night: trains models again whose engineers want that, when enough has come since.</summary>
internal sealed class RefitJob(Refitter refitter) : IJob
{
    public const string Name = "model-refits";

    /// <summary>Quartz' six fields, UTC: after the comparison of inputs.</summary>
    public const string Nightly = "0 47 3 * * ?";

    private static readonly TimeSpan TimeOfDay = new(3, 47, 0);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await refitter.RunAsync(cancellationToken);

    /// <summary>When models are looked at next.</summary>
    public static DateTimeOffset NextAfter(DateTimeOffset now)
    {
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero) + TimeOfDay;
        return today > now ? today : today.AddDays(1);
    }
}
