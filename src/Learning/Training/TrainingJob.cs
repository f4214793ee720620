using Seamless.Telemetry;

namespace Seamless.Learning.Training;

/// <summary>Refused: the data cannot teach it, the problem says why. Failed: the training broke off.</summary>
public enum TrainingState : byte { Queued, Running, Done, Refused, Failed, Cancelled }

/// <summary>A training that was ordered, as it is at this moment.</summary>
/// <param name="FileName">What the file was called by who gave it.</param>
/// <param name="Progress">Null while it waits.</param>
/// <param name="Model">Id of the model, once it is done.</param>
/// <param name="Problem">Why it was refused or failed.</param>
public sealed record TrainingJob(
    string Id, string Tenant, string By, TrainingOrder Order, string FileName, TrainingState State, TrainingProgress? Progress,
    DateTimeOffset OrderedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, string? Model, string? Problem)
{
    public bool IsOver => State is not (TrainingState.Queued or TrainingState.Running);
}

/// <summary>Trainings that go on while nobody waits: one at a time, on one thread of low priority, the others queued in the order they came.</summary>
public interface ITrainingJobs
{
    /// <returns>The job, queued; refused when the order does not fit the file.</returns>
    Outcome<TrainingJob> Order(string tenant, string by, TrainingOrder order);

    /// <summary>The tenant's, latest first.</summary>
    IReadOnlyList<TrainingJob> List(string tenant);

    /// <summary>Null when there is no such job of the tenant, or no more.</summary>
    TrainingJob? Find(string tenant, string id);

    /// <summary>How many, of all tenants, come before it.</summary>
    int Ahead(TrainingJob job);

    /// <summary>Ends it if it is not over. Null as <see cref="Find"/>.</summary>
    TrainingJob? Cancel(string tenant, string id);

    /// <summary>Goes on with what was queued when the platform stopped.</summary>
    void Resume();

    /// <summary>A job is over; raised on any thread.</summary>
    event Action<TrainingJob>? Ended;
}
