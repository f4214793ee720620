using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Commands;
using Seamless.Fleet.Registry;
using Seamless.Fleet.Shadows;
using Seamless.ServiceDesk.Customers.Complaints;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Sla;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Knowledge.Context;

/// <summary>Puts the card together in a few reads by index, so that it is there while the telephone still rings.</summary>
internal sealed class ContextDesk(Workbench workbench, IDeviceRegistry devices, IShadows shadows, ICommands commands, Agreements agreements, TimeProvider clock) : IContextCards
{
    private const int LastAnswers = 10;
    private static readonly TimeSpan Recently = TimeSpan.FromDays(30);
    private static readonly string[] PartsDone = [PartLineStatus.Installed, PartLineStatus.Returned];

    public async Task<Outcome<ContextCard>> OfDeviceAsync(string tenant, string device, CancellationToken ct) =>
        await devices.FindAsync(new DeviceKey(tenant, device), ct) is { } found ? await CardAsync(tenant, found.Customer, found, ct) : Refusal.NotFound($"there is no device '{device}'");

    public async Task<Outcome<ContextCard>> OfCustomerAsync(string tenant, string customer, CancellationToken ct) => await CardAsync(tenant, customer, null, ct) is { } card && IsKnown(card)
        ? card : Refusal.NotFound($"nothing is known of a customer '{customer}': no device and no ticket is theirs");

    private static bool IsKnown(ContextCard card) => card.AssetCount > 0 || card.Cases.Count > 0;

    private async Task<ContextCard> CardAsync(string tenant, string customer, Device? device, CancellationToken ct)
    {
        var owned = customer.Length == 0 && device is not null ? [device] : (await devices.ListAsync(new DeviceFilter(tenant, Text: customer, Limit: 1000), ct)).Where(d => d.Customer == customer).ToList();
        var shown = owned.OrderByDescending(d => d.Key == device?.Key).ThenBy(d => d.Id, StringComparer.Ordinal).Take(IContextCards.MostAssets).ToList();
        var assets = new List<Asset>(shown.Count);
        foreach (var one in shown) assets.Add(await AssetAsync(one, ct));
        var (desk, tier) = (await ReadAsync(tenant, customer, device?.Id, [.. shown.Select(d => d.Id)], ct), device?.Tier ?? owned.Select(d => d.Tier).OrderByDescending(PriorityTable.Rank).FirstOrDefault("standard"));
        var asked = device is null ? [] : await commands.ListAsync(device.Key, IContextCards.MostChanges, ct);
        var changes = desk.Changes.Concat(asked.Where(c => c.CreatedAt >= clock.GetUtcNow() - Recently).Select(c => new RecentChange(c.CreatedAt, "command", c.Device.Device, c.Name, c.State.ToString(), c.Actor)));
        return new ContextCard(
            customer, device?.Id, desk.Language, await TermsAsync(tenant, customer, tier, ct), owned.Count, assets, desk.OpenTickets, desk.Cases,
            [.. changes.OrderByDescending(c => c.At).Take(IContextCards.MostChanges)], desk.Parts, desk.Sentiment);
    }

    private async Task<Asset> AssetAsync(Device device, CancellationToken ct)
    {
        var presence = devices.PresenceOf(device.Key);
        var shadow = await shadows.GetAsync(device.Key, ct);
        return new Asset(device.Id, device.Type, device.Serial, device.Site, device.Tier, presence.Status, presence.LastSeen, Firmware.Of(shadow.ReportedJson, presence.AgentVersion));
    }

    private Task<ContractTerms> TermsAsync(string tenant, string customer, string tier, CancellationToken ct) => workbench.ReadAsync(async db =>
    {
        var inForce = await agreements.InForceAsync(db, tenant, ct);
        return new ContractTerms(tier, inForce.Version, [.. Enum.GetValues<Priority>().Select(p => new Promised(p, inForce.NameOf(inForce.PolicyFor(customer, tier, p))))]);
    }, ct);

    private Task<DeskSide> ReadAsync(string tenant, string customer, string? device, IReadOnlyList<string> owned, CancellationToken ct) => workbench.ReadAsync(async db =>
    {
        var theirs = db.Tickets.Where(t => t.Tenant == tenant && t.Customer == customer && (customer != "" || t.Device == device));
        var open = theirs.Where(t => t.Status != TicketStatus.Resolved && t.Status != TicketStatus.Closed && t.Status != TicketStatus.Cancelled);
        var cases = await (device is null ? theirs : db.Tickets.Where(t => t.Tenant == tenant && t.Device == device)).OrderByDescending(t => t.Sequence).Take(IContextCards.MostCases).ToListAsync(ct);
        var parts = await db.PartLines.Where(l => !PartsDone.Contains(l.Status) && open.Any(t => t.Number == l.Ticket)).OrderBy(l => l.Ticket).ThenBy(l => l.Sku).ToListAsync(ct);
        var language = await db.Recipients.Where(r => r.Tenant == tenant && r.Customer == customer && customer != "").OrderBy(r => r.Id).Select(r => r.Language).FirstOrDefaultAsync(ct);
        return new DeskSide(
            await open.CountAsync(ct), cases.ConvertAll(Told), await ChangesAsync(db, tenant, device is null ? owned : [device], ct),
            parts.ConvertAll(l => new OpenPart(l.Ticket, l.Sku, l.Title, l.Quantity, l.Status, l.Eta)), await SentimentAsync(db, tenant, customer, ct), language);
    }, ct);

    private async Task<IReadOnlyList<RecentChange>> ChangesAsync(DeskContext db, string tenant, IReadOnlyList<string> machines, CancellationToken ct)
    {
        var since = clock.GetUtcNow() - Recently;
        var runs = await db.RemedyRuns.Where(r => r.Tenant == tenant && r.Device != null && machines.Contains(r.Device) && r.StartedAt >= since && r.Playbook != null)
            .OrderByDescending(r => r.StartedAt).Take(IContextCards.MostChanges).ToListAsync(ct);
        var fitted = await db.Units.Where(u => u.Tenant == tenant && u.Device != null && machines.Contains(u.Device))
            .Join(db.UnitMoves.Where(m => m.Tenant == tenant && m.At >= since && m.Kind == "installed"), u => u.Serial, m => m.Serial, (u, m) => new { m.At, u.Device, u.Sku, u.Serial, m.Actor })
            .OrderByDescending(m => m.At).Take(IContextCards.MostChanges).ToListAsync(ct);
        return
        [
            .. runs.Select(r => new RecentChange(r.StartedAt, "fix", r.Device!, r.Playbook!, r.State.ToString(), DeskWork.Desk)),   // asked for non-null above
            .. fitted.Select(m => new RecentChange(m.At, "part", m.Device!, m.Sku, m.Serial, m.Actor)),
        ];
    }

    private static async Task<Sentiment> SentimentAsync(DeskContext db, string tenant, string customer, CancellationToken ct)
    {
        var last = await db.Ratings.Where(r => r.Tenant == tenant && r.Customer == customer && customer != "").OrderByDescending(r => r.At).Take(LastAnswers).ToListAsync(ct);
        var complaints = await db.Complaints.CountAsync(c => c.Tenant == tenant && c.Customer == customer && customer != "" && c.Status != ComplaintStatus.Closed, ct);
        return new Sentiment(
            last.Count, Mean(last.Select(r => r.Recommend)), Mean(last.Select(r => r.Satisfaction)), complaints, last.FirstOrDefault(r => !string.IsNullOrEmpty(r.Comment))?.Comment, last.Count > 0 ? last[0].At : null);
    }

    private static double? Mean(IEnumerable<int?> answers) => answers.Average() is { } mean ? Math.Round(mean, 2) : null;

    private static RecentCase Told(TicketRow t) =>
        new(t.Number, t.Device, t.Title, t.Status, t.Priority, t.CauseCode, t.OpenedAt, t.ResolvedAt);

    private sealed record DeskSide(int OpenTickets, IReadOnlyList<RecentCase> Cases, IReadOnlyList<RecentChange> Changes, IReadOnlyList<OpenPart> Parts, Sentiment Sentiment, string? Language);
}
