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

    private static async Task<(string, ShipmentState)> ShipmentAsync(House house, string ticket) =>
        Assert.Single(await house.Parts.ShipmentsAsync(House.Tenant, ticket, openOnly: false, default)) is var shipment ? (shipment.Carrier, shipment.State) : default;
}
