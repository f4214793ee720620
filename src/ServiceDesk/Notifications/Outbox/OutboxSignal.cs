namespace Seamless.ServiceDesk.Notifications.Outbox;

/// <summary>Wakes the sender when a message has been written, so that nobody has to look for one.</summary>
internal sealed class OutboxSignal
{
    private TaskCompletionSource _written = New();

    public void Wake() => Interlocked.Exchange(ref _written, New()).TrySetResult();

    /// <summary>Taken before one looks, awaited afterwards: what is written in between is not missed.</summary>
    public Task Written => Volatile.Read(ref _written).Task;

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
