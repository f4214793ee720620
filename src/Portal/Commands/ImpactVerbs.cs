using System.CommandLine;
using System.Globalization;
using Seamless.Portal.Api;
using Seamless.ServiceDesk.Commerce.Documents;
using Seamless.ServiceDesk.Impacts;

namespace Seamless.Portal.Commands;

/// <summary><c>impact</c>: what depends on a device, from the shell.</summary>
internal static class ImpactVerbs
{
    private const string ServicesPath = "api/v1/business-services";

    public static Command Create() => Verb.Create("impact", "What a customer's business depends on.", "impact of pump-1", "impact advice acme --month 2026-03").With(Of(), Show(), Put(), Advice());

    private static Command Of()
    {
        var device = new Argument<string>("DEVICE") { Description = "The device's id." };
        return Verb.Create("of", "Every business service that depends on a device, with the path that explains it.", "impact of pump-1").With(device, Verb.Json)
            .Run((parsed, settings, ct) => PlatformClient.AskAsync<DeviceImpact>(settings, (http, token) => http.GetAsync($"api/v1/devices/{Uri.EscapeDataString(parsed.GetRequiredValue(device))}/impact", token), impact =>
            {
                if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(impact);
                else Terminal.PrintTable(["SERVICE", "CUSTOMER", "PATH", "NAME"], impact.Services.Select(s => (IReadOnlyList<string>)[s.Service, s.Customer, string.Join(" > ", s.Path), s.Name]));
            }, ct));
    }

    private static Command Show() => Verb.Create("show", "The business services in force, as the JSON that put takes.", "impact show")
        .Run((parsed, settings, ct) => PlatformClient.AskAsync<Versioned<BusinessServices>>(
            settings, (http, token) => http.GetAsync(ServicesPath, token), services => Terminal.PrintJson(new BusinessServicesRequest(services.Value.Services, services.Version)), ct));

    private static Command Put()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The services as JSON; begin with what show prints." };
        return Verb.Create("put", "Puts business services in force.", "impact put services.json").With(file, Verb.Json)
            .Run((parsed, settings, ct) => FileCall.SendAsync<Versioned<BusinessServices>>(
                parsed, settings, parsed.GetRequiredValue(file), HttpMethod.Put, ServicesPath, put => $"version {put.Version} with {put.Value.Services.Count} business services is in force", ct));
    }

    private static Command Advice()
    {
        var customer = new Argument<string>("CUSTOMER") { Description = "The customer, as on their devices." };
        var month = new Option<string?>("--month") { Description = "A month such as 2026-03, UTC; this one when not given.", HelpName = "MONTH" };
        return Verb.Create("advice", "What failed in a month, what it cost in downtime, and what to do.", "impact advice acme --month 2026-03").With(customer, month, Verb.Json)
            .Run((parsed, settings, ct) =>
            {
                var query = parsed.GetValue(month) is { } asked ? $"?month={Uri.EscapeDataString(asked)}" : "";
                return PlatformClient.AskAsync<CustomerAdviceView>(settings, (http, token) => http.GetAsync($"api/v1/customers/{Uri.EscapeDataString(parsed.GetRequiredValue(customer))}/advice{query}", token), advice =>
                {
                    if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(advice);
                    else Print(advice);
                }, ct);
            });
    }

    private static void Print(CustomerAdviceView advice)
    {
        Terminal.PrintTable(["DEVICE", "FAULTS", "DOWN HOURS", "SERVICES"], advice.Failed.Select(f => (IReadOnlyList<string>)[f.Device, $"{f.Failures.Count}", Hours(f.DownHours), string.Join(", ", f.Services)]));
        foreach (var what in advice.Advice) Console.WriteLine($"- {what.Text}");
    }

    private static string Hours(double hours) => hours.ToString("0.0", CultureInfo.InvariantCulture);
}
