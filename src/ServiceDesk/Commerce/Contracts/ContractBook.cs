using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Audit;
using Seamless.Fleet.Registry;
using Seamless.ServiceDesk.Commerce.Coverage;
using Seamless.ServiceDesk.Commerce.Documents;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Notifications.Messages;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Commerce.Contracts;

/// <summary>Contracts, their renewals, and who is told before they end.</summary>
internal sealed class ContractBook(Workbench workbench, IDeviceRegistry devices, DeskSignals signals, IAudit audit, TimeProvider clock) : IContracts
{
    private const int FirstNumber = 1001;
    private static readonly TimeSpan LongestTerm = TimeSpan.FromDays(366 * 50);

    public async Task<Outcome<Contract>> AddAsync(NewContract contract, string actor, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var added = await devices.FindAsync(new DeviceKey(contract.Tenant, contract.Device), ct) is not { } device ? Refusal.NotFound("device-unknown", $"there is no device {contract.Device}")
            : await workbench.TryAsync<Contract>(now, async work =>
            {
                var currency = contract.Currency ?? (await VersionedDocuments.InForceAsync(work.Db, contract.Tenant, CommerceDocuments.Policy, ct))!.Value.Currency;
                var start = contract.Start ?? now;
                if (Fault(start, contract.End, contract.Pack, contract.Price, currency, contract.Outcome) is { } fault) return fault;
                return (await AddAsync(work, device, contract, start, currency, null, ct)).ToContract();
            }, ct);
        return await ReportAsync(contract.Tenant, actor, "contract.add", added.Value?.Number ?? "-", added, ct);
    }

    public async Task<Outcome<Contract>> RenewAsync(string tenant, string number, Renewal renewal, string actor, CancellationToken ct)
    {
        var renewed = await workbench.TryAsync<Contract>(clock.GetUtcNow(), async work =>
        {
            if (await FindAsync(work, tenant, number, ct) is not { } before) return NoContract(number);
            if (before.RenewedBy is { } next) return Refusal.Because("contract-renewed", $"{number} is renewed by {next} already; renew that one");
            if (before.CancelledAt is not null) return Refusal.Because("contract-cancelled", $"{number} is cancelled; enter a new contract instead");
            if (await devices.FindAsync(new DeviceKey(tenant, before.Device), ct) is not { } device) return Refusal.NotFound("device-unknown", $"there is no device {before.Device} any more");
            var start = renewal.Start ?? before.End;
            var (pack, price, outcome) = (renewal.Pack ?? before.Pack, renewal.Price ?? before.Price, renewal.Outcome ?? before.Outcome);
            if (start < before.Start) return Refusal.Invalid("contract-too-early", $"a renewal begins no earlier than the contract that it renews, {before.Start:u}");
            if (Fault(start, renewal.End, pack, price, before.Currency, outcome) is { } fault) return fault;
            var row = await AddAsync(work, device, new NewContract(tenant, before.Device, pack, renewal.End, start, before.Customer, renewal.Tier ?? before.Tier, price, before.Currency, outcome), start, before.Currency, number, ct);
            (before.RenewedBy, before.DueAt) = (row.Number, null);   // whoever has renewed is reminded no more
            before.Version++;
            return row.ToContract();
        }, ct);
        return await ReportAsync(tenant, actor, "contract.renew", number, renewed, ct);
    }

    public async Task<Outcome<Contract>> CancelAsync(string tenant, string number, string note, string actor, CancellationToken ct)
    {
        var cancelled = string.IsNullOrWhiteSpace(note) ? Refusal.Invalid("contract-note", "a contract is cancelled with a 'note': why") : await workbench.TryAsync<Contract>(clock.GetUtcNow(), async work =>
        {
            if (await FindAsync(work, tenant, number, ct) is not { } row) return NoContract(number);
            if (row.CancelledAt is { } at) return Refusal.Because("contract-cancelled-at", $"{number} was cancelled {at:u}");
            if (row.End <= work.Now) return Refusal.Because("contract-ended", $"{number} ended {row.End:u}; there is nothing to cancel");
            (row.CancelledAt, row.DueAt) = (work.Now, null);
            row.Version++;
            work.Record(EventKind.Contract, $"{number}:cancelled", tenant, row.Site, row.Device, null, 0, "cancelled");
            return row.ToContract();
        }, ct);
        return await ReportAsync(tenant, actor, "contract.cancel", number, cancelled, ct);
    }

    public Task<Contract?> FindAsync(string tenant, string number, CancellationToken ct) => workbench.ReadAsync(async db =>
        (await db.Contracts.FirstOrDefaultAsync(c => c.Tenant == tenant && c.Number == number, ct))?.ToContract(), ct);

    public Task<Contract?> CoveringAsync(string tenant, string device, DateTimeOffset at, CancellationToken ct) => workbench.ReadAsync(db => CoveringAsync(db, tenant, device, at, ct), ct);

    public static async Task<Contract?> CoveringAsync(DeskContext db, string tenant, string? device, DateTimeOffset at, CancellationToken ct) => device is null ? null
        : (await db.Contracts.AsNoTracking().Where(c => c.Tenant == tenant && c.Device == device && c.Start <= at && c.End > at).ToListAsync(ct)).Select(c => c.ToContract())
            .Where(c => c.Covers(at)).OrderByDescending(c => c.Pack).ThenByDescending(c => c.Start).ThenByDescending(c => c.Number, StringComparer.Ordinal).FirstOrDefault();

    public async Task<IReadOnlyList<Contract>> ListAsync(ContractFilter filter, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var rows = await workbench.ReadAsync(db => db.Contracts
            .Where(c => c.Tenant == filter.Tenant && (filter.Device == null || c.Device == filter.Device) && (filter.Customer == null || c.Customer == filter.Customer))
            .OrderBy(c => c.Sequence).ToListAsync(ct), ct);
        return [.. rows.Select(c => c.ToContract())
            .Where(c => filter.Status is not { } status || c.StatusAt(now) == status)
            .Where(c => filter.ExpiringWithinDays is not { } days || (c.RenewedBy is null && c.StatusAt(now) is ContractStatus.InForce && c.End <= now.AddDays(days)))];
    }

    public async Task<IReadOnlyList<DeviceCover>> CoverAsync(string tenant, string? device, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var contracts = (await ListAsync(new ContractFilter(tenant, device), ct)).ToLookup(c => c.Device, StringComparer.Ordinal);
        var all = device is null ? await devices.ListAsync(new DeviceFilter(tenant, Limit: int.MaxValue), ct) : await devices.FindAsync(new DeviceKey(tenant, device), ct) is { } one ? [one] : [];
        return [.. all.Where(d => !Mystery.MysteryDevice.Is(d.Site, d.Id)).Select(d => CoverOf(d, [.. contracts[d.Id]], now)).OrderByDescending(c => c.DaysWithoutCover).ThenBy(c => c.Device, StringComparer.Ordinal)];
    }

    /// <summary>Tells that the contract ends, when it is time.</summary>
    public static async Task<bool> SweepAsync(DeskWork work, string number, CancellationToken ct)
    {
        if (await work.Db.Contracts.FindAsync([number], ct) is not { } row || !(row.DueAt <= work.Now)) return false;
        if (row is { RenewedBy: null, CancelledAt: null } && ExpiryNotices.Reached(row.End, work.Now, row.Noticed) is { } days)
        {
            work.Notices.Add(ContractNotice.Of(row, days));
            work.Record(EventKind.Contract, string.Create(CultureInfo.InvariantCulture, $"{number}:expires:{days}"), row.Tenant, row.Site, row.Device, null, days, "expires");
            row.Noticed = days;
        }
        row.DueAt = ExpiryNotices.NextAt(row.End, row.Noticed) is { } next && next > work.Now ? next : null;
        row.Version++;
        return true;
    }

    private static DeviceCover CoverOf(Device device, IReadOnlyList<Contract> contracts, DateTimeOffset now)
    {
        var covered = contracts.Select(c => (c.Start, c.CoveredUntil)).ToList();
        var gaps = CoverGaps.Of(device.RegisteredAt, now, covered);
        var counting = contracts.Where(c => c.Covers(now)).OrderByDescending(c => c.Pack).ThenByDescending(c => c.Start).FirstOrDefault();
        return new DeviceCover(
            device.Id, device.Site, device.Customer, device.RegisteredAt, Math.Max(0, (now - device.RegisteredAt).TotalDays), gaps.Sum(g => g.Days), gaps, counting?.Number, CoverGaps.UnbrokenUntil(now, covered));
    }

    private static async Task<ContractRow> AddAsync(DeskWork work, Device device, NewContract contract, DateTimeOffset start, string currency, string? renews, CancellationToken ct)
    {
        var sequence = (await work.Db.Contracts.MaxAsync(c => (int?)c.Sequence, ct) ?? FirstNumber - 1) + 1;
        var over = ExpiryNotices.OverAt(contract.End, work.Now);
        var row = new ContractRow
        {
            Number = string.Create(CultureInfo.InvariantCulture, $"CT-{sequence}"), Sequence = sequence, Tenant = contract.Tenant, Device = device.Id, Site = device.Site,
            Customer = contract.Customer ?? device.Customer, Tier = contract.Tier ?? device.Tier, Pack = contract.Pack, Start = start, End = contract.End, Price = contract.Price, Currency = currency,
            Renews = renews, Outcome = contract.Outcome, Noticed = over, DueAt = contract.End <= work.Now ? null : ExpiryNotices.NextAt(contract.End, over),
        };
        work.Db.Contracts.Add(row);
        work.Record(EventKind.Contract, $"{row.Number}:{(renews is null ? "added" : "renewed")}", row.Tenant, row.Site, row.Device, null, (double)row.Price, renews is null ? "added" : "renewed");
        return row;
    }

    private static Refusal? Fault(DateTimeOffset start, DateTimeOffset end, CoveragePack pack, decimal price, string currency, OutcomeTerms? outcome) =>
        end <= start ? Refusal.Invalid("contract-end", $"'end' ({end:u}) is not after 'start' ({start:u})")
        : end - start > LongestTerm ? Refusal.Invalid("contract-term", "a term is 50 years at most")
        : pack is CoveragePack.None ? Refusal.Invalid("contract-pack", "'pack' is warranty, care or full; without cover there is no contract")
        : !Currencies.IsCode(currency) ? Refusal.Invalid("currency-unknown", $"'{currency}' is no currency; three capital letters as in ISO 4217 are expected, such as EUR")
        : price < 0 || Currencies.Round(price, currency) != price ? Refusal.Invalid("contract-price", $"'price' is 0 or more, with {Currencies.DigitsOf(currency)} digits after the point")
        : outcome?.Fault() is { } terms ? Refusal.Invalid(terms) : null;

    private static async Task<ContractRow?> FindAsync(DeskWork work, string tenant, string number, CancellationToken ct) =>
        await work.Db.Contracts.FindAsync([number], ct) is { } row && row.Tenant == tenant ? row : null;

    private async Task<Outcome<Contract>> ReportAsync(string tenant, string actor, string action, string number, Outcome<Contract> done, CancellationToken ct)
    {
        await audit.RecordAsync(tenant, actor, action, $"contract:{number}", null, done.Refusal?.Code ?? "ok", done.Refusal?.Reason, ct);
        if (done.Succeeded) signals.Touch();
        return done;
    }

    private static Refusal NoContract(string number) => Refusal.NotFound("contract-unknown", $"there is no contract {number}");
}
