namespace Seamless.ServiceDesk.Notifications.Outbox;

/// <summary>When a message is tried again. The delays are those of Standard Webhooks, with the first attempt at once.</summary>
internal static class RetrySchedule
{
    private static readonly TimeSpan[] Delays =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14),
        TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <param name="attempts">How many have failed.</param>
    /// <param name="asked">How long the receiver asks us to wait.</param>
    /// <returns>Null when it is given up: after ten attempts, or when people would read it too late to be of use.</returns>
    public static DateTimeOffset? Next(OutboxRow row, int attempts, DateTimeOffset now, TimeSpan? asked, TimeSpan expireAfter)
    {
        if (attempts > Delays.Length) return null;
        var delay = asked > Delays[attempts - 1] ? asked.Value : Delays[attempts - 1];
        var next = now + delay;
        return IsTooLate(row, next, expireAfter) ? null : next;
    }

    /// <summary>A program catches up with what it missed days ago; a person who reads on Thursday that somebody is on the way since Monday is misled.</summary>
    public static bool IsTooLate(OutboxRow row, DateTimeOffset at, TimeSpan expireAfter) => row.Channel is not Channel.Webhook && at > row.At + expireAfter;
}
