using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Care.Plans;
using Seamless.ServiceDesk.Care.Visits;

namespace Seamless.ServiceDesk.Tests.Care;

public sealed class CarePlanningTests
{
    private static readonly LocalizedText Weekly = new("Weekly round", "每周巡检");

    [Fact]
    public async Task Restarts_and_a_long_pause_neither_double_nor_lose_a_visit()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1");
        await PutAsync(house, "FREQ=WEEKLY;BYDAY=MO");
        await house.PassAsync(TimeSpan.FromDays(21), TimeSpan.FromDays(1));
        house.Clock.Advance(TimeSpan.FromDays(7 * 40));   // nobody at home
        await using (var after = house.Another())
        {
            await after.BeatAsync();
            await after.BeatAsync();
        }
        await house.PassAsync(TimeSpan.FromDays(14), TimeSpan.FromDays(7));
        var days = (await VisitsAsync(house)).ConvertAll(v => v.From);
        Assert.Equal(Enumerable.Range(0, days.Count).Select(n => House.Start.AddDays(7 * n)), days);   // 2 March 2026 is a Monday, 9:00
        Assert.InRange(days.Count, 45 + 2, 45 + 3);   // the weeks passed, and those in sight
    }

    [Fact]
    public async Task Visits_are_for_each_device_each_site_or_each_customer()
    {
        await using var house = await House.OpenAsync();
        foreach (var (device, site) in new[] { ("pump-1", "works"), ("pump-2", "works"), ("pump-3", "harbour") }) house.Add(device, site: site);
        foreach (var per in Enum.GetValues<VisitPer>()) await PutAsync(house, "FREQ=MONTHLY;BYMONTHDAY=10", $"{per}", per);
        await house.BeatAsync();
        var visits = await VisitsAsync(house);
        Assert.Equal([("Customer", 1), ("Device", 3), ("Site", 2)], visits.GroupBy(v => v.Plan).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key, g.Count())));
    }

    [Fact]
    public async Task A_changed_plan_plans_anew_what_lies_ahead_and_an_ended_one_nothing()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1");
        await PutAsync(house, "FREQ=WEEKLY;BYDAY=TU");
        await house.BeatAsync();
        await PutAsync(house, "FREQ=WEEKLY;BYDAY=WE");
        await house.BeatAsync();
        var visits = await VisitsAsync(house);
        Assert.All(visits, v => Assert.Equal(DayOfWeek.Wednesday, v.From.DayOfWeek));
        Assert.Equal(2, visits.Count);
        await house.Services.GetRequiredService<ICarePlans>().EndAsync(House.Tenant, "weekly", "anna", default);
        await house.PassAsync(TimeSpan.FromDays(30), TimeSpan.FromDays(10));
        Assert.Empty(await VisitsAsync(house));
    }

    private static async Task<List<CareVisitRow>> VisitsAsync(House house)
    {
        await using var db = await house.Contexts.CreateDbContextAsync();
        return await db.CareVisits.OrderBy(v => v.Sequence).ToListAsync();
    }

    private static async Task PutAsync(House house, string rule, string id = "weekly", VisitPer per = VisitPer.Device)
    {
        var put = await house.Services.GetRequiredService<ICarePlans>().PutAsync(
            House.Tenant, id, new CarePlanOrder(Weekly, new CareScope(Type: "pump"), rule, per, Objectives: [new VisitObjective("look", Weekly)]), "anna", default);
        Assert.True(put.Succeeded, put.Refusal?.Reason);
    }
}
