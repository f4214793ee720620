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
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_carrier_has_not_collected_goes_with_another_or_a_person_is_told_once(bool another)
    {
        await using var house = await House.OpenAsync();
        var carriers = house.Services.GetRequiredService<ICarriers>();
        await carriers.PutAsync(House.Tenant, "silent", CarrierTerms.OnCall with { Reports = MilestoneReports.Messages, ToleranceHours = 1, RoadPrice = 1 }, default);
        if (another) await carriers.PutAsync(House.Tenant, "other", CarrierTerms.OnCall with { RoadPrice = 900 }, default);
        house.Add("pump-1");
        house.Alarms.Raise("pump-1", house.Now, "bearing-wear");
        await house.BeatAsync();
        var ticket = await house.OnlyTicketAsync();
        Assert.Equal(("silent", ShipmentState.Created), await ShipmentAsync(house, ticket.Number));
        var level = (await house.OnlyTicketAsync()).Timeline.Count(entry => entry.Kind == "escalated");

        await house.PassAsync(TimeSpan.FromMinutes(80), TimeSpan.FromMinutes(10));   // half an hour until it collects, and an hour's tolerance
        Assert.Equal("silent", (await ShipmentAsync(house, ticket.Number)).Carrier);
        await house.PassAsync(TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(10));

        var timeline = (await house.OnlyTicketAsync()).Timeline;
        Assert.Equal(another ? "other" : "silent", (await ShipmentAsync(house, ticket.Number)).Carrier);
        Assert.Equal(another ? 1 : 0, timeline.Count(entry => entry.Kind == "carrier-changed"));
        await house.PassAsync(TimeSpan.FromMinutes(60), TimeSpan.FromMinutes(10));
        Assert.Equal(another ? 0 : 1, (await house.OnlyTicketAsync()).Timeline.Skip(level).Count(entry => entry.Kind == "escalated" && entry.Text.En.StartsWith("silent was to collect", StringComparison.Ordinal)));
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

    private static async Task<(string Carrier, ShipmentState State)> ShipmentAsync(House house, string ticket) =>
        Assert.Single(await house.Parts.ShipmentsAsync(House.Tenant, ticket, openOnly: false, default)) is var shipment ? (shipment.Carrier, shipment.State) : default;
}
