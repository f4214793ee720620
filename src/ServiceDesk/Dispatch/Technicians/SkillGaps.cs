using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Registry;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Dispatch.Planning;
using Seamless.ServiceDesk.Mystery;
using Seamless.ServiceDesk.Parts;

namespace Seamless.ServiceDesk.Dispatch.Technicians;

/// <summary>Nobody; one, whose absence nobody makes up for; two or more.</summary>
public enum SkillCover : byte { None, Single, Shared }

/// <summary>A skill that a site asked for, and who could bring it there today.</summary>
/// <param name="Tickets">That asked for it in the period.</param>
/// <param name="WorkMinutes">Of those tickets, as planned.</param>
/// <param name="Holders">Have the skill with its certificates in force, and the site is in their territory.</param>
/// <param name="Lapsed">Would be holders but for a certificate that is over, or because they or their partner are suspended.</param>
/// <param name="Trainable">The site is in their territory; they lack the skill.</param>
public sealed record SkillDemand(
    string Site, string Skill, int Tickets, int WorkMinutes, SkillCover Cover, IReadOnlyList<string> Holders, IReadOnlyList<string> Lapsed, IReadOnlyList<string> Trainable);

public interface ISkillGaps
{
    /// <summary>What tickets opened in the period asked for, the least covered first and of those the most demanded.</summary>
    Task<IReadOnlyList<SkillDemand>> ListAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct);
}

internal sealed class SkillGaps(Workbench workbench, JobBook jobs, Network network, TimeProvider clock) : ISkillGaps
{
    public async Task<IReadOnlyList<SkillDemand>> ListAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        await network.EnsureAsync(tenant, clock.GetUtcNow(), ct);
        return await workbench.ReadAsync<IReadOnlyList<SkillDemand>>(async db =>
        {
            var workers = await JobBook.WorkersAsync(db, tenant, clock.GetUtcNow(), ct);
            var asked = await db.Tickets.Where(t => t.Tenant == tenant && t.NeedsVisit && t.Skill != null && t.OpenedAt >= from && t.OpenedAt < to).OrderBy(t => t.Sequence).ToListAsync(ct);
            var demands = new List<SkillDemand>();
            foreach (var of in asked.Where(t => !MysteryDevice.Is(t.Site, t.Device)).GroupBy(t => (t.Site, Skill: t.Skill!)))
                demands.Add(Of(of.Key.Site, of.Key.Skill, of.Count(), of.Sum(t => t.WorkMinutes), await jobs.PlaceAsync(of.First(), ct), workers));
            return [.. demands.OrderBy(d => d.Cover).ThenByDescending(d => d.Tickets).ThenBy(d => d.Site, StringComparer.Ordinal).ThenBy(d => d.Skill, StringComparer.Ordinal)];
        }, ct);
    }

    /// <param name="workers">Their minutes count from now.</param>
    internal static SkillDemand Of(string site, string skill, int tickets, int minutes, GeoPoint? place, IReadOnlyList<Worker> workers)
    {
        var job = new Job("", site, place, 1, skill, 1, 0, 0, 1);
        var there = workers.Where(w => Qualification.WorksThere(w, job)).ToList();
        var skilled = there.Where(w => Qualification.Has(w, job)).ToLookup(w => Qualification.IsAllowed(w, job, 0), w => w.Id);
        var holders = skilled[true].ToList();
        return new SkillDemand(site, skill, tickets, minutes, (SkillCover)Math.Min(holders.Count, (int)SkillCover.Shared), holders, [.. skilled[false]], [.. there.Where(w => !Qualification.Has(w, job)).Select(w => w.Id)]);
    }
}
