using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.Analytics.MachineState;
using Seamless.Fleet.Registry;
using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Care.Queue;
using Seamless.ServiceDesk.Continuity;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Mystery;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Reliability;
using Seamless.ServiceDesk.Remedies;
using Seamless.ServiceDesk.Sla;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Tickets;

/// <summary>Opens tickets: one for a fault, with its parts already moving when it is first seen.</summary>
internal sealed class TicketOpening(IPacks packs, IDeviceRegistry devices, Logistics logistics, SignatureReader signatures, Confirmations confirmations, TicketClocks clocks, Agreements agreements, IOptions<ServiceDeskOptions> options)
{
    private const int FirstNumber = 1001;

    /// <summary>A technician carries no more kinds of part that are probably not needed.</summary>
    private const int MostInCase = 3;
    private const string TrackingAlphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";   // no 0 O 1 I: it is read out on the telephone

    /// <summary>The ticket of this fault: an open one that it belongs to, or a new one.</summary>
    public async Task<TicketRow> ForCaseAsync(DeskWork work, CaseRow fault, CancellationToken ct)
    {
        var seen = await signatures.ReadAsync(fault.Tenant, fault.Device, fault.Type, fault.RaisedAt, ct);
        var expected = await WeighAsync(work, fault, seen, ct);
        if (await SameFaultAsync(work, fault, expected, ct) is { } existing)
        {
            Join(work, existing, fault);
            if (existing.Status is TicketStatus.Resolved) TicketClocks.Schedule(work, existing);   // the repair has one more to prove
            return existing;
        }
        var plan = PlanOf(fault, expected);
        var ticket = await NewRowAsync(work, new Opening(
            fault.Tenant, fault.Device, fault.Site, fault.AlarmId, fault.FaultKey, TitleOf(fault, expected.Causes), expected.Causes, [fault.AlarmId], fault.OnsetAt, ByHand: false, null, (Urgency)fault.Severity, null), plan, ct);
        Remember(ticket, expected);
        ticket.Signature = seen;
        work.Note(ticket, "opened", $"{ticket.Title.En}: opened by the desk", $"{ticket.Title.ZhCn}：由服务台自动创建");
        if (expected.Track is { } track) work.Note(ticket, "track-record", track.Text.En, track.Text.ZhCn);
        if (expected.Resemblance is { } measured) work.Note(ticket, "measured-like", measured.En, measured.ZhCn);
        await Switchboard.RouteAsync(work, ticket, ct);
        work.Record(EventKind.TicketOpened, fault.AlarmId, ticket, await IsDuplicateAsync(work, ticket, ct) ? 1 : 0, fault.FaultKey);
        work.Record(EventKind.Origin, fault.AlarmId, ticket, TicketOrigin.IsPredicted(fault.Origin) ? 1 : 0, fault.Origin);
        await RecordRepeatAsync(work, ticket, ct);
        work.Record(EventKind.Answered, fault.AlarmId, ticket, (work.Now - fault.OpenedAt).TotalSeconds);
        await SendPartsAsync(work, ticket, plan, ct);
        TicketClocks.Schedule(work, ticket);
        return ticket;
    }

    public async Task<Outcome<TicketRow>> ByHandAsync(DeskWork work, NewTicket request, string actor, CancellationToken ct)
    {
        var device = request.Device is null ? null : await devices.FindAsync(new DeviceKey(request.Tenant, request.Device), ct);
        if (request.Device is not null && device is null) return Refusal.NotFound("device-unknown", $"there is no device {request.Device}");
        var type = device?.Type ?? "";
        var fault = request.FaultCode is null ? null : VisitPlan.FaultOf(packs, type, request.FaultCode);
        if (request.FaultCode is not null && fault is null) return Refusal.Invalid("fault-unknown", $"'{request.FaultCode}' is no fault of type '{type}'");

        IReadOnlyList<Cause> causes = fault is null ? [] : [new Cause(fault.Code, fault.Title, fault.Class, 1, [], [])];
        var plan = VisitPlan.For(code => VisitPlan.FaultOf(packs, type, code), causes, options.Value.LeastProbability);
        var key = $"hand-{Guid.CreateVersion7(work.Now)}";
        var ticket = await NewRowAsync(work, new Opening(
            request.Tenant, device?.Id, device?.Site ?? request.Site, key, null, request.Title, causes, [], work.Now, ByHand: true, request.Priority, request.Urgency, request.Impact), plan, ct);
        work.Note(ticket, "opened", $"opened by {actor}", $"由 {actor} 创建", actor);
        await Switchboard.RouteAsync(work, ticket, ct);
        if (request.Note is { Length: > 0 } note) work.Note(ticket, "note", note, note, actor);
        work.Record(EventKind.TicketByHand, key, ticket, 1);
        work.Record(EventKind.Origin, key, ticket, 0, TicketOrigin.Hand);
        await RecordRepeatAsync(work, ticket, ct);
        await SendPartsAsync(work, ticket, plan, ct);
        TicketClocks.Schedule(work, ticket);
        return ticket;
    }

    /// <summary>The diagnosis has changed: the ticket shows it, and the parts follow it while nobody has left yet.</summary>
    public async Task RediagnoseAsync(DeskWork work, TicketRow ticket, CaseRow fault, CancellationToken ct)
    {
        var before = ticket.Causes.Count > 0 ? ticket.Causes[0].Code : null;
        var named = Naming.Of(ticket.Causes);
        var expected = await WeighAsync(work, fault, ticket.Signature, ct);
        ticket.Causes = expected.Causes;
        Remember(ticket, expected);
        if (ticket.Causes is not [var top, ..]) return;
        var stillAtTheDesk = ticket.Status is TicketStatus.New or TicketStatus.Acknowledged or TicketStatus.Scheduled;
        var plan = PlanOf(fault, expected);
        var naming = Naming.Of(ticket.Causes)!;
        if (top.Code == before)
        {
            if (naming.Code != named?.Code) NoteNaming(work, ticket, naming);
            if (stillAtTheDesk) ticket.Title = TitleOf(fault, ticket.Causes);
            if (stillAtTheDesk && ticket.Device is not null) await SendWhatIsNowSureAsync(work, ticket, plan, ct);
            return;
        }
        NoteNaming(work, ticket, naming);
        if (!stillAtTheDesk || ticket.Device is null) return;

        if (await logistics.WithdrawAsync(work, ticket, ct)) ticket.DispatchedFor = top.Code;   // nothing had left: this is the diagnosis that is dispatched for
        (ticket.Class, ticket.Title, ticket.Skill, ticket.WorkMinutes, ticket.NeedsVisit) = (plan.Class, TitleOf(fault, ticket.Causes), plan.Skill, plan.Minutes, plan.NeedsVisit);
        if (ticket.Status is not TicketStatus.Scheduled) ticket.Visit = null;   // the desk's own proposal; what a person has agreed stays
        await SendPartsAsync(work, ticket, plan, ct);
        TicketClocks.Schedule(work, ticket);
    }

    /// <summary>The cause, or what comes into question; what was noticed where the diagnosis knows neither.</summary>
    private static LocalizedText TitleOf(CaseRow fault, IReadOnlyList<Cause> causes) =>
        causes is [] || (causes[0].Code == Diagnoser.Unknown && fault.TopCause is null or { Code: Diagnoser.Unknown }) ? fault.Title : Naming.Of(causes)!.Title;

    private static void NoteNaming(DeskWork work, TicketRow ticket, Naming naming) => work.Note(ticket, "diagnosis-changed",
        naming.IsCertain ? $"now most probably {naming.Title.En}" : $"not certain: {naming.Title.En}",
        naming.IsCertain ? $"现最可能的原因：{naming.Title.ZhCn}" : $"目前无法确定：{naming.Title.ZhCn}");

    private static void Remember(TicketRow ticket, Expectation expected)
    {
        if (expected.Named is { } named && !ticket.Named.Contains(named)) ticket.Named = [.. ticket.Named, named];
    }

    /// <summary>The alarm's causes after what was tried, and as far as technicians have confirmed them.</summary>
    private async Task<Expectation> WeighAsync(DeskWork work, CaseRow fault, FaultSignature? seen, CancellationToken ct)
    {
        var tried = await TriedRemedies.WeighAsync(work, fault, ct);
        return options.Value.LearnFromClosures ? await confirmations.WeighAsync(fault.Tenant, fault.Type, tried, seen, ct) : new Expectation(tried, tried, null, LearnedFaults.None);
    }

    public static void Join(DeskWork work, TicketRow ticket, CaseRow fault)
    {
        if (ticket.Alarms.Contains(fault.AlarmId)) return;
        ticket.Alarms = [.. ticket.Alarms, fault.AlarmId];
        work.Note(ticket, "alarm-joined", $"{fault.Title.En}: joined", $"{fault.Title.ZhCn}：已并入");
    }

    /// <summary>For a fault that is only played nothing is kept or sent and nobody travels.</summary>
    private VisitPlan PlanOf(CaseRow fault, Expectation expected)
    {
        var plan = VisitPlan.For(code => VisitPlan.FaultOf(packs, fault.Type, code) ?? expected.Learned.Find(code), expected.Causes, options.Value.LeastProbability);
        return MysteryDevice.Is(fault.Site, fault.Device) ? plan with { Parts = [], InCase = [], NeedsVisit = false } : plan;
    }

    private async Task SendPartsAsync(DeskWork work, TicketRow ticket, VisitPlan plan, CancellationToken ct)
    {
        if (plan.Probability > options.Value.Costs.Threshold) await logistics.SupplyAsync(work, ticket, plan.Parts, ct);
        else await logistics.PlanAsync(work, ticket, plan.Parts, ct);
        await SendInCaseAsync(work, ticket, plan, ct);
    }

    /// <summary>The same rule for what the other causes need: a visit in vain costs more than a part that comes back. It goes along, it is not waited for.</summary>
    private async Task SendInCaseAsync(DeskWork work, TicketRow ticket, VisitPlan plan, CancellationToken ct)
    {
        if (ticket.Device is null) return;
        foreach (var part in plan.InCase.Where(part => part.Probability > options.Value.Costs.Threshold).Take(MostInCase))
        {
            if (!await logistics.SupplyIfInTimeAsync(work, ticket, part.Need, ct)) continue;
            var share = string.Create(CultureInfo.InvariantCulture, $"{part.Probability * 100:0}%");
            work.Note(ticket, "parts-in-case", $"{part.Need.Sku} goes along, in case it is {part.Cause.En} ({share})", $"另备 {part.Need.Sku}：原因也可能是{part.Cause.ZhCn}（{share}）");
        }
    }

    /// <summary>What was only planned, because the diagnosis was doubtful, goes out when more has been seen.</summary>
    private async Task SendWhatIsNowSureAsync(DeskWork work, TicketRow ticket, VisitPlan plan, CancellationToken ct)
    {
        await SendInCaseAsync(work, ticket, plan, ct);
        if (plan.Probability <= options.Value.Costs.Threshold) return;
        var planned = (await work.LinesAsync(ticket.Number, ct)).Where(line => line.Status is PartLineStatus.Planned).Select(line => line.Sku).ToHashSet(StringComparer.Ordinal);
        var needs = plan.Parts.Where(need => planned.Contains(need.Sku)).ToList();
        if (needs.Count == 0) return;
        await logistics.SupplyAsync(work, ticket, needs, ct);
        work.Note(ticket, "parts-sent", "the diagnosis is surer now: the parts go out", "诊断已更明确：备件发出");
        TicketClocks.Schedule(work, ticket);
    }

    private async Task<TicketRow> NewRowAsync(DeskWork work, Opening opening, VisitPlan plan, CancellationToken ct)
    {
        var device = opening.Device is null ? null : await devices.FindAsync(new DeviceKey(opening.Tenant, opening.Device), ct);
        var site = await devices.FindSiteAsync(opening.Tenant, opening.Site, ct);
        var tier = device?.Tier ?? await BestTierOfSiteAsync(opening, ct);
        var grading = await GradingAsync(work, opening, device, ct);
        var priority = grading is null ? opening.Priority!.Value : PriorityTable.Lift(grading.Priority, tier);   // either is given
        var inForce = await agreements.InForceAsync(work.Db, opening.Tenant, ct);
        var sequence = (await work.Db.Tickets.MaxAsync(t => (int?)t.Sequence, ct) ?? FirstNumber - 1) + 1;
        var ticket = new TicketRow
        {
            Number = string.Create(CultureInfo.InvariantCulture, $"T-{sequence}"), Sequence = sequence, Key = await KeyAsync(work, opening, ct), Tenant = opening.Tenant,
            FaultKey = opening.FaultKey, Device = opening.Device, Serial = device?.Serial, Site = opening.Site,
            Customer = device?.Customer ?? site?.Customer ?? "", Tier = tier, Status = TicketStatus.New, Priority = priority, Grading = grading, Class = plan.Class,
            Title = opening.Title, Causes = opening.Causes, DispatchedFor = opening.Causes.Count > 0 && !opening.ByHand ? opening.Causes[0].Code : null,
            Alarms = opening.Alarms, Policy = "", AgreementVersion = inForce.Version, Pauses = [], Skill = plan.Skill, WorkMinutes = plan.Minutes, NeedsVisit = plan.NeedsVisit,
            OpenedAt = work.Now, OnsetAt = opening.OnsetAt, UpdatedAt = work.Now, StateChangedAt = work.Now, LastStepAt = work.Now,
            TrackingCode = RandomNumberGenerator.GetString(TrackingAlphabet, 12),
        };
        clocks.SetDeadlines(ticket);
        work.Db.Tickets.Add(ticket);
        return ticket;
    }

    /// <summary>The alarm's id; with a running number when the same alarm came back after its ticket was closed.</summary>
    private static async Task<string> KeyAsync(DeskWork work, Opening opening, CancellationToken ct)
    {
        var earlier = await work.Db.Tickets.CountAsync(t => t.Tenant == opening.Tenant && (t.Key == opening.Key || t.Key.StartsWith(opening.Key + "#")), ct);
        return earlier == 0 ? opening.Key : string.Create(CultureInfo.InvariantCulture, $"{opening.Key}#{earlier + 1}");
    }

    /// <summary>By the queue policy in force; null when a person has named the priority.</summary>
    private static async Task<Grading?> GradingAsync(DeskWork work, Opening opening, Device? device, CancellationToken ct)
    {
        if (opening.Urgency is not { } urgency) return null;
        var impact = opening.Impact ?? (device is null ? Impact.Site : device.RedundancyGroup is null ? Impact.Machine : Impact.Minor);
        var policy = await QueueBook.InForceAsync(work.Db, opening.Tenant, ct);
        return new Grading(urgency, impact, policy.Policy.PriorityOf(urgency, impact), policy.Version);
    }

    /// <summary>A site is served as its best customer there.</summary>
    private async Task<string> BestTierOfSiteAsync(Opening opening, CancellationToken ct)
    {
        var there = await devices.ListAsync(new DeviceFilter(opening.Tenant, Site: opening.Site, Limit: 1000), ct);
        return there.Select(d => d.Tier).OrderByDescending(PriorityTable.Rank).FirstOrDefault("standard");
    }

    /// <summary>A ticket of the same device with the same fault key, or the same cause: by the telemetry, or as far as experience tells. An open one, or one whose repair ended after the alarm had begun.</summary>
    private static async Task<TicketRow?> SameFaultAsync(DeskWork work, CaseRow fault, Expectation expected, CancellationToken ct)
    {
        var there = await work.Db.Tickets
            .Where(t => t.Tenant == fault.Tenant && t.Site == fault.Site && t.Device == fault.Device
                && t.Status != TicketStatus.Closed && t.Status != TicketStatus.Cancelled && (t.Status != TicketStatus.Resolved || t.ResolvedAt >= fault.OnsetAt))
            .OrderBy(t => t.Status == TicketStatus.Resolved).ThenBy(t => t.Sequence).ToListAsync(ct);   // what is still worked on comes before a repair that has to prove itself
        return there.FirstOrDefault(t => t.FaultKey == fault.FaultKey) ?? there.FirstOrDefault(t => IsAbout(t, fault.TopCause?.Code, expected));
    }

    private static bool IsAbout(TicketRow ticket, string? named, Expectation expected) =>
        (named is not null && ticket.Named.Contains(named))
        || (ticket.Causes is [var top, ..] && (top.Code == named || (expected.Causes is [var likeliest, ..] && top.Code == likeliest.Code)));

    /// <summary>Whether the same cause on the same device had a ticket within the last day: for the scoreboard.</summary>
    private static async Task<bool> IsDuplicateAsync(DeskWork work, TicketRow ticket, CancellationToken ct)
    {
        var since = work.Now - TimeSpan.FromDays(1);
        var others = await work.Db.Tickets
            .Where(t => t.Tenant == ticket.Tenant && t.Site == ticket.Site && t.Device == ticket.Device && (t.ResolvedAt == null || t.ResolvedAt > since))
            .AsNoTracking().ToListAsync(ct);
        return others.Any(t => t.Number != ticket.Number && t.Status is not TicketStatus.Cancelled
            && (t.FaultKey == ticket.FaultKey || (t.Causes.Count > 0 && t.Causes[0].Code == ticket.DispatchedFor)));
    }

    /// <summary>The latest repair of the same fault of this device was no fix, when it is no longer ago than a fix has to hold.</summary>
    private async Task RecordRepeatAsync(DeskWork work, TicketRow ticket, CancellationToken ct)
    {
        if (ticket.Device is null) return;
        var since = work.Now - options.Value.FixHolds;
        var repaired = await work.Db.Tickets.AsNoTracking()
            .Where(t => t.Tenant == ticket.Tenant && t.Device == ticket.Device && t.ResolvedAt > since && (t.Status == TicketStatus.Resolved || t.Status == TicketStatus.Closed))
            .OrderByDescending(t => t.Sequence).ToListAsync(ct);
        var cause = ticket.Causes.Count > 0 ? ticket.Causes[0].Code : null;
        if (repaired.FirstOrDefault(t => (ticket.FaultKey is not null && t.FaultKey == ticket.FaultKey) || (cause is not null && t.Closure?.FaultCode == cause)) is not { } earlier) return;
        work.Record(EventKind.Repeated, earlier.Number, ticket, (work.Now - earlier.ResolvedAt!.Value).TotalDays, earlier.Number);
    }

    private sealed record Opening(
        string Tenant, string? Device, string Site, string Key, string? FaultKey, LocalizedText Title, IReadOnlyList<Cause> Causes,
        IReadOnlyList<string> Alarms, DateTimeOffset OnsetAt, bool ByHand, Priority? Priority, Urgency? Urgency, Impact? Impact);
}

/// <summary>A tier lifts the priority that clocks run by.</summary>
public static class PriorityTable
{
    public static Priority Lift(Priority priority, string tier) => (Priority)Math.Clamp((int)priority - Rank(tier), (int)Priority.P1, (int)Priority.P4);

    /// <summary>How many priorities a tier is lifted.</summary>
    internal static int Rank(string tier) => tier.ToUpperInvariant() switch
    {
        "PREMIUM" or "GOLD" or "PLATINUM" => 1,
        "BASIC" or "ECONOMY" => -1,
        _ => 0,
    };
}
