using System.Threading.Channels;
using Seamless.Fleet.Audit;
using Seamless.Learning.Training;

namespace Seamless.Portal.Training;

/// <summary>Tries beside the active version what was trained again by itself, notes how each training ended, in the name of who ordered it, and goes on at the start with what was queued before.</summary>
/// <param name="resumes">False in a process that serves one command, or simulated time.</param>
internal sealed partial class TrainingWatch(ITrainingJobs jobs, Refitter refitter, IAudit audit, ILogger<TrainingWatch> logger, bool resumes) : BackgroundService
{
    private readonly Channel<TrainingJob> _ended = Channel.CreateUnbounded<TrainingJob>(new UnboundedChannelOptions { SingleReader = true });

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        jobs.Ended += Note;
        if (resumes) jobs.Resume();
        return base.StartAsync(cancellationToken);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        jobs.Ended -= Note;
        _ended.Writer.TryComplete();
        return base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // To its end, not to the stop: what has ended before is noted.
        await foreach (var job in _ended.Reader.ReadAllAsync(CancellationToken.None))
        {
            try
            {
                await audit.RecordAsync(job.Tenant, job.By, "model.train", $"model:{job.Model ?? job.Order.Name}", null, ResultOf(job.State), job.Problem ?? $"{job.Id}, {job.FileName}", CancellationToken.None);
                if (refitter.Take(job) is { } tried)
                    await audit.RecordAsync(job.Tenant, job.By, "model.shadow", $"model:{job.Model ?? job.Order.Name}", null, tried.Succeeded ? "ok" : tried.Refusal.Code, tried.Succeeded ? job.Id : tried.Refusal.Reason, CancellationToken.None);
            }
#pragma warning disable CA1031 // the edge: a note that cannot be written must not keep the next from it
            catch (Exception failure)
#pragma warning restore CA1031
            {
                Unnoted(failure, job.Id);
            }
        }
    }

    private void Note(TrainingJob job) => _ended.Writer.TryWrite(job);

    private static string ResultOf(TrainingState state) => state switch { TrainingState.Done => "done", TrainingState.Refused => "refused", TrainingState.Cancelled => "cancelled", _ => "failed" };

    [LoggerMessage(Level = LogLevel.Error, Message = "The end of the training {Id} could not be written to the audit")]
    private partial void Unnoted(Exception failure, string id);
}
