using Microsoft.EntityFrameworkCore;
using CsCheck;
using Seamless.Rules.Diagnosis;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Tests.Care;

public sealed class EndingTests
{
    /// <summary>People press every button in any order while days pass, alarms are explained and withdrawn: what ends has its class, and what is closed its codes.</summary>
    [Fact]
    public async Task No_way_out_of_the_loop_without_a_closure_class() => await Gen.Int[0, 19].List[10, 40].SampleAsync(async steps =>
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1");
        foreach (var (step, n) in steps.Select((s, n) => (s, n))) await StepAsync(house, step, n);
        await using var db = await house.Contexts.CreateDbContextAsync();
        var ended = await db.Tickets.Where(t => t.Status == TicketStatus.Closed || t.Status == TicketStatus.Cancelled).ToListAsync();
        Assert.All(ended, t => Assert.NotNull(t.ClosedAs));
        Assert.All(ended.Where(t => t.Status is TicketStatus.Closed), t => Assert.NotNull(t.Closure));
        Assert.Equal(ended.Count, await db.Events.CountAsync(e => e.Kind == "left"));
    }, iter: 3, threads: 1);

    private static async Task StepAsync(House house, int step, int n)
    {
        string[] actions = ["acknowledge", "depart", "arrive", "resolve", "close", "cancel", "reopen", "pause", "resume"];
        var newest = await house.Tickets.ListAsync(new TicketFilter(House.Tenant, Limit: 1), default) is [var last, ..] ? last : null;
        if (newest is null || step == 0) await OpenAsync(house);
        else if (step <= actions.Length) await house.Tickets.ActAsync(House.Tenant, newest.Number, new TicketAction(actions[step - 1], ArgsOf(n), "anna"), default);
        else if (step is 10 or 11) await house.PassAsync(TimeSpan.FromDays(4), TimeSpan.FromDays(2));
        else if (step is 12 or 13) house.Alarms.Raise("pump-1", house.Now, "bearing-wear");
        else if (step is 14 && (await house.Alarms.ListAsync(null!, default)).LastOrDefault(a => a.IsActive) is { } alarm) house.Alarms.Withdraw(alarm, house.Now);
        await house.BeatAsync();
    }

    private static Dictionary<string, string> ArgsOf(int n) => (n % 4) switch
    {
        0 => [],
        1 => new() { ["class"] = "withdrawn" },
        2 => new() { ["reason"] = "weather" },
        _ => new() { ["mode"] = "VIB", ["mechanism"] = "2.4 Wear", ["cause"] = "3.4 Expected wear and tear", ["faultCode"] = "bearing-wear" },
    };

    [Theory]
    [InlineData("bearing-wear", true, ClosureClass.RepairedOnSite)]
    [InlineData("bearing-wear", false, ClosureClass.RepairedRemotely)]
    [InlineData("no-fault-found", true, ClosureClass.NoFaultFound)]
    public async Task What_happened_says_the_class_when_nobody_does(string faultCode, bool visited, ClosureClass expected)
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1");
        var ticket = await OpenAsync(house);
        await house.ActAsync(ticket.Number, "acknowledge");
        if (visited)
        {
            await house.ActAsync(ticket.Number, "depart");
            await house.ActAsync(ticket.Number, "arrive");
        }
        await house.ActAsync(ticket.Number, "resolve", ("mode", "VIB"), ("mechanism", "2.4 Wear"), ("cause", "3.4 Expected wear and tear"), ("faultCode", faultCode));
        await house.PassAsync(TimeSpan.FromDays(4), TimeSpan.FromDays(1));
        Assert.Equal((TicketStatus.Closed, expected), ((await house.OnlyTicketAsync()).Status, (await house.OnlyTicketAsync()).ClosedAs));
    }

    [Fact]
    public async Task What_the_desk_takes_back_is_explained()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1");
        var alarm = house.Alarms.Raise("pump-1", house.Now, "supply-undervoltage", FaultClass.HW);
        await house.PassAsync(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(20));
        var site = house.Alarms.Raise(null, house.Now, "supply-undervoltage", FaultClass.ENV);
        house.Alarms.Explain(alarm, site, house.Now);
        await house.PassAsync(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(20));
        var ticket = (await house.Tickets.ListAsync(new TicketFilter(House.Tenant, "pump-1"), default))[0];
        Assert.Equal((TicketStatus.Cancelled, ClosureClass.Explained), (ticket.Status, ticket.ClosedAs));
    }

    private static async Task<Ticket> OpenAsync(House house) =>
        (await house.Tickets.OpenAsync(new NewTicket(House.Tenant, "pump-1", "works", Priority.P3, new("Pump is loud", "水泵噪声大"), null, null), "anna", default)).Value!;
}
