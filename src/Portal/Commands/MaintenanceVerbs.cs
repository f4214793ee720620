using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using Seamless.Portal.Api;
using Seamless.Portal.Commands.Settings;
using Seamless.Rules.Alarms.Maintenance;
using Seamless.Telemetry;

namespace Seamless.Portal.Commands;

/// <summary><c>maintenance add|list|end|cancel</c>: planned maintenance from the shell, beside a running or a stopped <c>serve</c>.</summary>
internal static class MaintenanceVerbs
{
    private const string Path = "api/v1/maintenance";

    public static Command Create() =>
        Verb.Create("maintenance", "Planned maintenance: alarms that come within a window reach nobody until it ends.", "maintenance list")
            .With(Add(), List(), End(), Cancel());

    private static Command Add()
    {
        var device = new Option<string?>("--device") { Description = "One device.", HelpName = "ID" };
        var site = new Option<string?>("--site") { Description = "Everything at a site.", HelpName = "S" };
        var type = new Option<string?>("--type") { Description = "At the site, only this equipment type.", HelpName = "T" };
        var everything = new Option<bool>("--everything") { Description = "All sites and devices." };
        var from = new Option<string?>("--from") { Description = "2026-12-01T22:00 on the clock of the site, or an instant with Z or an offset; now when not given. May lie in the past.", HelpName = "TIME" };
        var to = new Option<string?>("--to") { Description = "When it ends, written the same way; or give --for.", HelpName = "TIME" };
        var length = new Option<string?>("--for") { Description = "How long it lasts: 90m, 4h, 2d. Of a weekly one, each time.", HelpName = "LENGTH" };
        var weekly = new Option<string?>("--weekly") { Description = "Comes back on these days: mon,tue,wed,thu,fri,sat,sun.", HelpName = "DAY,…" };
        var at = new Option<string?>("--at") { Description = "Of a weekly one, the local time at which it begins.", HelpName = "HH:MM" };
        var reason = new Option<string>("--reason") { Description = "What is being done.", Required = true };
        return Verb.Create(
                "add", "Enter a window; prints its id alone on the last line.", "maintenance add --device pump-1 --for 4h --reason \"new bearings\"",
                "maintenance add --site s1 --type pump --weekly sun --at 02:00 --for 3h --reason cleaning")
            .With(device, site, type, everything, from, to, length, weekly, at, reason, Verb.Json)
            .Run((parsed, settings, ct) =>
            {
                int? minutes = null;
                if (parsed.GetValue(length) is { } text)
                {
                    if (!Span.TryParse(text, CultureInfo.InvariantCulture, out var span) || span.Length < TimeSpan.FromMinutes(1)) return Task.FromResult(Terminal.Misused($"--for: '{text}' is not a length such as 90m, 4h or 2d"));
                    minutes = (int)span.Length.TotalMinutes;
                }
                var (days, begins) = (parsed.GetValue(weekly), parsed.GetValue(at));
                if ((days is null) != (begins is null)) return Task.FromResult(Terminal.Misused("--weekly and --at belong together: --weekly sun --at 02:00 --for 3h"));
                if (days is not null && minutes is null) return Task.FromResult(Terminal.Misused("how long does each time last? --for 3h"));
                var plan = days is null ? null : new WeeklyView(days.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), begins!, minutes!.Value);
                var definition = new MaintenanceDefinition(
                    parsed.GetRequiredValue(reason), parsed.GetValue(device), parsed.GetValue(site), parsed.GetValue(type), parsed.GetValue(everything), parsed.GetValue(from), parsed.GetValue(to),
                    plan is null ? minutes : null, plan);
                return PlatformClient.AskAsync<MaintenanceView>(settings, (http, token) => http.PostAsJsonAsync(Path, definition, ApiJson.Options, token), added => Print(added, parsed.GetValue(Verb.Json)), ct);
            });
    }

    private static Command List()
    {
        var status = new Option<MaintenanceStatus?>("--status") { Description = "Only what is coming, running, over or cancelled." };
        return Verb.Create("list", "Windows, latest begin first.", "maintenance list --status running --json")
            .With(status, Verb.Json)
            .Run((parsed, settings, ct) => PlatformClient.AskAsync<Page<MaintenanceView>>(
                settings, (http, token) => http.GetAsync($"{Path}?limit={PageQuery.MaxLimit}{(parsed.GetValue(status) is { } only ? $"&status={only}" : "")}", token), page =>
                {
                    if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(page.Items);
                    else Terminal.PrintTable(["ID", "STATUS", "WHAT", "FROM", "TO", "WEEKLY", "REASON", "BY"], page.Items.Select(Row));
                }, ct));
    }

    private static Command End()
    {
        var id = new Argument<string>("ID") { Description = "The window." };
        return Verb.Create("end", "The window that runs ends now; a weekly one comes back.", "maintenance end mw-41c0a9e2b7d8f355")
            .With(id, Verb.Json)
            .Run((parsed, settings, ct) => PlatformClient.AskAsync<MaintenanceView>(
                settings, (http, token) => http.PatchAsJsonAsync($"{Path}/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}", new MaintenanceUpdate(EndNow: true), ApiJson.Options, token),
                ended => Print(ended, parsed.GetValue(Verb.Json)), ct));
    }

    private static Command Cancel()
    {
        var id = new Argument<string>("ID") { Description = "The window." };
        return Verb.Create("cancel", "Call a window off, from now on and for good.", "maintenance cancel mw-41c0a9e2b7d8f355")
            .With(id, Verb.Json)
            .Run((parsed, settings, ct) => PlatformClient.AskAsync<MaintenanceView>(
                settings, (http, token) => http.DeleteAsync($"{Path}/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}", token), cancelled => Print(cancelled, parsed.GetValue(Verb.Json)), ct));
    }

    private static void Print(MaintenanceView view, bool json)
    {
        if (json) Terminal.PrintJsonLine(view);
        else Console.WriteLine(view.Id);
    }

    private static IReadOnlyList<string> Row(MaintenanceView view)
    {
        var time = view.Current ?? view.Next ?? new MaintenanceTimeView(view.Begin, view.End ?? view.CancelledAt ?? view.Begin);
        return
        [
            view.Id, ApiJson.NameOf(view.Status), view.Device ?? (view.Site is null ? "(everything)" : view.Type is null ? view.Site : $"{view.Type} at {view.Site}"), Text(time.From), Text(time.To),
            view.Weekly is { } weekly ? $"{string.Join(',', weekly.Days)} {weekly.At}" : "", view.Reason, view.Author,
        ];
    }

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
