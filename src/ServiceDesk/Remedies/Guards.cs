using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.Fleet.Registry;
using Seamless.Rules.Alarms.Maintenance;
using Seamless.Rules.Diagnosis;
using Seamless.ServiceDesk.Database;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Remedies;

/// <summary>May this playbook run on this device now?</summary>
/// <param name="Reason">Why not, for the record; null when it may.</param>
/// <param name="WaitUntil">Not now, but then it may be asked again; null when waiting does not help.</param>
internal sealed record GuardAnswer(string? Reason, DateTimeOffset? WaitUntil)
{
    public static GuardAnswer Go { get; } = new(null, null);
    public static GuardAnswer No(string reason) => new(reason, null);
    public static GuardAnswer Wait(string reason, DateTimeOffset until) => new(reason, until);
}

internal sealed class Guards(IDeviceRegistry devices, IMaintenance maintenance, IOptions<ServiceDeskOptions> options)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(30);

    public async Task<GuardAnswer> AskAsync(DeskWork work, CaseRow fault, Playbook playbook, CancellationToken ct)
    {
        var key = new DeviceKey(fault.Tenant, fault.Device!);   // only a device's fault has playbooks
        if (!await AutomationSwitch.IsOnAsync(work.Db, ct)) return GuardAnswer.No("automation is switched off");
        if (await devices.FindAsync(key, ct) is not { } device) return GuardAnswer.No("the device is not registered");
        if (UnderMaintenance(fault, work.Now) is { } hands) return GuardAnswer.No(hands);
        if (devices.PresenceOf(key).Status is not DeviceStatus.Online) return GuardAnswer.No("the device is not online");
        if (await RiskAsync(playbook, device, work.Now, ct) is { } risk) return GuardAnswer.No(risk);

        var since = work.Now - TimeSpan.FromDays(1);
        var today = await work.Db.RemedyRuns.CountAsync(
            r => r.Tenant == fault.Tenant && r.Device == fault.Device && r.Playbook == playbook.Name && r.SentAt != null && r.StartedAt > since, ct);
        if (today >= playbook.MaxPerDay) return GuardAnswer.No($"{playbook.Name} has run {today} times today, its budget");
        return await NeighbourAsync(work, fault, device, ct) is { } neighbour
            ? GuardAnswer.Wait($"{neighbour} is being worked on", work.Now + AskAgain)
            : GuardAnswer.Go;
    }

    /// <summary>Nothing moves by itself while people have their hands in it; why, or null.</summary>
    public string? UnderMaintenance(CaseRow fault, DateTimeOffset now) =>
        maintenance.At(fault.Tenant, fault.Device, fault.Site, fault.Type, now) is { } cover ? $"the device is under maintenance: {cover.Window.Reason}" : null;

    private async Task<string?> RiskAsync(Playbook playbook, Device device, DateTimeOffset now, CancellationToken ct) => playbook.Risk switch
    {
        "R0" or "R1" => null,
        "R2" => await InMaintenanceWindowAsync(device, now, ct) ? null : "R2 runs in the maintenance window only",
        var risk => $"{risk} is never automatic",
    };

    private async Task<bool> InMaintenanceWindowAsync(Device device, DateTimeOffset now, CancellationToken ct)
    {
        var site = await devices.FindSiteAsync(device.Key.Tenant, device.Site, ct);
        var zone = site is not null && TimeZoneInfo.TryFindSystemTimeZoneById(site.TimeZone, out var known) ? known : TimeZoneInfo.Utc;
        return TimeOnly.FromTimeSpan(TimeZoneInfo.ConvertTime(now, zone).TimeOfDay).IsBetween(options.Value.MaintenanceFrom, options.Value.MaintenanceTo);
    }

    /// <summary>One change at a time on a device, and never two of a redundancy group at once.</summary>
    private async Task<string?> NeighbourAsync(DeskWork work, CaseRow fault, Device device, CancellationToken ct)
    {
        var running = await work.Db.RemedyRuns
            .Where(r => r.Tenant == fault.Tenant && r.AlarmId != fault.AlarmId && r.Device != null && (r.State == RemedyState.Commanded || r.State == RemedyState.Verifying))
            .Select(r => r.Device!).Distinct().ToListAsync(ct);
        foreach (var other in running)
        {
            if (other == device.Id) return other;
            if (device.RedundancyGroup is null) continue;
            var neighbour = await devices.FindAsync(new DeviceKey(fault.Tenant, other), ct);
            if (neighbour?.RedundancyGroup == device.RedundancyGroup) return other;
        }
        return null;
    }
}
