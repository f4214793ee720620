using Seamless.ServiceDesk.Care.Contacts;
using Seamless.Telemetry;

namespace Seamless.Portal.Tests.Stage;

/// <summary>Two people at the same customer's and one who has left; what is entered is noted, a customer called <c>nobody</c> is refused.</summary>
internal sealed class StageContacts(TimeProvider clock) : IContacts
{
    private readonly List<string> _done = [];

    public IReadOnlyList<string> Done => _done;

    private Contact[] All =>
    [
        Of("bohai-wei", "Wei Zhang", [ContactRole.Management], ["acme"]),
        Of("bohai-liu", "Liu Yang", [ContactRole.Site, ContactRole.Operations], []),
        Of("bohai-old", "Chen Hao", [ContactRole.Site], [], gone: true),
    ];

    public Task<IReadOnlyList<Contact>> ListAsync(string tenant, string? customer, CancellationToken ct) => Task.FromResult<IReadOnlyList<Contact>>(All);
    public Task<Contact?> FindAsync(string tenant, string id, CancellationToken ct) => Task.FromResult(Array.Find(All, c => c.Id == id));

    public Task<Outcome<Contact>> PutAsync(string tenant, string id, ContactOrder order, string actor, CancellationToken ct)
    {
        if (order.Roles.Count == 0) return Task.FromResult<Outcome<Contact>>(Refusal.Invalid("roles: at least one of operations, maintenance"));
        return Note($"put {id} {order.Name} {string.Join(' ', order.Roles)} {order.From:u} {string.Join(' ', order.Recipients ?? [])}");
    }

    public Task<Outcome<Contact>> HandOverAsync(string tenant, string id, string successor, DateTimeOffset? at, string actor, CancellationToken ct) => Note($"{id} > {successor} {at:u}");

    private Task<Outcome<Contact>> Note(string done)
    {
        _done.Add(done);
        return Task.FromResult<Outcome<Contact>>(All[0]);
    }

    private Contact Of(string id, string name, IReadOnlyList<ContactRole> roles, IReadOnlyList<string> recipients, bool gone = false) => new(
        "default", id, "Bohai Water", name, roles, clock.GetUtcNow().AddDays(-400), gone ? clock.GetUtcNow().AddDays(-30) : null, gone ? "bohai-liu" : null, recipients, gone, recipients, 1);
}
