using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Registry;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Care.Visits;
using Seamless.ServiceDesk.Database;

namespace Seamless.ServiceDesk.Care.Plans;

/// <summary>Turns plans into visits, each once: a visit's key is its plan, its day and whom it is for, however often and late the desk looks.</summary>
internal sealed class CarePlanning(IDeviceRegistry devices)
{
    /// <summary>How far ahead visits are to be seen.</summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromDays(14);

    private const int FirstNumber = 1001;
    private const int DaysPerLook = 60;
    private const int DevicesPerPage = 1000;

    /// <summary>Plans the days that have come within the horizon, those of a long pause as well; the rest in the next look when they are many.</summary>
    public async Task PlanAsync(DeskWork work, CarePlanRow plan, CancellationToken ct)
    {
        var targets = await TargetsAsync(plan, ct);
        var version = plan.Checklist is null ? null : await work.Db.Checklists.Where(c => c.Tenant == plan.Tenant && c.Id == plan.Checklist).MaxAsync(c => (int?)c.Version, ct);
        var sequence = await work.Db.CareVisits.MaxAsync(v => (int?)v.Sequence, ct) ?? FirstNumber - 1;
        for (var days = 0; days < DaysPerLook && plan.DueAt <= work.Now; days++)
        {
            var day = plan.Next!.Value;   // DueAt is set only with it
            var prefix = string.Create(CultureInfo.InvariantCulture, $"{plan.Tenant}/{plan.Id}/{day:yyyy-MM-dd}/");
            var there = (await work.Db.CareVisits.Where(v => v.Key.StartsWith(prefix)).Select(v => v.Key).ToListAsync(ct)).ToHashSet(StringComparer.Ordinal);
            foreach (var target in targets.Where(t => !there.Contains(prefix + t.Name)))
                work.Db.CareVisits.Add(VisitOf(plan, day, target, prefix + target.Name, ++sequence, version));
            plan.MoveOn(day);
        }
        plan.Version++;
    }

    private static CareVisitRow VisitOf(CarePlanRow plan, DateOnly day, Target target, string key, int sequence, int? checklistVersion)
    {
        var from = plan.InstantOf(day);
        var until = from.AddDays(plan.WindowDays);
        return new CareVisitRow
        {
            Number = string.Create(CultureInfo.InvariantCulture, $"V-{sequence}"), Sequence = sequence, Key = key, Tenant = plan.Tenant, Plan = plan.Id, Title = plan.Title,
            Device = target.Device, Site = target.Site, Customer = target.Customer, Tier = target.Tier, From = from, Until = until, Checklist = plan.Checklist, ChecklistVersion = checklistVersion,
            Objectives = plan.Objectives, Technician = plan.Technician, DueAt = until,
        };
    }

    private async Task<List<Target>> TargetsAsync(CarePlanRow plan, CancellationToken ct)
    {
        var held = new List<Device>();
        string? after = null;
        do
        {
            var page = await devices.ListAsync(new DeviceFilter(plan.Tenant, plan.Scope.Type, plan.Scope.Site, After: after, Limit: DevicesPerPage), ct);
            held.AddRange(page.Where(plan.Scope.Holds));
            after = page.Count == DevicesPerPage ? page[^1].Id : null;
        }
        while (after is not null);
        return [.. plan.Per switch
        {
            VisitPer.Device => held.Select(d => new Target(d.Id, d.Id, d.Site, d.Customer, d.Tier)),
            VisitPer.Site => held.GroupBy(d => d.Site).Select(g => new Target(g.Key, null, g.Key, g.First().Customer, BestTier(g))),
            _ => held.GroupBy(d => d.Customer).Select(g => new Target(g.Key, null, g.Select(d => d.Site).Distinct().Count() == 1 ? g.First().Site : "", g.Key, BestTier(g))),
        }];
    }

    private static string BestTier(IEnumerable<Device> devices) => devices.Select(d => d.Tier).OrderByDescending(Tickets.PriorityTable.Rank).First();

    private sealed record Target(string Name, string? Device, string Site, string Customer, string Tier);
}
