using Microsoft.Extensions.DependencyInjection;
using Seamless.ServiceDesk.Commerce;
using Seamless.ServiceDesk.Commerce.Documents;
using Seamless.ServiceDesk.Commerce.Prices;
using Seamless.ServiceDesk.Commerce.Quotes;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Tests.Commerce;

/// <summary>The price list of a first start.</summary>
public sealed class StarterPriceTests
{
    private static readonly PriceList Own = new("EUR", [new PriceItem("work", PriceKind.Labour, new("Hour", "工时"), "hour", 70), new PriceItem("way", PriceKind.Travel, new("Visit", "上门"), "visit", 0)]);

    [Fact]
    public async Task A_newcomers_first_quote_is_made_with_a_list_that_says_nobody_has_checked_it()
    {
        await using var house = await House.OpenAsync();
        house.Add("p1");
        var ticket = (await house.Tickets.OpenAsync(new NewTicket(House.Tenant, "p1", "works", Priority.P3, new("Seal leaks", "密封泄漏"), null, null), "anna", default)).Value!;

        var list = await InForceAsync(house);
        Assert.True(list.IsStarter());
        Assert.Equal([("labour", 90m), ("travel", 120m), ("PMP-BRG-6309", 129m), ("PMP-SEAL-45", 129m)], list.Value.Items.Select(i => (i.Code, i.Price)));   // 60, 80 and 86, each times 1.5
        Assert.Null(list.Value.Fault());
        var quote = await house.Services.GetRequiredService<IQuotes>().OpenAsync(House.Tenant, ticket.Number, new NewQuote(Hours: 2), "anna", default);
        Assert.True(quote.Succeeded, quote.Refusal?.Reason);
    }

    [Fact]
    public async Task A_list_of_the_tenants_own_is_never_touched_not_even_in_another_currency()
    {
        await using var house = await House.OpenAsync();
        var put = await Lists(house).PublishAsync(House.Tenant, Own with { Currency = "CNY" }, null, "anna", default);
        Assert.True(put.Succeeded, put.Refusal?.Reason);
        await house.BeatAsync();
        Assert.Equal(["CNY"], (await Lists(house).InForceAsync(House.Tenant, default)).Select(l => l.Value.Currency));

        await using var other = await House.OpenAsync();
        await other.BeatAsync();
        await Lists(other).PublishAsync(House.Tenant, Own, 1, "anna", default);
        await using var restarted = other.Another();
        await restarted.BeatAsync();
        Assert.Equal((2, "anna"), ((await InForceAsync(restarted)).Version, (await InForceAsync(restarted)).Actor));
    }

    [Fact]
    public async Task Starting_again_changes_nothing()
    {
        await using var house = await House.OpenAsync();
        await house.BeatAsync();
        await using var restarted = house.Another();
        await restarted.BeatAsync();
        Assert.Equal(1, (await InForceAsync(restarted)).Version);
    }

    [Fact]
    public async Task Without_the_starter_or_in_a_currency_that_no_part_is_costed_in_there_is_none()
    {
        await using var house = await House.OpenAsync(options => options.Starter = false);
        await house.BeatAsync();
        Assert.Empty(await Lists(house).InForceAsync(House.Tenant, default));

        await using var abroad = await House.OpenAsync();
        await abroad.Services.GetRequiredService<ICommerceSettings>().PutPolicyAsync(House.Tenant, new CommercePolicy { Currency = "JPY" }, null, "anna", default);
        await abroad.BeatAsync();
        Assert.Empty(await Lists(abroad).InForceAsync(House.Tenant, default));
    }

    private static IPriceLists Lists(House house) => house.Services.GetRequiredService<IPriceLists>();
    private static async Task<Versioned<PriceList>> InForceAsync(House house) => Assert.Single(await Lists(house).InForceAsync(House.Tenant, default));
}
