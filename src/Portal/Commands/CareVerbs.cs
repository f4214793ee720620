using System.CommandLine;
using System.Globalization;
using Seamless.Portal.Api;
using Seamless.ServiceDesk.Care.Checklists;
using Seamless.ServiceDesk.Care.Plans;
using Seamless.ServiceDesk.Care.Visits;

namespace Seamless.Portal.Commands;

/// <summary><c>care</c>: plans of inspections and visits from the shell, beside a running or a stopped <c>serve</c>.</summary>
internal static class CareVerbs
{
    private const string Path = "api/v1/care";

    public static Command Create() => Verb.Create("care", "Care plans: inspections and visits that come round.", "care visits", "care put weekly-round plan.json").With(Plans(), Put(), Checklist(), Visits(), Adherence());

    private static Command Plans() => Verb.Create("plans", "The plans, each with its next day.", "care plans")
        .With(Verb.Json)
        .Run((parsed, settings, ct) => PlatformClient.AskAsync<Page<CarePlan>>(settings, (http, token) => http.GetAsync($"{Path}/plans?limit=1000", token), plans => Print(
            parsed, plans, ["PLAN", "RULE", "ZONE", "NEXT", "TITLE"], p => [p.Id, p.Rule, p.Zone, p.Ended ? "ended" : p.Next?.ToString("O", CultureInfo.InvariantCulture) ?? "-", p.Title.En]), ct));

    private static Command Put()
    {
        var id = new Argument<string>("ID") { Description = "The plan's id." };
        var file = new Argument<FileInfo>("FILE") { Description = "The plan as JSON: title, scope, rule, and a checklist or objectives." };
        return Verb.Create("put", "Puts a plan in force. What lies ahead is planned anew.", "care put weekly-round plan.json")
            .With(id, file, Verb.Json)
            .Run((parsed, settings, ct) => FileCall.SendAsync<CarePlan>(parsed, settings, parsed.GetRequiredValue(file), HttpMethod.Put, $"{Path}/plans/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}", plan => $"{plan.Id} is in force; next {plan.Next:O}", ct));
    }

    private static Command Checklist()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The checklist as JSON: id, title, items." };
        return Verb.Create("checklist", "Publishes a new version of a checklist.", "care checklist room.json")
            .With(file, Verb.Json)
            .Run((parsed, settings, ct) => FileCall.SendAsync<Checklist>(parsed, settings, parsed.GetRequiredValue(file), HttpMethod.Post, $"{Path}/checklists", list => $"{list.Id}, version {list.Version}", ct));
    }

    private static Command Visits()
    {
        var status = new Option<string>("--status") { Description = "planned, done, missed, skipped, or open.", HelpName = "STATUS", DefaultValueFactory = _ => "open" };
        var plan = new Option<string?>("--plan") { Description = "Only of this plan.", HelpName = "ID" };
        return Verb.Create("visits", "Visits, newest first.", "care visits --status missed")
            .With(status, plan, Verb.Json)
            .Run((parsed, settings, ct) => PlatformClient.AskAsync<Page<CareVisit>>(
                settings, (http, token) => http.GetAsync($"{Path}/visits?limit=1000&status={Uri.EscapeDataString(parsed.GetRequiredValue(status))}{(parsed.GetValue(plan) is { } id ? $"&plan={Uri.EscapeDataString(id)}" : "")}", token),
                visits => Print(parsed, visits, ["VISIT", "PLAN", "FOR", "FROM", "UNTIL", "STATUS", "TICKET"], v => [v.Number, v.Plan, v.Device ?? (v.Site.Length > 0 ? v.Site : v.Customer), $"{v.From:u}", $"{v.Until:u}", ApiJson.NameOf(v.Status), v.Ticket ?? "-"]), ct));
    }

    private static Command Adherence()
    {
        var by = new Option<string>("--by") { Description = "all, plan, customer or tier.", HelpName = "WHAT", DefaultValueFactory = _ => "plan" };
        return Verb.Create("adherence", "Share of the visits of the last 90 days that were done in their window.", "care adherence --by customer")
            .With(by, Verb.Json)
            .Run((parsed, settings, ct) => PlatformClient.AskAsync<Page<Adherence>>(settings, (http, token) => http.GetAsync($"{Path}/adherence?limit=1000&by={Uri.EscapeDataString(parsed.GetRequiredValue(by))}", token), rows => Print(
                parsed, rows, ["OF", "KEPT", "IN TIME", "LATE", "MISSED", "OBJECTIVES"], a => [a.Of, Share(a.Value), $"{a.InTime}", $"{a.Late}", $"{a.Missed}", Share(a.ObjectivesReached)]), ct));
    }

    private static void Print<T>(ParseResult parsed, Page<T> page, IReadOnlyList<string> columns, Func<T, IReadOnlyList<string>> row)
    {
        if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(page);
        else Terminal.PrintTable(columns, page.Items.Select(row));
    }

    private static string Share(double? value) => value?.ToString("P0", CultureInfo.InvariantCulture) ?? "-";
}
