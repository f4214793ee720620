using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Tests.Parts;

/// <summary>A season of demand without machines: far more than the shelves held at first.</summary>
public sealed class NinetyDaysTests
{
    private const int Days = 90;

    /// <summary>Twelve bearings lie in the network, and one is used on every other day; a plan each night, as it is when serving.</summary>
    [Fact]
    public async Task The_right_part_is_there_although_the_first_stock_is_used_up_many_times_over()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1");
        await house.BeatAsync();
        var random = new Random(3);
        var (asked, met) = (0, 0);
        for (var day = 0; day < Days; day++)
        {
            if (random.NextDouble() < 0.5)
            {
                var ticket = await house.Tickets.OpenAsync(
                    new NewTicket(House.Tenant, "pump-1", "works", Priority.P2, new LocalizedText("wear", "磨损"), "bearing-wear", null), "anna", default);
                asked++;
                if (ticket.Value!.Parts[0].Status == "reserved") met++;
            }
            await house.PassAsync(TimeSpan.FromDays(1), TimeSpan.FromHours(12));
            Assert.True((await house.Plans.ComputeAsync(House.Tenant, null, "night", default)).Succeeded);
        }
        Assert.True(asked > 36, $"only {asked}: the first stock is not used up often enough");
        Assert.True(met >= 0.97 * asked, $"{met} of {asked}");
    }
}
