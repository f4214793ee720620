using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using Seamless.Portal.Api;
using Seamless.Portal.Commands.Settings;
using Seamless.ServiceDesk.Notifications;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.Portal.Commands;

/// <summary><c>notify list|add|remove|test|outbox</c>: who is told about tickets, from the shell, beside a running or a stopped <c>serve</c>.</summary>
internal static class NotifyVerbs
{
    private const string Path = "api/v1/notifications";

    public static Command Create() => Verb.Create("notify", "Who is told about tickets, by which channel, and what has become of each message.", "notify list").With(List(), Add(), Remove(), Test(), Outbox());

    private static Command List() => Verb.Create("list", "The recipients; addresses are masked.", "notify list --json")
        .With(Verb.Json)
        .Run((parsed, settings, ct) => PlatformClient.AskAsync<Page<RecipientView>>(settings, (http, token) => http.GetAsync($"{Path}/recipients?limit={PageQuery.MaxLimit}", token), page =>
        {
            if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(page.Items);
            else Terminal.PrintTable(["ID", "TITLE", "AUDIENCE", "CHANNEL", "ADDRESS", "RUNG", "MILESTONES", "STATE"], page.Items.Select(Row));
        }, ct));

    private static Command Add()
    {
        var id = new Argument<string>("ID") { Description = "A name for it: night-shift." };
        var title = new Option<string>("--title") { Description = "A role or a team.", Required = true, HelpName = "TEXT" };
        var channel = new Option<Channel>("--channel") { Description = "webhook, wecom, dingtalk, feishu, teams, slack, email or sms.", Required = true, HelpName = "CHANNEL" };
        var address = new Option<string?>("--address") { Description = "Web address, e-mail address or telephone number; - reads it from standard input, so that no other program sees it. Left out, the one there is stays.", HelpName = "ADDRESS" };
        var secret = new Option<string[]>("--secret") { Description = "Signs a webhook (whsec_…) or a robot; may be given again, the newest first.", HelpName = "SECRET" };
        var customer = new Option<string?>("--customer") { Description = "A customer: told of milestones of their own tickets, without causes.", HelpName = "NAME" };
        var sites = new Option<string?>("--sites") { Description = "Only these sites.", HelpName = "S,…" };
        var milestones = new Option<string?>("--milestones") { Description = "Kinds of the timeline; the usual ones when not given.", HelpName = "M,…" };
        var least = new Option<Priority>("--least-priority") { Description = "Less urgent tickets are not told (default P4: all).", HelpName = "P", DefaultValueFactory = _ => Priority.P4 };
        var rung = new Option<string?>("--rung") { Description = "The step of the escalation ladder that it is: owner, on-call, team, manager, account-executive.", HelpName = "RUNG" };
        var language = new Option<string>("--language") { Description = "en or zh.", HelpName = "L", DefaultValueFactory = _ => "en" };
        var zone = new Option<string>("--zone") { Description = "Its time zone.", HelpName = "ZONE", DefaultValueFactory = _ => "UTC" };
        var quiet = new Option<string?>("--quiet") { Description = "Local hours in which what is not urgent waits: 22:00-07:00.", HelpName = "HH:MM-HH:MM" };
        var optedIn = new Option<bool>("--opted-in") { Description = "The holder of the number has agreed to text messages." };
        var off = new Option<bool>("--off") { Description = "Switched off." };
        return Verb.Create(
                "add", "Add a recipient, or change it.", "notify add night-shift --title \"Night shift\" --channel wecom --address - --rung on-call --language zh --zone Asia/Shanghai",
                "notify add acme --title \"ACME operations\" --channel email --address ops@example.com --customer acme --quiet 22:00-07:00")
            .With(id, title, channel, address, secret, customer, sites, milestones, least, rung, language, zone, quiet, optedIn, off, Verb.Json)
            .Run((parsed, settings, ct) =>
            {
                var hours = parsed.GetValue(quiet)?.Split('-', StringSplitOptions.TrimEntries);
                if (hours is not (null or { Length: 2 })) return Task.FromResult(Terminal.Misused("--quiet is written as 22:00-07:00"));
                var request = new RecipientRequest(
                    parsed.GetRequiredValue(title), parsed.GetValue(channel), parsed.GetValue(customer) is null ? Audience.Staff : Audience.Customer,
                    parsed.GetValue(address) is "-" ? Console.In.ReadLine()?.Trim() : parsed.GetValue(address), parsed.GetValue(secret) is { Length: > 0 } secrets ? secrets : null, parsed.GetValue(customer),
                    parsed.GetRequiredValue(language), parsed.GetRequiredValue(zone), hours?[0], hours?[1], Words(parsed.GetValue(milestones)), parsed.GetValue(least), Words(parsed.GetValue(sites)), parsed.GetValue(rung),
                    parsed.GetValue(optedIn), !parsed.GetValue(off));
                return PlatformClient.AskAsync<RecipientView>(settings, (http, token) => http.PutAsJsonAsync($"{Path}/recipients/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}", request, ApiJson.Options, token), saved =>
                {
                    if (parsed.GetValue(Verb.Json)) Terminal.PrintJsonLine(saved);
                    else Console.WriteLine($"{saved.Id}: {ApiJson.NameOf(saved.Channel)} {saved.Address}. Try it: seamless notify test {saved.Id}");
                }, ct);
            });
    }

    private static Command Remove()
    {
        var id = new Argument<string>("ID") { Description = "The recipient." };
        return Verb.Create("remove", "Nobody is told by it any more.", "notify remove night-shift").With(id)
            .Run((parsed, settings, ct) => PlatformClient.AskAsync<RecipientView>(
                settings, (http, token) => http.DeleteAsync($"{Path}/recipients/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}", token), gone => Console.WriteLine($"{gone.Id} is removed"), ct));
    }

    private static Command Test()
    {
        var id = new Argument<string>("ID") { Description = "The recipient." };
        return Verb.Create("test", "Send a test message now; the exit code says whether it was taken.", "notify test night-shift").With(id)
            .Run(async (parsed, settings, ct) =>
            {
                var delivered = false;
                var code = await PlatformClient.AskAsync<TestDelivery>(settings, (http, token) => http.PostAsync($"{Path}/recipients/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}/test", null, token), test =>
                {
                    delivered = test.Delivered;
                    (delivered ? Console.Out : Console.Error).WriteLine(delivered ? $"taken: {test.Answer}" : $"not taken: {test.Answer}");
                }, ct);
                return code == Terminal.Success && !delivered ? Terminal.Failure : code;
            });
    }

    private static Command Outbox()
    {
        var state = new Option<DeliveryState?>("--state") { Description = "pending, held, sent, failed, disabled or expired.", HelpName = "STATE" };
        var ticket = new Option<string?>("--ticket") { Description = "Only this ticket.", HelpName = "T-1001" };
        return Verb.Create("outbox", "The last messages, newest first, with what the receivers answered.", "notify outbox --state failed")
            .With(state, ticket, Verb.Json)
            .Run((parsed, settings, ct) =>
            {
                var query = $"{(parsed.GetValue(state) is { } only ? $"&state={only}" : "")}{(parsed.GetValue(ticket) is { } number ? $"&ticket={Uri.EscapeDataString(number)}" : "")}";
                return PlatformClient.AskAsync<Page<DeliveryView>>(settings, (http, token) => http.GetAsync($"{Path}/outbox?limit=100{query}", token), page =>
                {
                    if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(page.Items);
                    else Terminal.PrintTable(["ID", "TICKET", "MILESTONE", "RECIPIENT", "CHANNEL", "STATE", "REACHED", "TRIES", "ANSWER"], page.Items.Select(Row));
                }, ct);
            });
    }

    private static string[]? Words(string? text) => text?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static IReadOnlyList<string> Row(RecipientView r) =>
        [r.Id, r.Title, ApiJson.NameOf(r.Audience), ApiJson.NameOf(r.Channel), r.Address, r.Rung ?? "", string.Join(',', r.Milestones), r.Enabled ? "on" : $"off{(r.DisabledWhy is null ? "" : $": {r.DisabledWhy}")}"];

    private static IReadOnlyList<string> Row(DeliveryView d) =>
    [
        d.Id, d.Ticket, d.Milestone, d.Recipient, ApiJson.NameOf(d.Channel), ApiJson.NameOf(d.State), d.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture),
        d.Attempts.ToString(CultureInfo.InvariantCulture), d.Reason ?? "",
    ];
}
