using System.Threading.Channels;

namespace Seamless.Ingest.Receiving;

/// <summary>Messages on their way to the log: many at once, so that they share a commit; each settled in the order of its coming, and only once it is durable.</summary>
/// <param name="window">So many at most; who brings another one waits.</param>
internal sealed class InFlight(int window)
{
    private readonly Channel<(Task Durable, Func<CancellationToken, Task> Settle)> _messages =
        Channel.CreateBounded<(Task, Func<CancellationToken, Task>)>(new BoundedChannelOptions(window) { SingleReader = true, SingleWriter = true });

    public int Count => _messages.Reader.Count;

    /// <param name="durable">Completes when the message is; its failure ends <see cref="SettleAsync"/>.</param>
    /// <param name="settle">Acknowledges it.</param>
    public ValueTask AddAsync(Task durable, Func<CancellationToken, Task> settle, CancellationToken ct) => _messages.Writer.WriteAsync((durable, settle), ct);

    /// <summary>Settles until cancelled, or until a message could not be made durable: neither it nor what came after it is settled then, so all of it comes again.</summary>
    public async Task SettleAsync(CancellationToken ct)
    {
        await foreach (var (durable, settle) in _messages.Reader.ReadAllAsync(ct))
        {
            await durable.WaitAsync(ct);
            await settle(ct);
        }
    }
}
