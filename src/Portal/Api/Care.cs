using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Accounts;
using Seamless.ServiceDesk.Care.Checklists;
using Seamless.ServiceDesk.Care.Plans;
using Seamless.ServiceDesk.Care.Visits;
using Seamless.Telemetry;

namespace Seamless.Portal.Api;

public sealed record SkipRequest(string? Reason = null);

/// <summary>Care plans, their checklists and their visits.</summary>
internal static class Care
{
    private static readonly TimeSpan UsualPeriod = TimeSpan.FromDays(90);

    public static void MapCare(this RouteGroupBuilder api)
    {
        var care = api.MapGroup("/care").WithTags("Care");
        care.MapGet("/plans", PlansAsync).WithName("listCarePlans").RequireAuthorization(Policies.Read).Produces<Page<CarePlan>>().WithSummary("Plans of recurring inspections and visits.");
        care.MapGet("/plans/{id}", PlanAsync).WithName("getCarePlan").RequireAuthorization(Policies.Read).Produces<CarePlan>().WithSummary("One plan with its next day.");
        care.MapPut("/plans/{id}", PutPlanAsync).WithName("putCarePlan").RequireAuthorization(Policies.Operate).Produces<CarePlan>()
            .WithSummary("A plan, whole: scope, rule as in RFC 5545, zone, window, checklist, objectives. Visits ahead are planned anew.");
        care.MapDelete("/plans/{id}", EndPlanAsync).WithName("endCarePlan").RequireAuthorization(Policies.Operate).Produces<CarePlan>().WithSummary("No further visits; what was done stays.");
        care.MapGet("/checklists", ChecklistsAsync).WithName("listChecklists").RequireAuthorization(Policies.Read).Produces<Page<Checklist>>().WithSummary("Every version of every checklist.");
        care.MapPost("/checklists", PublishAsync).WithName("publishChecklist").RequireAuthorization(Policies.Operate).Produces<Checklist>(StatusCodes.Status201Created)
            .WithSummary("A new version: items in both languages, each yesNo, a value with unit and limits, or a photo.");
        care.MapGet("/visits", VisitsAsync).WithName("listCareVisits").RequireAuthorization(Policies.Read).Produces<Page<CareVisit>>().WithSummary("Visits, newest first. status is a status, or 'open'.");
        care.MapGet("/visits/{id}", VisitAsync).WithName("getCareVisit").RequireAuthorization(Policies.Read).Produces<CareVisit>().WithSummary("One visit with its items, answers, findings, outcomes and telemetry.");
        care.MapPost("/visits/{id}/complete", CompleteAsync).WithName("completeCareVisit").RequireAuthorization(Policies.Dispatch).Produces<CareVisit>()
            .WithSummary("What was found and reached. Telemetry of the moment is attached; what is not in order opens a ticket.");
        care.MapPost("/visits/{id}/skip", SkipAsync).WithName("skipCareVisit").RequireAuthorization(Policies.Dispatch).Produces<CareVisit>().WithSummary("Will not take place, with the reason; it is escalated.");
        care.MapGet("/adherence", AdherenceAsync).WithName("measureAdherence").RequireAuthorization(Policies.Read)
            .WithSummary("Share of the visits that were done in their window, with 95 % interval; by=all, plan, customer or tier.");
    }

    private static async Task<Page<CarePlan>> PlansAsync([AsParameters] PageQuery page, ClaimsPrincipal user, ICarePlans plans, CancellationToken ct) =>
        (await plans.ListAsync(user.Tenant(), ct)).Slice(page, plan => plan.Id, plan => plan);

    private static async Task<IResult> PlanAsync(string id, ClaimsPrincipal user, ICarePlans plans, CancellationToken ct) =>
        await plans.FindAsync(user.Tenant(), id, ct) is { } plan ? TypedResults.Ok(plan) : Problems.NotFound($"there is no care plan '{id}'");

    private static async Task<IResult> PutPlanAsync(string id, [FromBody] CarePlanOrder order, ClaimsPrincipal user, ICarePlans plans, CancellationToken ct) =>
        (await plans.PutAsync(user.Tenant(), id, order, user.Actor(), ct)).ToResult(plan => plan);

    private static async Task<IResult> EndPlanAsync(string id, ClaimsPrincipal user, ICarePlans plans, CancellationToken ct) =>
        (await plans.EndAsync(user.Tenant(), id, user.Actor(), ct)).ToResult(plan => plan);

    private static async Task<Page<Checklist>> ChecklistsAsync([AsParameters] PageQuery page, ClaimsPrincipal user, IChecklists checklists, CancellationToken ct) =>
        (await checklists.ListAsync(user.Tenant(), ct)).SliceInOrder(page, c => $"{c.Id}:{c.Version}", c => c);

    private static async Task<IResult> PublishAsync([FromBody] NewChecklist checklist, ClaimsPrincipal user, IChecklists checklists, CancellationToken ct)
    {
        var published = await checklists.PublishAsync(user.Tenant(), checklist, user.Actor(), ct);
        return published.Succeeded ? TypedResults.Created("/api/v1/care/checklists", published.Value) : Problems.Of(published.Refusal);
    }

    private static async Task<IResult> VisitsAsync(
        [AsParameters] PageQuery page, string? status, string? plan, string? site, string? device, string? customer, ClaimsPrincipal user, ICareVisits visits, CancellationToken ct)
    {
        if (!StateFilter.TryParse<VisitStatus>(status, out var openOnly, out var only)) return StateFilter.Refuse<VisitStatus>("status", status);
        var found = await visits.ListAsync(new VisitFilter(user.Tenant(), only, openOnly, plan, site, device, customer, page.Cursor, page.Fetch), ct);
        return TypedResults.Ok(found.ToPage(page, visit => visit.Number, visit => visit));
    }

    private static async Task<IResult> VisitAsync(string id, ClaimsPrincipal user, ICareVisits visits, CancellationToken ct) =>
        await visits.FindAsync(user.Tenant(), id, ct) is { } visit ? TypedResults.Ok(visit) : Problems.NotFound($"there is no visit {id}");

    private static async Task<IResult> CompleteAsync(string id, [FromBody] VisitReport report, ClaimsPrincipal user, ICareVisits visits, CancellationToken ct) =>
        (await visits.CompleteAsync(user.Tenant(), id, report, user.Actor(), ct)).ToResult(visit => visit);

    private static async Task<IResult> SkipAsync(string id, [FromBody] SkipRequest skip, ClaimsPrincipal user, ICareVisits visits, CancellationToken ct) =>
        (await visits.SkipAsync(user.Tenant(), id, skip.Reason ?? "", user.Actor(), ct)).ToResult(visit => visit);

    private static async Task<IResult> AdherenceAsync(
        [AsParameters] PageQuery page, string? by, Instant? from, Instant? to, ClaimsPrincipal user, ICareVisits visits, TimeProvider clock, CancellationToken ct)
    {
        if (!Enum.TryParse<AdherenceDimension>(by ?? nameof(AdherenceDimension.All), ignoreCase: true, out var dimension) || !Enum.IsDefined(dimension))
            return Problems.Invalid($"by is '{by}'; it must be one of {string.Join(", ", Enum.GetValues<AdherenceDimension>().Select(ApiJson.NameOf))}");
        var end = to?.At ?? clock.GetUtcNow().AddMilliseconds(1);
        var begin = from?.At ?? end - UsualPeriod;
        return begin < end ? TypedResults.Ok((await visits.AdherenceAsync(user.Tenant(), dimension, begin, end, ct)).Slice(page, row => row.Of, row => row)) : Problems.Invalid("'from' must be before 'to'");
    }
}
