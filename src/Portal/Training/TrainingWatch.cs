using Seamless.Fleet.Audit;
using Seamless.Learning.Training;

namespace Seamless.Portal.Training;

/// <summary>Notes how each training ended, in the name of who ordered it, and goes on at the start with what was queued before.</summary>
/// <param name="resumes">False in a process that serves one command, or simulated time.</param>
internal sealed partial class TrainingWatch(ITrainingJobs jobs, IAudit audit, ILogger<TrainingWatch> logger, bool resumes) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        jobs.Ended += Note;
        if (resumes) jobs.Resume();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        jobs.Ended -= Note;
        return Task.CompletedTask;
    }

    private async void Note(TrainingJob job)
    {
        try
        {
            await audit.RecordAsync(job.Tenant, job.By, "model.train", $"model:{job.Model ?? job.Order.Name}", null, ResultOf(job.State), job.Problem ?? $"{job.Id}, {job.FileName}", CancellationToken.None);
        }
#pragma warning disable CA1031 // nobody waits for the note: a full disk must not end the process
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Unnoted(failure, job.Id);
        }
    }

    private static string ResultOf(TrainingState state) => state switch { TrainingState.Done => "done", TrainingState.Refused => "refused", TrainingState.Cancelled => "cancelled", _ => "failed" };

    [LoggerMessage(Level = LogLevel.Error, Message = "The end of the training {Id} could not be written to the audit")]
    private partial void Unnoted(Exception failure, string id);
}
