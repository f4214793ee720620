using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Seamless.ServiceDesk.Parts;

namespace Seamless.ServiceDesk.Tests.Parts;

public sealed class CarrierTests
{
    [Fact]
    public async Task When_the_built_in_courier_drops_out_the_one_on_call_brings_what_waits()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1");
        house.Alarms.Raise("pump-1", house.Now, "bearing-wear");
        await house.BeatAsync();
        var ticket = await house.OnlyTicketAsync();
        Assert.Equal((ScheduledCourier.BuiltIn, ShipmentState.Created), await ShipmentAsync(house, ticket.Number));

        var carriers = house.Services.GetRequiredService<ICarriers>();
        Assert.True((await carriers.SetOutageAsync(House.Tenant, ScheduledCourier.BuiltIn, new CarrierOutage(house.Now, null, "strike"), default)).Succeeded);
        Assert.Equal((ScheduledCourier.OnCall, ShipmentState.Created), await ShipmentAsync(house, ticket.Number));
        Assert.Equal([ScheduledCourier.OnCall, ScheduledCourier.BuiltIn], (await carriers.ListAsync(House.Tenant, default)).Select(c => c.Id));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 2)]
    public async Task After_the_outage_of_a_built_in_courier_the_tenant_has_the_built_in_again_unless_it_has_changed_its_own(bool changed, int own)
    {
        await using var house = await House.OpenAsync();
        var carriers = house.Services.GetRequiredService<ICarriers>();
        await carriers.SetOutageAsync(House.Tenant, ScheduledCourier.BuiltIn, new CarrierOutage(house.Now, null, "strike"), default);
        if (changed) await carriers.PutAsync(House.Tenant, ScheduledCourier.OnCall, CarrierTerms.OnCall with { RoadPrice = 50 }, default);

        Assert.Null((await carriers.SetOutageAsync(House.Tenant, ScheduledCourier.BuiltIn, null, default)).Value!.Outage);

        await using var db = await house.Contexts.CreateDbContextAsync();
        Assert.Equal(own, await db.Carriers.CountAsync());
        Assert.Equal([ScheduledCourier.OnCall, ScheduledCourier.BuiltIn], (await carriers.ListAsync(House.Tenant, default)).Select(c => c.Id));
    }

    private static async Task<(string, ShipmentState)> ShipmentAsync(House house, string ticket) =>
        Assert.Single(await house.Parts.ShipmentsAsync(House.Tenant, ticket, openOnly: false, default)) is var shipment ? (shipment.Carrier, shipment.State) : default;
}
