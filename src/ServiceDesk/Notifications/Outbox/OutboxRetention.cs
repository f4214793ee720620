using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Care.Tips;
using Seamless.ServiceDesk.Database;

namespace Seamless.ServiceDesk.Notifications.Outbox;

/// <summary>Messages that nothing more happens to are kept for a season, then go.</summary>
internal static class OutboxRetention
{
    private static readonly TimeSpan Keep = TimeSpan.FromDays(90);

    /// <summary>As long as a campaign may ask whether somebody has had its tip.</summary>
    private static readonly TimeSpan KeepTips = TimeSpan.FromDays(TipCampaignOrder.MostRepeatDays + 7);

    /// <returns>How many have gone.</returns>
    public static async Task<int> SweepAsync(DeskWork work, CancellationToken ct)
    {
        var (before, tipsBefore) = (work.Now - Keep, work.Now - KeepTips);
        await work.Db.TipsSent.Where(s => s.At < tipsBefore).ExecuteDeleteAsync(ct);
        return await work.Db.Outbox.Where(m => m.DueAt == null && m.At < before && (m.Milestone != TipMessage.Milestone || m.At < tipsBefore)).ExecuteDeleteAsync(ct);
    }
}
