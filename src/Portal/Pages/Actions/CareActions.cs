using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Pages.Viewing;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Care.Checklists;
using Seamless.ServiceDesk.Care.Plans;
using Seamless.ServiceDesk.Care.Visits;
using Seamless.Telemetry;

namespace Seamless.Portal.Pages.Actions;

internal static class CareActions
{
    private const string ItemPrefix = "item-";
    private const string ObjectivePrefix = "objective-";

    public static void Map(IEndpointRouteBuilder app)
    {
        var visits = app.MapGroup("/care/visits").RequireAuthorization(policy => policy.RequireRole(Duties.Tickets));

        visits.MapPost("/{number}/complete", async (string number, [FromServices] ActionRequest request, ICareVisits care) =>
        {
            var visit = await care.FindAsync(request.Viewer.Tenant, number, request.Aborted);
            var report = visit is null ? Refusal.NotFound("care-visit-unknown", $"there is no visit {number}") : ReportOf(visit, request.Fields());
            var outcome = report.Succeeded ? await care.CompleteAsync(request.Viewer.Tenant, number, report.Value, request.Viewer.Name, request.Aborted) : report.Refusal;
            return await request.AnswerAsync("care.complete", $"care-visit:{number}", outcome);
        });

        visits.MapPost("/{number}/skip", async (string number, [FromServices] ActionRequest request, ICareVisits care) =>
            await request.AnswerAsync("care.skip", $"care-visit:{number}", await care.SkipAsync(request.Viewer.Tenant, number, request.Field("reason") ?? "", request.Viewer.Name, request.Aborted)));

        app.MapPost("/care/plans", async ([FromServices] ActionRequest request, ICarePlans plans) =>
        {
            var id = request.Field("id") ?? "";
            return await request.AnswerAsync("care.plan", $"care-plan:{id}", await plans.PutAsync(request.Viewer.Tenant, id, OrderOf(request), request.Viewer.Name, request.Aborted));
        }).RequireAuthorization(policy => policy.RequireRole(Duties.Engineering));
    }

    private static CarePlanOrder OrderOf(ActionRequest request)
    {
        var title = request.Field("title") ?? "";
        var per = Enum.TryParse<VisitPer>(request.Field("per"), out var known) ? known : VisitPer.Device;
        var scope = new CareScope(request.Field("device"), request.Field("site"), request.Field("type"), request.Field("customer"), request.Field("tier"));
        IReadOnlyList<VisitObjective> objectives = request.Field("objective") is { } objective ? [new VisitObjective("objective", new LocalizedText(objective, objective))] : [];
        return new CarePlanOrder(
            new LocalizedText(title, title), scope, request.Field("rule") ?? "", per, Zone: request.Viewer.Zone.Id, WindowDays: request.Whole("windowDays", 3), Checklist: request.Field("checklist"), Objectives: objectives);
    }

    private static Outcome<VisitReport> ReportOf(CareVisit visit, IReadOnlyDictionary<string, string> fields)
    {
        var answers = new Dictionary<string, ItemAnswer>();
        foreach (var item in visit.Items)
        {
            if (!fields.TryGetValue(ItemPrefix + item.Id, out var text)) continue;
            if (item.Kind is ItemKind.Value)
            {
                if (!double.TryParse(text, CultureInfo.InvariantCulture, out var value)) return Refusal.Invalid("number-unreadable", $"'{text}' is no number");
                answers[item.Id] = new ItemAnswer(Value: value);
            }
            else answers[item.Id] = item.Kind is ItemKind.YesNo ? new ItemAnswer(Yes: text == "true") : new ItemAnswer(Photo: text);
        }
        var outcomes = visit.Objectives.Where(o => fields.ContainsKey(ObjectivePrefix + o.Id))
            .Select(o => new ObjectiveOutcome(o.Id, Enum.TryParse<ObjectiveResult>(fields[ObjectivePrefix + o.Id], out var result) ? result : ObjectiveResult.NotReached)).ToList();
        return new VisitReport(answers, outcomes, fields.GetValueOrDefault("note"));
    }
}
