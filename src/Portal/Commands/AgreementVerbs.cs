using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using Seamless.Portal.Api;
using Seamless.ServiceDesk.Sla;

namespace Seamless.Portal.Commands;

/// <summary><c>agreements</c>: what is promised to whom, from the shell, beside a running or a stopped <c>serve</c>.</summary>
internal static class AgreementVerbs
{
    private const string Path = "api/v1/agreements";

    public static Command Create() => Verb.Create("agreements", "Service agreements: calendars, policies, tiers and customers.", "agreements put agreements.yaml").With(Show(), Put(), Promise());

    private static Command Show()
    {
        var version = new Option<int?>("--version-of") { Description = "An earlier version.", HelpName = "N" };
        return Verb.Create("show", "The agreements in force, as the YAML that put takes.", "agreements show")
            .With(version, Verb.Json)
            .Run((parsed, settings, ct) => PlatformClient.AskAsync<AgreementsVersion>(
                settings, (http, token) => http.GetAsync(parsed.GetValue(version) is { } n ? string.Create(CultureInfo.InvariantCulture, $"{Path}/versions/{n}") : Path, token), shown =>
                {
                    if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(shown);
                    else Console.Write(shown.Text);
                }, ct));
    }

    private static Command Put()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The agreements as YAML; begin with what show prints." };
        return Verb.Create("put", "Puts agreements in force for tickets opened from now on. What is wrong is said with line and column.", "agreements put agreements.yaml")
            .With(file, Verb.Json)
            .Run(async (parsed, settings, ct) =>
            {
                var source = parsed.GetRequiredValue(file);
                if (!source.Exists) return Terminal.Misused($"{source.FullName}: there is no such file");
                var text = await File.ReadAllTextAsync(source.FullName, ct);
                return await PlatformClient.AskAsync<AgreementsVersion>(settings, (http, token) => http.PutAsJsonAsync(Path, new AgreementsText(text), ApiJson.Options, token), put =>
                {
                    if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(put);
                    else Console.WriteLine($"version {put.Version} is in force for tickets opened from now on");
                }, ct);
            });
    }

    private static Command Promise()
    {
        var customer = new Option<string?>("--customer") { Description = "Whose ticket.", HelpName = "NAME" };
        var tier = new Option<string>("--tier") { Description = "Of the device.", HelpName = "TIER", DefaultValueFactory = _ => "standard" };
        var priority = new Option<string>("--priority") { Description = "P1 to P4.", HelpName = "P", DefaultValueFactory = _ => "P3" };
        var at = new Option<Instant?>("--at") { Description = "When it is opened; now when not given.", HelpName = "TIME", CustomParser = result => TimeOptions.Parse(result) };
        return Verb.Create("promise", "When a ticket would have to be answered, visited and repaired.", "agreements promise --customer acme --priority P1 --at 2026-12-31T17:00:00Z")
            .With(customer, tier, priority, at, Verb.Json)
            .Run((parsed, settings, ct) =>
            {
                var query = $"customer={Uri.EscapeDataString(parsed.GetValue(customer) ?? "")}&tier={Uri.EscapeDataString(parsed.GetRequiredValue(tier))}&priority={Uri.EscapeDataString(parsed.GetRequiredValue(priority))}"
                    + (parsed.GetValue(at) is { } opened ? string.Create(CultureInfo.InvariantCulture, $"&openedAt={opened.At.ToUnixTimeMilliseconds()}") : "");
                return PlatformClient.AskAsync<Promise>(settings, (http, token) => http.GetAsync($"{Path}/promise?{query}", token), promise =>
                {
                    if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(promise);
                    else Console.WriteLine($"{promise.Policy}: opened {promise.OpenedAt:u}, answer by {promise.RespondBy:u}, on site by {promise.ArriveBy:u}, repaired by {promise.ResolveBy:u}");
                }, ct);
            });
    }
}
