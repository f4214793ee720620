using Microsoft.Extensions.DependencyInjection;
using Seamless.ServiceDesk.Commerce;
using Seamless.ServiceDesk.Commerce.Prices;
using Seamless.ServiceDesk.Commerce.Quotes;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Tests.Commerce;

/// <summary>Bills of one ticket in two currencies.</summary>
public sealed class InvoiceTests
{
    [Fact]
    public async Task A_bill_in_one_currency_takes_nothing_from_a_quote_in_another()
    {
        await using var house = await House.OpenAsync();
        house.Add("p1");
        var ticket = (await house.Tickets.OpenAsync(new NewTicket(House.Tenant, "p1", "works", Priority.P3, new("Seal leaks", "密封泄漏"), null, null), "anna", default)).Value!.Number;
        await house.Services.GetRequiredService<IPriceLists>().PublishAsync(House.Tenant, new PriceList("USD", [new("work", PriceKind.Labour, new("Hour", "工时"), "hour", 70), new("way", PriceKind.Travel, new("Visit", "上门"), "visit", 0)]), null, "anna", default);
        var quotes = house.Services.GetRequiredService<IQuotes>();
        await ApproveAsync("EUR", 1);
        Assert.True((await house.Tickets.ActAsync(House.Tenant, ticket, new TicketAction("resolve", new Dictionary<string, string>(), "anna"), default)).Succeeded);
        var first = (await quotes.InvoiceAsync(House.Tenant, ticket, null, "anna", default)).Value!;

        await ApproveAsync("USD", 2);
        var second = await quotes.InvoiceAsync(House.Tenant, ticket, null, "anna", default);

        Assert.True(second.Succeeded, second.Refusal?.Reason);
        Assert.Equal(140, second.Value.Total);
        var charges = (await quotes.OfTicketAsync(House.Tenant, ticket, default)).Value!;
        Assert.Equal([("EUR", first.Total), ("USD", 140m)], charges.Invoiced.OrderBy(i => i.Key, StringComparer.Ordinal).Select(i => (i.Key, i.Value)));
        Assert.False((await quotes.InvoiceAsync(House.Tenant, ticket, null, "anna", default)).Succeeded);   // the same quote is not billed twice

        async Task ApproveAsync(string currency, int revision)
        {
            var quote = await quotes.OpenAsync(House.Tenant, ticket, new NewQuote(Hours: 2, Currency: currency), "anna", default);
            Assert.True(quote.Succeeded, quote.Refusal?.Reason);
            Assert.True((await quotes.DecideAsync(House.Tenant, ticket, new QuoteDecision(revision, true, "phone", null), "anna", default)).Succeeded);
        }
    }
}
