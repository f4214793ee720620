using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Seamless.Portal.Api;
using Seamless.ServiceDesk.Commerce;
using Seamless.ServiceDesk.Commerce.Contracts;

namespace Seamless.Portal.Commands;

/// <summary><c>prices</c> and <c>contracts</c>: what service costs and what covers which device, from the shell.</summary>
internal static class CommerceVerbs
{
    private const string PricesPath = "api/v1/prices";
    private const string ContractsPath = "api/v1/contracts";

    public static Command CreatePrices() => Verb.Create("prices", "Public price lists, one a currency, each change a version.", "prices show EUR").With(ShowPrices(), PutPrices());

    public static Command CreateContracts() => Verb.Create("contracts", "Contracts and warranties of devices: which end soon, where cover is missing, what they bring in.", "contracts list --expiring 90").With(List(), Gaps(), Profit());

    private static Command ShowPrices()
    {
        var currency = new Argument<string>("CURRENCY") { Description = "ISO 4217, such as EUR." };
        return Verb.Create("show", "The list in force, as the JSON that put takes.", "prices show EUR").With(currency)
            .Run((parsed, settings, ct) => PlatformClient.AskAsync<PriceListView>(settings, (http, token) => http.GetAsync($"{PricesPath}/{Uri.EscapeDataString(parsed.GetRequiredValue(currency))}", token),
                list => Terminal.PrintJson(new PriceListRequest(list.Items, list.Version)), ct));
    }

    private static Command PutPrices()
    {
        var currency = new Argument<string>("CURRENCY") { Description = "ISO 4217, such as EUR." };
        var file = new Argument<FileInfo>("FILE") { Description = "The list as JSON; begin with what show prints." };
        return Verb.Create("put", "Puts a price list in force for quotes made from now on.", "prices put EUR prices.json").With(currency, file)
            .Run(async (parsed, settings, ct) =>
            {
                var source = parsed.GetRequiredValue(file);
                if (!source.Exists) return Terminal.Misused($"{source.FullName}: there is no such file");
                PriceListRequest? list;
                try
                {
                    list = JsonSerializer.Deserialize<PriceListRequest>(await File.ReadAllTextAsync(source.FullName, ct), ApiJson.Options);
                }
                catch (JsonException wrong)
                {
                    return Terminal.Misused($"{source.FullName}: {wrong.Message}");
                }
                return await PlatformClient.AskAsync<PriceListView>(settings, (http, token) => http.PutAsJsonAsync($"{PricesPath}/{Uri.EscapeDataString(parsed.GetRequiredValue(currency))}", list, ApiJson.Options, token),
                    put => Console.WriteLine($"version {put.Version} of the price list in {put.Currency} is in force for quotes made from now on"), ct);
            });
    }

    private static Command List()
    {
        var expiring = new Option<int?>("--expiring") { Description = "Only those that end within so many days and are not renewed.", HelpName = "DAYS" };
        return Verb.Create("list", "Contracts by number.", "contracts list", "contracts list --expiring 90").With(expiring, Verb.Json)
            .Run((parsed, settings, ct) => PlatformClient.AskAsync<Page<ContractView>>(
                settings, (http, token) => http.GetAsync(string.Create(CultureInfo.InvariantCulture, $"{ContractsPath}?limit=1000{(parsed.GetValue(expiring) is { } days ? $"&expiringWithin={days}" : "")}"), token), page =>
                {
                    if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(page.Items);
                    else foreach (var c in page.Items) Console.WriteLine($"{c.Id}  {c.Device}  {c.Customer}  {c.Pack}  {c.Status}  until {c.End:u}  {Currencies.Write(c.Price, c.Currency)}");
                }, ct));
    }

    private static Command Gaps() => Verb.Create("gaps", "Days of each device's life without cover, the longest first.", "contracts gaps").With(Verb.Json)
        .Run((parsed, settings, ct) => PlatformClient.AskAsync<Page<DeviceCover>>(settings, (http, token) => http.GetAsync($"{ContractsPath}/cover?limit=1000", token), page =>
        {
            if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(page.Items);
            else foreach (var d in page.Items) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{d.Device}  {d.DaysWithoutCover:0.0} of {d.DaysOfLife:0.0} days without cover  now {d.Covered ?? "none"}"));
        }, ct));

    private static Command Profit()
    {
        var number = new Argument<string>("CONTRACT") { Description = "Its number." };
        var month = new Option<string?>("--month") { Description = "A month such as 2026-03; this one when not given.", HelpName = "MONTH" };
        return Verb.Create("profit", "A contract's profit and loss in a month.", "contracts profit CT-1001 --month 2026-03").With(number, month, Verb.Json)
            .Run((parsed, settings, ct) => PlatformClient.AskAsync<ContractProfit>(
                settings, (http, token) => http.GetAsync($"{ContractsPath}/{Uri.EscapeDataString(parsed.GetRequiredValue(number))}/profit{(parsed.GetValue(month) is { } m ? $"?month={Uri.EscapeDataString(m)}" : "")}", token), profit =>
                {
                    if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(profit);
                    else Console.WriteLine($"{profit.Contract}: revenue {Currencies.Write(profit.Revenue, profit.Currency)}, cost {Currencies.Write(profit.Cost, profit.Currency)}, profit {Currencies.Write(profit.Profit, profit.Currency)}");
                }, ct));
    }
}
