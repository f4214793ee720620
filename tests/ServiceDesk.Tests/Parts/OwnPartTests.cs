using Microsoft.Extensions.DependencyInjection;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Parts.Compatibility;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Tests.Parts;

public sealed class OwnPartTests
{
    private static readonly OwnPart Coupling = new("CPL-45", new("Coupling", "联轴器"), 'E', 'B', 14, 120, "EUR", ["pump"], new FirstStock(2, 1, 1));

    [Fact]
    public async Task An_own_part_is_in_the_catalogue_on_the_shelves_and_can_be_sent()
    {
        await using var house = await House.OpenAsync();
        await PutAsync(house, Coupling);

        Assert.Contains(await house.Parts.CatalogAsync(House.Tenant, default), part => part is { Sku: "CPL-45", LeadTimeDays: 14, UnitCost: 120 });
        Assert.Equal(2 + 2 * 1 + 8 * 1, (await house.Parts.StockAsync(House.Tenant, default)).Where(level => level.Sku == "CPL-45").Sum(level => level.OnHand));
        var plan = await house.Plans.ComputeAsync(House.Tenant, null, "anna", default);
        Assert.Contains(plan.Value!.Levels, level => level.Sku == "CPL-45");

        house.Add("pump-1");
        house.Alarms.Raise("pump-1", house.Now, "bearing-wear");
        await house.PassAsync(TimeSpan.FromSeconds(15));
        var ticket = await house.OnlyTicketAsync();
        var reserved = await house.Parts.ReserveAsync(House.Tenant, ticket.Number, "CPL-45", 1, "anna", default);
        Assert.Single(reserved.Value!.Items);
        Assert.Equal("Coupling", (await house.OnlyTicketAsync()).Parts.Single(part => part.Sku == "CPL-45").Title.En);
    }

    [Fact]
    public async Task It_goes_before_a_packs_part_of_the_same_name_until_it_is_taken_out()
    {
        await using var house = await House.OpenAsync();
        var before = await PartAsync(house, "PMP-BRG-6309");

        await PutAsync(house, Coupling with { Sku = "PMP-BRG-6309", UnitCost = 77, Stock = null });
        Assert.Equal(77, (await PartAsync(house, "PMP-BRG-6309")).UnitCost);

        Assert.True((await Book(house).RemovePartAsync(House.Tenant, "PMP-BRG-6309", "anna", default)).Succeeded);
        Assert.Equal(before, await PartAsync(house, "PMP-BRG-6309"));
        Assert.Contains("no own part", (await Book(house).RemovePartAsync(House.Tenant, "PMP-BRG-6309", "anna", default)).Refusal!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_fits_only_machines_of_its_types()
    {
        await using var house = await House.OpenAsync();
        await PutAsync(house, Coupling with { Types = ["fan"] });
        house.Add("pump-1");
        house.Alarms.Raise("pump-1", house.Now, "bearing-wear");
        await house.PassAsync(TimeSpan.FromSeconds(15));

        var refused = await house.Parts.ReserveAsync(House.Tenant, (await house.OnlyTicketAsync()).Number, "CPL-45", 1, "anna", default);

        Assert.Contains("does not fit", refused.Refusal!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_part_that_nobody_knows_is_refused_and_changes_nothing()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1");
        house.Alarms.Raise("pump-1", house.Now, "bearing-wear");
        await house.PassAsync(TimeSpan.FromSeconds(15));
        var before = await house.OnlyTicketAsync();

        var refused = await house.Parts.ReserveAsync(House.Tenant, before.Number, "CPL-54", 1, "anna", default);

        Assert.Equal("part-unknown", refused.Refusal!.Why);
        Assert.Equal(before.Timeline.Count, (await house.OnlyTicketAsync()).Timeline.Count);
        Assert.Single((await house.OnlyTicketAsync()).Parts);
    }

    [Fact]
    public async Task Two_parts_in_one_shipment_are_two_lines_with_a_unit_each()
    {
        await using var house = await House.OpenAsync();
        foreach (var sku in (string[])["CPL-45", "GSK-9"]) await PutAsync(house, Coupling with { Sku = sku, Stock = new FirstStock(National: 1) });
        house.Add("pump-1");
        house.Alarms.Raise("pump-1", house.Now, "bearing-wear");
        await house.PassAsync(TimeSpan.FromSeconds(15));
        var number = (await house.OnlyTicketAsync()).Number;
        foreach (var sku in (string[])["CPL-45", "GSK-9"]) Assert.True((await house.Parts.ReserveAsync(House.Tenant, number, sku, 1, "anna", default)).Succeeded);

        var lines = (await house.OnlyTicketAsync()).Parts.Where(part => part.Sku is "CPL-45" or "GSK-9").ToList();

        Assert.Equal(lines[0].Shipment, lines[1].Shipment);
        Assert.Equal(["CPL-45-000001", "GSK-9-000001"], lines.Select(line => Assert.Single(line.Serials)));
    }

    [Fact]
    public async Task Another_tenant_does_not_see_it()
    {
        await using var house = await House.OpenAsync();
        await PutAsync(house, Coupling);
        Assert.DoesNotContain(await house.Parts.CatalogAsync("somebody-else", default), part => part.Sku == "CPL-45");
    }

    public static TheoryData<string, OwnPart> Wrong => new()
    {
        { "'sku'", Coupling with { Sku = "a b" } }, { "'title'", Coupling with { Title = new("", "联轴器") } }, { "'criticality'", Coupling with { Criticality = 'X' } }, { "'class'", Coupling with { Class = 'Z' } },
        { "'leadTimeDays'", Coupling with { LeadTimeDays = -1 } }, { "'unitCost'", Coupling with { UnitCost = -0.01m } }, { "'currency'", Coupling with { Currency = "eur" } },
        { "'types'", Coupling with { Types = [" "] } }, { "'stock'", Coupling with { Stock = new FirstStock(-1) } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_cannot_be_is_refused_by_its_name(string name, OwnPart part)
    {
        await using var house = await House.OpenAsync();
        var put = await Book(house).PutPartAsync(House.Tenant, part, "anna", default);
        Assert.Contains(name, put.Refusal!.Reason, StringComparison.Ordinal);
        Assert.Equal(0, (await Book(house).CurrentAsync(House.Tenant, default)).Version);
    }

    private static ICompatibility Book(House house) => house.Services.GetRequiredService<ICompatibility>();

    private static async Task PutAsync(House house, OwnPart part)
    {
        var put = await Book(house).PutPartAsync(House.Tenant, part, "anna", default);
        Assert.True(put.Succeeded, put.Refusal?.Reason);
    }

    private static async Task<Rules.Packs.PartDefinition> PartAsync(House house, string sku) => (await house.Parts.CatalogAsync(House.Tenant, default)).Single(part => part.Sku == sku);
}
