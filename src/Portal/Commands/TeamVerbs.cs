using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json;
using Seamless.Portal.Api;

namespace Seamless.Portal.Commands;

/// <summary><c>teams</c>: who answers, who stands in, and the heartbeat that a call centre sends.</summary>
internal static class TeamVerbs
{
    private const string Path = "api/v1/teams";

    public static Command Create() => Verb.Create("teams", "Teams of the desk: which are up, and who takes over.", "teams list", "teams put teams.json").With(List(), Put(), Beat());

    private static Command List() =>
        Verb.Create("list", "Which are up, and how many open tickets are with them.", "teams list")
            .With(Verb.Json)
            .Run((parsed, settings, ct) => PlatformClient.AskAsync<Page<TeamView>>(settings, (http, token) => http.GetAsync(Path, token), teams => Print(teams, parsed.GetValue(Verb.Json)), ct));

    private static Command Put()
    {
        var file = new Argument<FileInfo>("FILE") { Description = """{"teams": [{"id": "manila", "fallback": ["mobile"]}, {"id": "mobile"}]}""" };
        return Verb.Create("put", "All teams anew; open tickets are routed at once.", "teams put teams.json")
            .With(file, Verb.Json)
            .Run(async (parsed, settings, ct) =>
            {
                var source = parsed.GetRequiredValue(file);
                if (!source.Exists) return Terminal.Misused($"{source.FullName}: there is no such file");
                try
                {
                    var wanted = JsonSerializer.Deserialize<TeamsChange>(await File.ReadAllTextAsync(source.FullName, ct), ApiJson.Options);
                    return await PlatformClient.AskAsync<Page<TeamView>>(settings, (http, token) => http.PutAsJsonAsync(Path, wanted, ApiJson.Options, token), teams => Print(teams, parsed.GetValue(Verb.Json)), ct);
                }
                catch (JsonException wrong)
                {
                    return Terminal.Misused($"{source.FullName}: {wrong.Message}");
                }
            });
    }

    private static Command Beat()
    {
        var id = new Argument<string>("TEAM") { Description = "Its id." };
        return Verb.Create("beat", "The team is there: to be sent a few times within its silenceSeconds.", "teams beat manila")
            .With(id, Verb.Json)
            .Run((parsed, settings, ct) => PlatformClient.AskAsync<TeamView>(settings, (http, token) => http.PostAsync($"{Path}/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}/heartbeat", null, token), team =>
            {
                if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(team);
                else Console.WriteLine($"{team.Id} was heard at {team.LastBeatAt:u}");
            }, ct));
    }

    private static void Print(Page<TeamView> teams, bool json)
    {
        if (json) Terminal.PrintJson(teams);
        else Terminal.PrintTable(["TEAM", "STATE", "LAST HEARD", "OPEN TICKETS", "FALLBACK"], teams.Items.Select(t => (IReadOnlyList<string>)
            [t.Id, t.DownSince is { } since ? $"down since {since:u}" : "up", $"{t.LastBeatAt:u}", $"{t.OpenTickets}", string.Join(' ', t.Fallback)]));
    }
}
