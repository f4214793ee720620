using System.CommandLine;
using System.Globalization;
using Seamless.Portal.Api;

namespace Seamless.Portal.Commands;

/// <summary><c>queue</c>: who is served next, from the shell.</summary>
internal static class QueueVerbs
{
    public static Command Create()
    {
        var person = new Option<string?>("--person") { Description = "What a technician, or somebody of the desk, may take.", HelpName = "ID" };
        var team = new Option<string?>("--team") { Description = "What is with a team of the desk, or what the technicians of a partner may take.", HelpName = "TEAM" };
        var limit = new Option<int>("--limit") { Description = "At most so many.", HelpName = "N", DefaultValueFactory = _ => 20 };
        return Verb.Create("queue", "What waits, the next first, and why it stands there.", "queue --person T-17 --limit 1", "queue --json")
            .With(person, team, limit, Verb.Json)
            .Run((parsed, settings, ct) =>
            {
                var query = string.Create(CultureInfo.InvariantCulture, $"limit={parsed.GetValue(limit)}") + Of("person", parsed.GetValue(person)) + Of("team", parsed.GetValue(team));
                return PlatformClient.AskAsync<Page<QueuePlaceView>>(settings, (http, token) => http.GetAsync($"api/v1/queue?{query}", token), places =>
                {
                    if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(places);
                    else Terminal.PrintTable(["NEXT", "TICKET", "PRIORITY", "CUSTOMER", "OPENED", "ASSIGNEE", "WHY"], places.Items.Select(p => (IReadOnlyList<string>)
                        [$"{p.Position}", p.Ticket, $"{p.Priority}", p.Customer, $"{p.Since:u}", p.Assignee ?? "-", string.Join("; ", p.Reasons)]));
                }, ct);
            });
    }

    private static string Of(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";
}
