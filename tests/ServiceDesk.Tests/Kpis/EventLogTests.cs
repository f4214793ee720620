using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Seamless.ServiceDesk.Kpis;
using Seamless.Storage.Operations;

namespace Seamless.ServiceDesk.Tests.Kpis;

/// <summary>What the figures rest on cannot be changed unseen, and gives the same figures again.</summary>
public sealed class EventLogTests
{
    private static readonly (string, string)[] Codes = [("mode", "VIB"), ("mechanism", "2.4 Wear"), ("cause", "Expected wear and tear"), ("faultCode", "bearing-wear")];

    [Fact]
    public async Task The_log_is_numbered_without_a_gap_and_whole()
    {
        await using var house = await RepairedAsync();
        var events = await ReadAsync(house);
        Assert.Equal(Enumerable.Range(1, events.Count).Select(n => (long)n), events.Select(e => e.Number));
        Assert.True(events.Count > 8, $"only {events.Count} events");
        Assert.Equal(new LogCheck(true, events.Count, new LogHead(events[^1].Number, events[^1].Hash), null, null), await Log(house).CheckAsync(House.Tenant, null, default));
        Assert.Equal(new LogHead(0, EventChain.Origin), await Log(house).HeadAsync("nobody", default));
    }

    [Theory]
    [InlineData("UPDATE desk_events SET Value = 1 - Value WHERE Number = 4", 4, "not the one")]
    [InlineData("UPDATE desk_events SET At = At - 1 WHERE Number = 4", 4, "not the one")]
    [InlineData("UPDATE desk_events SET Who = 'somebody' WHERE Number = 4", 4, "not the one")]
    [InlineData("DELETE FROM desk_events WHERE Number = 4", 4, "missing")]
    [InlineData("DELETE FROM desk_events WHERE Number = 4; UPDATE desk_events SET Number = Number - 1 WHERE Number > 4", 4, "not the one")]
    [InlineData("UPDATE desk_events SET Number = 99 WHERE Number = 4; UPDATE desk_events SET Number = 4 WHERE Number = 5; UPDATE desk_events SET Number = 5 WHERE Number = 99", 4, "not the one")]
    public async Task Whoever_changes_the_past_is_found_out(string sql, long at, string why)
    {
        await using var house = await RepairedAsync();
        await using (var db = await house.Contexts.CreateDbContextAsync()) await db.Database.ExecuteSqlRawAsync(sql);
        var check = await Log(house).CheckAsync(House.Tenant, null, default);
        Assert.Equal((false, at), (check.Whole, check.BrokenAt));
        Assert.Contains(why, check.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chain_that_was_computed_anew_is_found_out_by_a_head_that_was_kept()
    {
        await using var house = await RepairedAsync();
        var kept = await Log(house).HeadAsync(House.Tenant, default);
        await using (var db = await house.Contexts.CreateDbContextAsync())
        {
            await db.Database.ExecuteSqlRawAsync("DELETE FROM desk_events WHERE Number = 3; UPDATE desk_events SET Number = 0, Hash = ''");
            await EventChain.LinkEarlierAsync(db, default);
        }
        Assert.True((await Log(house).CheckAsync(House.Tenant, null, default)).Whole);
        Assert.False((await Log(house).CheckAsync(House.Tenant, kept, default)).Whole);
    }

    [Fact]
    public async Task Events_from_before_there_was_a_chain_are_linked_at_the_start()
    {
        await using var house = await RepairedAsync();
        var before = await ReadAsync(house);
        await using (var db = await house.Contexts.CreateDbContextAsync()) await db.Database.ExecuteSqlRawAsync("UPDATE desk_events SET Number = 0, Hash = ''");
        foreach (var room in house.Services.GetServices<IRoomDatabase>()) await room.MigrateAsync(default);
        Assert.Equal(before, await ReadAsync(house));
    }

    [Fact]
    public async Task Two_processes_on_the_same_data_write_one_chain()
    {
        await using var house = await House.OpenAsync();
        await using var other = house.Another();
        for (var i = 1; i <= 6; i++)
        {
            house.Add($"pump-{i}");
            house.Alarms.Raise($"pump-{i}", house.Now, "bearing-wear");
            await Task.WhenAll(house.BeatAsync(), other.BeatAsync());
        }
        var check = await Log(house).CheckAsync(House.Tenant, null, default);
        Assert.True(check.Whole, check.Why);
        Assert.Equal(6, (await ReadAsync(other)).Count(e => e.Kind == EventKind.TicketOpened));
    }

    [Fact]
    public async Task The_exported_log_gives_the_figures_again_bit_for_bit_now_and_as_they_were_known()
    {
        await using var house = await RepairedAsync();
        var (from, to) = (House.Start, house.Now.AddDays(1));
        var then = (await house.Kpis.MeasureAsync(House.Tenant, from, to, null, default)).Value!;

        house.Clock.Advance(TimeSpan.FromDays(20));
        house.Alarms.Raise("pump-1", house.Now, "bearing-wear");   // it did not hold
        await house.BeatAsync();
        var now = (await house.Kpis.MeasureAsync(House.Tenant, from, to, null, default)).Value!;
        Assert.Equal((1.0, 0.0), (Value(then, "firstTimeFix"), Value(now, "firstTimeFix")));

        var asKnown = (await house.Kpis.MeasureAsync(House.Tenant, from, to, then.Head.Number, default)).Value!;
        Assert.Equal((then.Head, Written(then.Figures)), (asKnown.Head, Written(asKnown.Figures)));
        var exported = await ReadAsync(house);
        Assert.Equal(Written(now.Figures), Written(ServiceFigures.Measure(exported, from, to)));
        Assert.Equal(Written(then.Figures), Written(ServiceFigures.Measure([.. exported.TakeWhile(e => e.Number <= then.Head.Number)], from, to)));
        Assert.False((await house.Kpis.MeasureAsync(House.Tenant, from, to, 999, default)).Succeeded);
    }

    private static async Task<House> RepairedAsync()
    {
        var house = await House.OpenAsync();
        house.Add("pump-1");
        var alarm = house.Alarms.Raise("pump-1", house.Now, "bearing-wear");
        await house.BeatAsync();
        var ticket = await house.OnlyTicketAsync();
        await house.ActAsync(ticket.Number, "acknowledge");
        await house.PassAsync(TimeSpan.FromHours(12), TimeSpan.FromHours(1));
        await house.ActAsync(ticket.Number, "arrive");
        house.Alarms.Clear(alarm, house.Now);
        await house.ActAsync(ticket.Number, "resolve", Codes);
        await house.PassAsync(TimeSpan.FromHours(1), TimeSpan.FromMinutes(20));
        await house.ActAsync(ticket.Number, "close");
        return house;
    }

    private static IEventLog Log(House house) => house.Services.GetRequiredService<IEventLog>();
    private static double? Value(Measured measured, string code) => measured.Figures.Single(k => k.Code == code).Value;
    private static string Written(IReadOnlyList<Kpi> figures) => string.Join('\n', figures.Select(f => $"{f.Code} {Bits(f.Value)} {f.Samples} {Bits(f.Low)} {Bits(f.High)}"));
    private static string Bits(double? value) => value is { } v ? BitConverter.DoubleToInt64Bits(v).ToString("x", System.Globalization.CultureInfo.InvariantCulture) : "-";

    private static async Task<List<LoggedEvent>> ReadAsync(House house)
    {
        var events = new List<LoggedEvent>();
        await foreach (var happened in Log(house).ReadAsync(House.Tenant, 0, default)) events.Add(happened);
        return events;
    }
}
