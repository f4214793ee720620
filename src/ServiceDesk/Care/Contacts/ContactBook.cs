using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Audit;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Notifications.Outbox;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Care.Contacts;

internal sealed class ContactBook(Workbench workbench, OutboxSignal waiting, IAudit audit, TimeProvider clock) : IContacts
{
    private const int MostAddresses = 10;

    public Task<IReadOnlyList<Contact>> ListAsync(string tenant, string? customer, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<Contact>>(async db =>
    {
        var all = await db.Contacts.Where(c => c.Tenant == tenant).OrderBy(c => c.Id).ToListAsync(ct);
        return [.. all.Where(c => customer is null || c.Customer == customer).Select(c => ContactOf(c, all, clock.GetUtcNow()))];
    }, ct);

    public async Task<Contact?> FindAsync(string tenant, string id, CancellationToken ct) => (await ListAsync(tenant, null, ct)).FirstOrDefault(c => c.Id == id);

    public async Task<Outcome<Contact>> PutAsync(string tenant, string id, ContactOrder order, string actor, CancellationToken ct)
    {
        var fault = Fault(id, order);
        return await ChangeAsync(tenant, id, "contact.put", actor, fault, async (work, all) =>
        {
            var wanted = order.Recipients ?? [];
            if (wanted.Except(await work.Db.Recipients.Where(r => r.Tenant == tenant).Select(r => r.Id).ToListAsync(ct)).FirstOrDefault() is { } unknown) return Refusal.Invalid("recipient-unknown", $"recipients: there is no recipient '{unknown}'; put it first (notifications/recipients)");
            if (all.FirstOrDefault(c => c.Id != id && c.Recipients.Intersect(wanted).Any()) is { } other) return Refusal.Invalid("recipient-taken", $"recipients: '{other.Recipients.Intersect(wanted).First()}' is how {other.Id} is reached; a recipient is one contact's");
            var row = all.Find(c => c.Id == id);
            if (row is null)
            {
                row = new ContactRow { Tenant = tenant, Id = id, Customer = order.Customer, Name = order.Name, Roles = [], Recipients = [] };
                work.Db.Contacts.Add(row);
                all.Add(row);
            }
            (row.Customer, row.Name, row.Roles, row.From, row.Until) = (order.Customer.Trim(), order.Name.Trim(), order.Roles, order.From, order.Until);
            (row.Successor, row.Recipients, row.WritesFrom, row.Version) = (order.Successor, wanted, [.. (order.WritesFrom ?? []).Select(a => a.Trim()).Distinct()], row.Version + 1);
            return SuccessorFault(row, all) is { } wrong ? wrong : row;
        }, ct);
    }

    public Task<Outcome<Contact>> HandOverAsync(string tenant, string id, string successor, DateTimeOffset? at, string actor, CancellationToken ct) =>
        ChangeAsync(tenant, id, "contact.handOver", actor, null, (work, all) => Task.FromResult(HandOver(work, all, id, successor, at ?? work.Now)), ct);

    private static Outcome<ContactRow> HandOver(DeskWork work, List<ContactRow> all, string id, string successor, DateTimeOffset at)
    {
        if (all.Find(c => c.Id == id) is not { } row) return Refusal.NotFound("contact-unknown", $"there is no contact '{id}'");
        if (at < row.From) return Refusal.Invalid("contact-not-yet", $"at: {id} is there only from {row.From:u}");
        (row.Until, row.Successor, row.Version) = (at, successor, row.Version + 1);
        if (SuccessorFault(row, all) is { } wrong) return wrong;
        work.Record(EventKind.HandOver, $"{row.Tenant}:{id}:{row.Version}", row.Tenant, "", null, null, 1, $"{id}>{successor}");
        return row;
    }

    private async Task<Outcome<Contact>> ChangeAsync(
        string tenant, string id, string action, string actor, Refusal? fault, Func<DeskWork, List<ContactRow>, Task<Outcome<ContactRow>>> change, CancellationToken ct)
    {
        var done = fault is not null ? fault : await workbench.TryAsync<Contact>(clock.GetUtcNow(), async work =>
        {
            var all = await work.Db.Contacts.Where(c => c.Tenant == tenant).ToListAsync(ct);
            var changed = await change(work, all);
            return changed.Succeeded ? ContactOf(changed.Value, all, work.Now) : changed.Refusal;
        }, ct);
        await audit.RecordAsync(tenant, actor, action, $"contact:{id}", null, done.Refusal?.Code ?? "ok", done.Refusal?.Reason, ct);
        if (done.Succeeded) waiting.Wake();   // what waits for them may have another address now
        return done;
    }

    private static Contact ContactOf(ContactRow c, List<ContactRow> all, DateTimeOffset now) => new(
        c.Tenant, c.Id, c.Customer, c.Name, c.Roles, c.From, c.Until, c.Successor, c.Recipients, c.HasLeft(now), c.HasLeft(now) ? new ContactRouting(all, []).Follow(c, now)?.Recipients ?? [] : c.Recipients, c.Version, c.WritesFrom);

    private static Refusal? SuccessorFault(ContactRow row, List<ContactRow> all)
    {
        if (row.Successor is null) return null;
        if (all.Find(c => c.Id == row.Successor) is not { } next) return Refusal.Invalid("successor-unknown", $"successor: there is no contact '{row.Successor}'; put them first");
        if (next.Customer != row.Customer) return Refusal.Invalid("successor-elsewhere", $"successor: {next.Id} is at {next.Customer}, not at {row.Customer}");
        for (var seen = new HashSet<string>(StringComparer.Ordinal) { row.Id }; next is not null; next = all.Find(c => c.Id == next.Successor))
            if (!seen.Add(next.Id)) return Refusal.Invalid("successor-loop", $"successor: {row.Id} would take over from themselves");
        return null;
    }

    private static Refusal? Fault(string id, ContactOrder order) => order switch
    {
        _ when !DeviceKey.IsValidName(id) => Refusal.Invalid("id-invalid", $"'{id}' is no id: letters, digits, dots, dashes and underscores"),
        _ when order.Customer?.Trim() is not { Length: > 0 and <= 200 } => Refusal.Invalid("contact-customer", "customer: whose contact it is, 1 to 200 characters"),
        _ when order.Name?.Trim() is not { Length: > 0 and <= 200 } => Refusal.Invalid("contact-name", "name: 1 to 200 characters"),
        { Roles: not { Count: > 0 } } => Refusal.Invalid("contact-roles", $"roles: at least one of {string.Join(", ", Enum.GetNames<ContactRole>().Select(System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName))}"),
        { WritesFrom.Count: > MostAddresses } => Refusal.Invalid("contact-addresses", $"writesFrom: at most {MostAddresses} addresses"),
        _ when order.WritesFrom?.Any(a => a?.Trim() is not { Length: >= 3 and <= 254 }) is true => Refusal.Invalid("contact-address", "writesFrom: an address, a number or a name in a chat has 3 to 254 characters"),
        _ when order.Until <= order.From => Refusal.Invalid("contact-until", "until: after from"),
        _ => null,
    };
}
