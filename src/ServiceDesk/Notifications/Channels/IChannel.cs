using Seamless.ServiceDesk.Notifications.Messages;
using Seamless.ServiceDesk.Notifications.Outbox;
using Seamless.ServiceDesk.Notifications.Recipients;

namespace Seamless.ServiceDesk.Notifications.Channels;

internal enum Verdict : byte
{
    Delivered,

    /// <summary>Not now: it is tried again.</summary>
    Failed,

    /// <summary>Not this message, however often: it is not tried again.</summary>
    Refused,

    /// <summary>The receiver does not want to hear from us any more.</summary>
    Gone,

    /// <summary>Nobody answered: what waits behind it would find nobody either.</summary>
    Unreachable,
}

/// <param name="Words">What the receiver said; never its address.</param>
/// <param name="RetryAfter">How long it asks us to wait.</param>
internal sealed record Answer(Verdict Verdict, string Words, TimeSpan? RetryAfter = null);

/// <summary>One way to reach somebody.</summary>
internal interface IChannel
{
    Channel Kind { get; }

    /// <summary>How many messages one receiver takes; beyond that several go in one. None: no limit, and nothing is ever put together.</summary>
    IReadOnlyList<Rate> Rates { get; }

    Task<Answer> SendAsync(Destination to, Message message, CancellationToken ct);
}
