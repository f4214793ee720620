using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Commands;
using Seamless.Fleet.Database;
using Seamless.Telemetry;
using Seamless.Telemetry.Updates;

namespace Seamless.Fleet.Updates;

/// <summary>Where the devices under way are: what they reported in their shadow, and how they answered the command.</summary>
internal static class DeviceReports
{
    /// <summary>A device that took the offer just before it expired still needs its probation.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    public static async Task TakeAsync(FleetDatabase database, CampaignRow campaign, DateTimeOffset now, CancellationToken ct)
    {
        var rows = await database.DeviceUpdates.Where(d => d.Tenant == campaign.Tenant && d.Campaign == campaign.Id && d.State == DeviceUpdateState.Offered).ToListAsync(ct);
        if (rows.Count == 0) return;
        var names = rows.Select(row => row.Device).ToList();
        var shadows = await database.Shadows.AsNoTracking().Where(s => s.Tenant == campaign.Tenant && names.Contains(s.Device)).ToDictionaryAsync(s => s.Device, s => s.ReportedJson, ct);
        var ids = rows.Where(row => row.Command is not null).Select(row => row.Command!).ToList();
        var commands = await database.Commands.AsNoTracking().Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, ct);
        foreach (var row in rows)
        {
            var report = shadows.TryGetValue(row.Device, out var json) ? ReportIn(json) : null;
            if (report is not null && report.Counter == row.Counter) Take(row, report, now);
            else if (row.Command is { } id && commands.TryGetValue(id, out var command)) Take(row, command, now);
            if (row.State is DeviceUpdateState.Offered && now >= row.ExpiresAt + (row.Phase is null ? TimeSpan.Zero : Grace)) End(row, DeviceUpdateState.Missed, "it did not come for it in time", now);
        }
    }

    public static UpdateReport? ReportIn(string shadowJson)
    {
        // Others may report something else under the same name; that is no report of ours.
        var state = UpdateDocuments.Read(System.Text.Encoding.UTF8.GetBytes(shadowJson), UpdateJson.Default.ReportedState);
        return state.Succeeded ? state.Value.Update : null;
    }

    private static void Take(DeviceUpdateRow row, UpdateReport report, DateTimeOffset now)
    {
        (row.Phase, row.Detail) = (report.Phase, report.Detail);
        if (!report.IsEnd) return;
        End(row, report switch
        {
            { Phase: UpdatePhase.Committed } => DeviceUpdateState.Succeeded,
            { Phase: UpdatePhase.RolledBack } => DeviceUpdateState.RolledBack,
            { Phase: UpdatePhase.Stopped } or { Code: "withdrawn" } => DeviceUpdateState.Stopped,
            { Code: "expired" } => DeviceUpdateState.Missed,
            _ => DeviceUpdateState.Failed,
        }, report.Detail, now);
    }

    private static void Take(DeviceUpdateRow row, CommandRow command, DateTimeOffset now)
    {
        if (command.State is CommandState.Rejected or CommandState.Failed) End(row, DeviceUpdateState.Failed, command.Detail, now);
        else if (command.State is CommandState.Expired) End(row, DeviceUpdateState.Missed, command.Detail, now);
    }

    private static void End(DeviceUpdateRow row, DeviceUpdateState state, string? detail, DateTimeOffset now) =>
        (row.State, row.Detail, row.EndedAt, row.OfferJson) = (state, detail, now, null);
}
