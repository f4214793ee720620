using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Database;

namespace Seamless.ServiceDesk.Notifications.Outbox;

/// <summary>Messages that nothing more happens to are kept for a season, then go.</summary>
internal static class OutboxRetention
{
    private static readonly TimeSpan Keep = TimeSpan.FromDays(90);

    /// <returns>How many have gone.</returns>
    public static Task<int> SweepAsync(DeskWork work, CancellationToken ct)
    {
        var before = work.Now - Keep;
        return work.Db.Outbox.Where(m => m.DueAt == null && m.At < before).ExecuteDeleteAsync(ct);
    }
}
