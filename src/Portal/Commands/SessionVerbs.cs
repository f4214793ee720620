using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json;
using Seamless.Portal.Api;
using Seamless.Portal.Commands.Settings;
using Seamless.ServiceDesk.Customers.Complaints;
using Seamless.ServiceDesk.Sessions;

namespace Seamless.Portal.Commands;

/// <summary><c>session</c>: remote sessions from the shell. What is refused says why, and ends with 1.</summary>
internal static class SessionVerbs
{
    private static readonly Argument<string> Ticket = new("TICKET") { Description = "The ticket's number." };
    private static readonly Argument<int> Number = new("SESSION") { Description = "The session's number within the ticket." };

    public static Command Create() => Verb.Create(
        "session", "Remote sessions on the machine of a ticket: asked for, allowed, used, ended.", "session ask T-1042 --reason \"hear why it is loud\" --up-to R1", "session command T-1042 1 self-test", "session show T-1042 1")
        .With(List(), Show(), Ask(), Consent(), Send(), Note(), Link(), End());

    private static Command List() => Verb.Create("list", "The ticket's sessions, newest first.", "session list T-1042")
        .With(Ticket, Verb.Json)
        .Run((parsed, settings, ct) => PlatformClient.AskAsync<Page<RemoteSession>>(settings, (http, token) => http.GetAsync($"{PathOf(parsed)}?limit=1000", token), sessions =>
        {
            if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(sessions);
            else Terminal.PrintTable(["SESSION", "STATE", "UP TO", "ASKED BY", "ENDS", "REASON"], sessions.Items.Select(s => (IReadOnlyList<string>)[$"{s.Number}", StateOf(s), $"{s.UpTo}", s.AskedBy, s.EndsAt is { } ends ? $"{ends:u}" : "-", s.Reason]));
        }, ct));

    private static Command Show() => Verb.Create("show", "A session with its transcript; ends with 1 when the transcript is not intact.", "session show T-1042 1")
        .With(Ticket, Number, Verb.Json)
        .Run(async (parsed, settings, ct) =>
        {
            var intact = true;
            var code = await PlatformClient.AskAsync<SessionView>(settings, (http, token) => http.GetAsync(OneOf(parsed), token), view =>
            {
                intact = view.Intact;
                if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(view);
                else Print(view);
            }, ct);
            return code != 0 || intact ? code : Terminal.Fail("the transcript is not intact: an entry was changed or is missing");
        });

    private static Command Ask()
    {
        var reason = new Option<string>("--reason") { Description = "What it is for; the customer reads it.", HelpName = "TEXT", Required = true };
        var upTo = new Option<CommandRisk>("--up-to") { Description = "The riskiest command: R0 (default), R1 or R2.", HelpName = "CLASS" };
        var only = new Option<string[]>("--only") { Description = "Only this command; may be given several times.", HelpName = "COMMAND" };
        var minutes = new Option<int>("--minutes") { Description = "5 to 480 from the opening (default 60).", HelpName = "N", DefaultValueFactory = _ => SessionRequest.UsualMinutes };
        return Verb.Create("ask", "Asks the customer for remote access.", "session ask T-1042 --reason \"hear why it is loud\" --up-to R1")
            .With(Ticket, reason, upTo, only, minutes, Verb.Json)
            .Run((parsed, settings, ct) => PostAsync<RemoteSession>(parsed, settings, PathOf(parsed),
                new NewSession(parsed.GetRequiredValue(reason), parsed.GetValue(upTo), parsed.GetValue(only) is { Length: > 0 } names ? names : null, parsed.GetValue(minutes)),
                session => session.State is SessionState.Open ? $"session {session.Number} is open until {session.EndsAt:u}" : $"session {session.Number} waits for the customer's consent until {session.LapsesAt:u}", ct));
    }

    private static Command Consent()
    {
        var by = new Option<string>("--by") { Description = "Who gave it.", HelpName = "NAME", Required = true };
        var how = new Option<string>("--how") { Description = "phone, mail or on-site.", HelpName = "WAY", Required = true };
        return Verb.Create("consent", "Records a consent that reached you; up to R2 somebody other than who asked.", "session consent T-1042 1 --by \"Mr Weber\" --how phone")
            .With(Ticket, Number, by, how, Verb.Json)
            .Run((parsed, settings, ct) => PostAsync<RemoteSession>(parsed, settings, $"{OneOf(parsed)}/consent", new RecordedConsent(parsed.GetRequiredValue(by), parsed.GetRequiredValue(how)), session => $"session {session.Number} is open until {session.EndsAt:u}", ct));
    }

    private static Command Send()
    {
        var name = new Argument<string>("COMMAND") { Description = "Its name, such as self-test." };
        var args = new Option<string?>("--args") { Description = "A JSON object for the device.", HelpName = "JSON" };
        var key = new Option<string?>("--key") { Description = "The same key is the same command, once.", HelpName = "KEY" };
        return Verb.Create("command", "Sends a command within what was allowed; its result stands in the transcript.", "session command T-1042 1 self-test")
            .With(Ticket, Number, name, args, key, Verb.Json)
            .Run(async (parsed, settings, ct) =>
            {
                JsonElement? given = null;
                try
                {
                    if (parsed.GetValue(args) is { } text) given = JsonElement.Parse(text);
                }
                catch (JsonException wrong)
                {
                    return Terminal.Misused($"--args: {wrong.Message}");
                }
                return await PostAsync<SessionCommand>(parsed, settings, $"{OneOf(parsed)}/commands", new NewSessionCommand(parsed.GetRequiredValue(name), given, IdempotencyKey: parsed.GetValue(key)),
                    sent => sent.State is { } state ? $"{sent.Name} ({sent.Risk}): {state}" : $"{sent.Name} ({sent.Risk}) is written down as entry {sent.Entry} and on its way until {sent.ExpiresAt:u}; see: seamless session show", ct);
            });
    }

    private static Command Note()
    {
        var text = new Argument<string>("TEXT") { Description = "The note." };
        return Verb.Create("note", "Writes a note into the transcript.", "session note T-1042 1 \"the hum stops at half speed\"")
            .With(Ticket, Number, text, Verb.Json)
            .Run((parsed, settings, ct) => PostAsync<RemoteSession>(parsed, settings, $"{OneOf(parsed)}/notes", new SessionNote(parsed.GetRequiredValue(text)), _ => "written down", ct));
    }

    private static Command Link()
    {
        var name = new Argument<string>("NAME") { Description = "Whom it is for." };
        return Verb.Create("link", "A link with which a guest looks on until the session ends; shown only once.", "session link T-1042 1 \"Bearing works\"")
            .With(Ticket, Number, name, Verb.Json)
            .Run((parsed, settings, ct) => PostAsync<GivenLinkView>(parsed, settings, $"{OneOf(parsed)}/links", new NewLink(parsed.GetRequiredValue(name)), given => given.Path, ct));
    }

    private static Command End() => Verb.Create("end", "Ends a session, or takes a request back.", "session end T-1042 1")
        .With(Ticket, Number, Verb.Json)
        .Run((parsed, settings, ct) => PostAsync<RemoteSession>(parsed, settings, $"{OneOf(parsed)}/end", new { }, session => $"session {session.Number} has ended", ct));

    private static Task<int> PostAsync<T>(ParseResult parsed, PlatformSettings settings, string path, object body, Func<T, string> said, CancellationToken ct) where T : class =>
        PlatformClient.AskAsync<T>(settings, (http, token) => http.PostAsJsonAsync(path, body, ApiJson.Options, token), answer =>
        {
            if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(answer);
            else Console.WriteLine(said(answer));
        }, ct);

    private static void Print(SessionView view)
    {
        var session = view.Session;
        Console.WriteLine($"session {session.Number} of {session.Ticket} on {session.Device}: {StateOf(session)}, up to {session.UpTo}{(session.Commands is { } names ? $" ({string.Join(", ", names)})" : "")}, {session.Minutes} minutes");
        Terminal.PrintTable(["#", "AT", "WHO", "WHAT"], view.Transcript.Select(e => (IReadOnlyList<string>)[$"{e.Number}", $"{e.At:u}", e.Actor, e.Text.En]));
    }

    private static string StateOf(RemoteSession session) => ApiJson.NameOf(session.State) + (session.Ending is { } ending ? $" ({ApiJson.NameOf(ending)})" : "");
    private static string PathOf(ParseResult parsed) => $"api/v1/tickets/{Uri.EscapeDataString(parsed.GetRequiredValue(Ticket))}/sessions";
    private static string OneOf(ParseResult parsed) => $"{PathOf(parsed)}/{parsed.GetRequiredValue(Number)}";
}
