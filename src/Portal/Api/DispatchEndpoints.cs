using System.Globalization;
using System.Security.Claims;
using Seamless.Fleet.Registry;
using Seamless.Portal.Accounts;
using Seamless.ServiceDesk.Dispatch;
using Seamless.ServiceDesk.Dispatch.Planning;
using Seamless.ServiceDesk.Dispatch.Technicians;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.Portal.Api;

/// <param name="From">Local hour, <c>08:00</c>.</param>
/// <param name="To">At or before <paramref name="From"/>: on the next day.</param>
public sealed record ShiftDefinition(IReadOnlyList<DayOfWeek> Days, string From, string To);

/// <param name="Skills">Each with its level, 1 to 9.</param>
/// <param name="Shifts">None: around the clock.</param>
/// <param name="Sites">With radiusKm and the partner's cities the territory; everywhere when none is told.</param>
/// <param name="Van">Pieces of each part on the van.</param>
public sealed record TechnicianDefinition(
    double Latitude, double Longitude, IReadOnlyDictionary<string, int> Skills, TechnicianKind Kind = TechnicianKind.Mobile, string? Partner = null, string TimeZone = "UTC",
    IReadOnlyList<ShiftDefinition>? Shifts = null, IReadOnlyList<Certificate>? Certificates = null, IReadOnlyList<string>? Sites = null, double? RadiusKm = null,
    IReadOnlyList<string>? Languages = null, IReadOnlyDictionary<string, int>? Van = null, double? MostHoursPerDay = null);

public sealed record TechnicianView(
    string Id, double Latitude, double Longitude, IReadOnlyDictionary<string, int> Skills, TechnicianKind Kind, string? Partner, string TimeZone, IReadOnlyList<ShiftDefinition> Shifts,
    IReadOnlyList<Certificate> Certificates, IReadOnlyList<Absence> Absences, IReadOnlyList<string> Sites, double? RadiusKm, IReadOnlyList<string> Languages,
    IReadOnlyDictionary<string, int> Van, double? MostHoursPerDay);

/// <param name="Cities">Circles that its technicians serve.</param>
/// <param name="Reason">Needed for a suspension.</param>
public sealed record PartnerDefinition(string Name, IReadOnlyList<City>? Cities = null, bool Suspended = false, string? Reason = null);

/// <param name="Fingerprint">Of the proposal that is to be put in force.</param>
public sealed record PlanApplication(string Fingerprint);

public sealed record Overrun(int Minutes);

public sealed record NewEta(DateTimeOffset Eta);

/// <param name="Tier">Whose P1 has the time to arrive that is asked about.</param>
public sealed record FeasibilityRequest(string? Site = null, double? Latitude = null, double? Longitude = null, string Tier = "standard", string? Skill = null);

public sealed record FeasibilityView(
    bool Feasible, int ArriveWithinMinutes, int HoursWithoutCover, IReadOnlyList<string> Gaps, int? WorstMinutes, IReadOnlyList<CoveringTechnician> Covering, IReadOnlyList<string> WouldHelp);

public sealed record BoardRowView(string Technician, TechnicianKind Kind, string? Partner, bool Available, IReadOnlyList<BoardVisit> Visits);
public sealed record WaitingVisitView(string Ticket, string Site, Priority Priority, string? Skill, DateTimeOffset ArriveBy, string Reason);
public sealed record BoardView(DateTimeOffset From, DateTimeOffset To, bool Solver, IReadOnlyList<BoardRowView> Rows, IReadOnlyList<WaitingVisitView> Waiting);
public sealed record DispatchChangeView(string Ticket, string Site, Visit? Before, Visit? After, string? Reason);
public sealed record ProposalView(string Fingerprint, bool Solver, PlanFigures Figures, IReadOnlyList<DispatchChangeView> Changes);

public sealed record SkillGapsView(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<SkillDemand> Items);

/// <summary>Technicians, their partners, and who makes which visit (docs/reference/service.md, Dispatch).</summary>
internal static class DispatchEndpoints
{
    public static void MapDispatch(this RouteGroupBuilder api)
    {
        var dispatch = api.MapGroup("").WithTags("Dispatch");
        dispatch.MapGet("/technicians", ListAsync).WithName("listTechnicians").RequireAuthorization(Policies.Read).WithSummary("Who can be sent.");
        dispatch.MapGet("/technicians/gaps", GapsAsync).WithName("listSkillGaps").RequireAuthorization(Policies.Read).Produces<SkillGapsView>()
            .WithSummary("Skills that sites asked for in a period, the last 30 days unless told otherwise, and that nobody or only one can bring there; all=true: the others too.");
        dispatch.MapGet("/technicians/{id}", FindAsync).WithName("getTechnician").RequireAuthorization(Policies.Read).Produces<TechnicianView>().WithSummary("One of them.");
        dispatch.MapPut("/technicians/{id}", PutAsync).WithName("putTechnician").RequireAuthorization(Policies.Dispatch).Produces<TechnicianView>()
            .WithSummary("New or changed, absences kept; visits that no longer fit are planned anew at once.");
        dispatch.MapDelete("/technicians/{id}", RemoveAsync).WithName("removeTechnician").RequireAuthorization(Policies.Dispatch).Produces<TechnicianView>()
            .WithSummary("Has left. Refused while a visit of his is under way or confirmed.");
        dispatch.MapPost("/technicians/{id}/absences", AbsenceAsync).WithName("addAbsence").RequireAuthorization(Policies.Dispatch).Produces<TechnicianView>()
            .WithSummary("Is absent from, to; his visits in that time are planned anew at once.");
        dispatch.MapGet("/partners", PartnersAsync).WithName("listPartners").RequireAuthorization(Policies.Read).WithSummary("Service companies whose technicians we send.");
        dispatch.MapGet("/partners/{id}", PartnerAsync).WithName("getPartner").RequireAuthorization(Policies.Read).Produces<Partner>().WithSummary("One of them.");
        dispatch.MapPut("/partners/{id}", PutPartnerAsync).WithName("putPartner").RequireAuthorization(Policies.Dispatch).Produces<Partner>()
            .WithSummary("New or changed; with suspended its technicians get no work, and lose what is not pinned.");
        dispatch.MapGet("/dispatch/board", BoardAsync).WithName("getDispatchBoard").RequireAuthorization(Policies.Read).Produces<BoardView>()
            .WithSummary("Visits per technician between from and to, the coming 24 hours when not told, and what has nobody, with the reason.");
        dispatch.MapPost("/dispatch/plan", ProposeAsync).WithName("proposeDispatchPlan").RequireAuthorization(Policies.Dispatch).Produces<ProposalView>().WithSummary("The whole plan anew: what it would change. Nothing is saved.");
        dispatch.MapPost("/dispatch/plan/apply", ApplyAsync).WithName("applyDispatchPlan").RequireAuthorization(Policies.Dispatch).Produces<ProposalView>()
            .WithSummary("Puts the proposal with this fingerprint in force; 409 when things have changed since.");
        dispatch.MapPost("/dispatch/feasibility", FeasibilityAsync).WithName("askFeasibility").RequireAuthorization(Policies.Read).Produces<FeasibilityView>()
            .WithSummary("Whether a tier's time to arrive can be kept at a place around the clock: before it is promised.");
        dispatch.MapGet("/tickets/{number}/candidates", CandidatesAsync).WithName("listVisitCandidates").RequireAuthorization(Policies.Read).Produces<VisitCandidates>().WithSummary("Who could make this visit, the best first.");
        dispatch.MapPost("/tickets/{number}/overrun", OverrunAsync).WithName("reportOverrun").RequireAuthorization(Policies.Dispatch).Produces<Visit>()
            .WithSummary("The visit under way takes so many minutes longer; the technician's next ones are planned anew.");
        dispatch.MapPut("/shipments/{id}/eta", DelayAsync).WithName("setShipmentEta").RequireAuthorization(Policies.Dispatch).Produces<NewEta>()
            .WithSummary("The carrier expects it at another time; a visit before that is planned anew.");
    }

    private static async Task<Page<TechnicianView>> ListAsync([AsParameters] PageQuery page, string? partner, ClaimsPrincipal user, ITechnicians book, CancellationToken ct) =>
        (await book.ListAsync(user.Tenant(), ct)).Where(t => partner is null || t.Profile.Partner == partner).Slice(page, t => t.Id, View);

    private static async Task<IResult> GapsAsync(Instant? from, Instant? to, bool? all, ClaimsPrincipal user, ISkillGaps gaps, TimeProvider time, CancellationToken ct)
    {
        if (!KpiEndpoints.Period(from, to, time, out var begin, out var end)) return Problems.Invalid("'from' must be before 'to'");
        var demands = await gaps.ListAsync(user.Tenant(), begin, to is null ? end.AddMilliseconds(1) : end, ct);
        return TypedResults.Ok(new SkillGapsView(begin, end, [.. demands.Where(d => all is true || d.Cover is not SkillCover.Shared)]));
    }

    private static async Task<IResult> FindAsync(string id, ClaimsPrincipal user, ITechnicians book, CancellationToken ct) =>
        await book.FindAsync(user.Tenant(), id, ct) is { } technician ? TypedResults.Ok(View(technician)) : Problems.NotFound($"there is no technician {id}");

    private static async Task<IResult> PutAsync(string id, TechnicianDefinition body, ClaimsPrincipal user, ITechnicians book, CancellationToken ct)
    {
        var shifts = new List<WeeklyShift>();
        foreach (var shift in body.Shifts ?? [])
        {
            if (Hour(shift.From) is not { } from || Hour(shift.To) is not { } to) return Problems.Invalid($"'{shift.From}' to '{shift.To}' are no hours; 08:00 to 18:00 are");
            shifts.Add(new WeeklyShift(shift.Days, from, to));
        }
        var profile = new TechnicianProfile(
            body.Kind, body.Partner, body.TimeZone, shifts, [.. (body.Certificates ?? []).Select(c => c with { Skills = c.Skills ?? [] })], null, body.Sites, body.RadiusKm, body.Languages, body.Van, body.MostHoursPerDay);
        return (await book.PutAsync(user.Tenant(), new Technician(id, new GeoPoint(body.Latitude, body.Longitude), body.Skills, profile), user.Actor(), ct)).ToResult(View);
    }

    private static async Task<IResult> RemoveAsync(string id, ClaimsPrincipal user, ITechnicians book, CancellationToken ct) => (await book.RemoveAsync(user.Tenant(), id, user.Actor(), ct)).ToResult(View);

    private static async Task<IResult> AbsenceAsync(string id, Absence body, ClaimsPrincipal user, ITechnicians book, CancellationToken ct) =>
        (await book.AddAbsenceAsync(user.Tenant(), id, body, user.Actor(), ct)).ToResult(View);

    private static async Task<Page<Partner>> PartnersAsync([AsParameters] PageQuery page, ClaimsPrincipal user, ITechnicians book, CancellationToken ct) =>
        (await book.PartnersAsync(user.Tenant(), ct)).Slice(page, p => p.Id, p => p);

    private static async Task<IResult> PartnerAsync(string id, ClaimsPrincipal user, ITechnicians book, CancellationToken ct) =>
        (await book.PartnersAsync(user.Tenant(), ct)).FirstOrDefault(p => p.Id == id) is { } partner ? TypedResults.Ok(partner) : Problems.NotFound($"there is no partner {id}");

    private static async Task<IResult> PutPartnerAsync(string id, PartnerDefinition body, ClaimsPrincipal user, ITechnicians book, CancellationToken ct) =>
        (await book.PutPartnerAsync(user.Tenant(), new Partner(id, body.Name, body.Cities ?? [], body.Suspended, body.Reason), user.Actor(), ct)).ToResult(p => p);

    private static async Task<IResult> BoardAsync(DateTimeOffset? from, DateTimeOffset? to, ClaimsPrincipal user, HttpContext http, IDispatch dispatch, TimeProvider clock, CancellationToken ct)
    {
        var (begin, text) = (from ?? clock.GetUtcNow(), http.Texts());
        var end = to ?? begin.AddDays(1);
        if (end <= begin || end - begin > TimeSpan.FromDays(31)) return Problems.Invalid("to is after from, by 31 days at most");
        var board = await dispatch.BoardAsync(user.Tenant(), begin, end, ct);
        return TypedResults.Ok(new BoardView(board.From, board.To, board.Solver,
            [.. board.Rows.Select(r => new BoardRowView(r.Technician.Id, r.Technician.Profile.Kind, r.Technician.Profile.Partner, r.Available, r.Visits))],
            [.. board.Waiting.Select(w => new WaitingVisitView(w.Ticket, w.Site, w.Priority, w.Skill, w.ArriveBy, text(w.Reason)))]));
    }

    private static async Task<IResult> ProposeAsync(ClaimsPrincipal user, HttpContext http, IDispatch dispatch, CancellationToken ct) => TypedResults.Ok(View(await dispatch.ProposeAsync(user.Tenant(), ct), http));

    private static async Task<IResult> ApplyAsync(PlanApplication body, ClaimsPrincipal user, HttpContext http, IDispatch dispatch, CancellationToken ct) =>
        (await dispatch.ApplyAsync(user.Tenant(), body.Fingerprint, user.Actor(), ct)).ToResult(p => View(p, http));

    private static async Task<IResult> FeasibilityAsync(FeasibilityRequest body, ClaimsPrincipal user, HttpContext http, IDispatch dispatch, CancellationToken ct)
    {
        var place = body is { Latitude: { } latitude, Longitude: { } longitude } ? new GeoPoint(latitude, longitude) : null;
        return (await dispatch.FeasibilityAsync(user.Tenant(), new FeasibilityQuestion(body.Site, place, body.Tier, body.Skill), ct)).ToResult(a => new FeasibilityView(
            a.Feasible, a.ArriveWithinMinutes, a.HoursWithoutCover, a.Gaps, a.WorstMinutes, a.Covering, [.. a.WouldHelp.Select(h => http.Texts()(h))]));
    }

    private static async Task<IResult> CandidatesAsync(string number, ClaimsPrincipal user, IDispatch dispatch, CancellationToken ct) => (await dispatch.CandidatesAsync(user.Tenant(), number, ct)).ToResult(c => c);

    private static async Task<IResult> OverrunAsync(string number, Overrun body, ClaimsPrincipal user, IDispatch dispatch, CancellationToken ct) =>
        (await dispatch.OverrunAsync(user.Tenant(), number, body.Minutes, user.Actor(), ct)).ToResult(v => v);

    private static async Task<IResult> DelayAsync(string id, NewEta body, ClaimsPrincipal user, IDispatch dispatch, CancellationToken ct) =>
        (await dispatch.DelayShipmentAsync(user.Tenant(), id, body.Eta, user.Actor(), ct)).ToResult(eta => new NewEta(eta));

    private static ProposalView View(DispatchProposal proposal, HttpContext http)
    {
        var text = http.Texts();
        return new ProposalView(proposal.Fingerprint, proposal.Solver, proposal.Figures, [.. proposal.Changes.Select(c => new DispatchChangeView(c.Ticket, c.Site, c.Before, c.After, c.Reason is null ? null : text(c.Reason)))]);
    }

    private static TechnicianView View(Technician t) => new(
        t.Id, t.Home.Latitude, t.Home.Longitude, t.Skills, t.Profile.Kind, t.Profile.Partner, t.Profile.TimeZone, [.. t.Shifts.Select(s => new ShiftDefinition(s.Days, Hour(s.From), Hour(s.To)))],
        t.Certificates, t.Absences, t.Profile.Sites ?? [], t.Profile.RadiusKm, t.Profile.Languages ?? [], t.Profile.Van ?? new Dictionary<string, int>(), t.Profile.MostHoursPerDay);

    private static TimeOnly? Hour(string text) =>
        text == "24:00" ? TimeOnly.MinValue : TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var hour) ? hour : null;

    private static string Hour(TimeOnly hour) => hour.ToString("HH:mm", CultureInfo.InvariantCulture);
}
