using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Seamless.Rules.Alarms;
using Seamless.Rules.Diagnosis;
using Seamless.ServiceDesk.PastCases;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Tests.PastCases;

public sealed class CaseLibraryTests
{
    private static readonly (string, string)[] Codes = [("mode", "VIB"), ("mechanism", "2.4 Wear"), ("cause", "Expected wear and tear"), ("faultCode", "bearing-wear")];

    [Fact]
    public async Task A_closure_is_told_to_the_next_alarm_like_it_with_what_was_done_and_why_it_is_told()
    {
        await using var house = await House.OpenAsync();
        var first = await ClosedAsync(house, "pump-1", "worn outer ring, alignment corrected");
        house.Add("pump-2");
        var second = house.Alarms.Raise("pump-2", house.Now, "bearing-wear");

        var past = Assert.Single(await LikeAsync(house, second));

        Assert.Equal(("T-1001", "pump-1", "works", "pump", "bearing-wear"), (past.Ticket, past.Device, past.Site, past.Type, past.Cause));
        Assert.Equal(("worn outer ring, alignment corrected", "visit", house.Now), (past.Note, past.Remedy?.En, past.ClosedAt));
        Assert.Equal(["PMP-BRG-6309"], past.Parts);
        Assert.Equal(0.35 + 0.2 * 0.9 + 0.1 + 0.05, past.Similarity, 3);   // no symptoms among these neighbours
        Assert.Equal(["the same type: Pump", "its cause is 90% probable here", "the same site"], past.Why.Select(words => words.En));
        Assert.Equal(["同一类型：泵", "此处为该原因的概率 90%", "同一站点"], past.Why.Select(words => words.ZhCn));
        Assert.Empty(await LikeAsync(house, first));   // its own
    }

    [Fact]
    public async Task A_restart_and_another_process_know_the_same_cases_and_only_closed_ones()
    {
        await using var house = await House.OpenAsync();
        await ClosedAsync(house, "pump-1", "bearing replaced");
        house.Add("pump-2");
        var open = house.Alarms.Raise("pump-2", house.Now, "bearing-wear");
        await house.PassAsync(TimeSpan.FromSeconds(15));   // has a ticket now, an open one
        await using var another = house.Another();
        Assert.Equal(["T-1001"], (await LikeAsync(another, open)).Select(past => past.Ticket));

        await ClosedAsync(house, "pump-3", "bearing replaced again");

        Assert.Equal(["T-1003", "T-1001"], (await LikeAsync(another, open)).Select(past => past.Ticket));
        Assert.Equal(["T-1003", "T-1001"], (await LikeAsync(house, open)).Select(past => past.Ticket));
        Assert.Empty(await LikeAsync(house, open with { Tenant = "somebody-else" }));
    }

    [Fact]
    [Trait("Scenario", "61")]
    public async Task Ten_thousand_closed_tickets_answer_within_a_second()
    {
        await using var house = await House.OpenAsync();
        for (var i = 0; i < 100; i++) house.Add($"pump-{i}");
        await FillAsync(house, templates: 100, copies: 100);
        var alarm = house.Alarms.Raise("pump-1", house.Now, "bearing-wear");

        var cold = Stopwatch.StartNew();
        Assert.Equal(ISimilarCases.Most, (await LikeAsync(house, alarm)).Count);
        cold.Stop();
        var best = TimeSpan.MaxValue;   // of several: the machine may have other work to do
        for (var i = 0; i < 5; i++)
        {
            var watch = Stopwatch.StartNew();
            await LikeAsync(house, alarm);
            if (watch.Elapsed < best) best = watch.Elapsed;
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"first question, all cases read: {cold.Elapsed.TotalMilliseconds:F0} ms; then {best.TotalMilliseconds:F1} ms");

        Assert.True(best < TimeSpan.FromSeconds(1), $"took {best}");
    }

    private static Task<IReadOnlyList<SimilarCase>> LikeAsync(House house, Alarm alarm) => house.Services.GetRequiredService<ISimilarCases>().ToAsync(alarm, TestContext.Current.CancellationToken);

    private static async Task<Alarm> ClosedAsync(House house, string device, string note)
    {
        house.Add(device);
        var alarm = house.Alarms.Raise(device, house.Now, "bearing-wear");
        await house.PassAsync(TimeSpan.FromSeconds(15));
        var ticket = (await house.Tickets.ListAsync(new TicketFilter(House.Tenant, Device: device), default))[0];
        await house.ActAsync(ticket.Number, "acknowledge");
        for (var i = 0; i < 100 && (await house.Tickets.FindAsync(House.Tenant, ticket.Number, default))!.Parts[0].Status != "delivered"; i++)
            await house.PassAsync(TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(30));   // the part is on its way
        foreach (var action in (string[])["depart", "arrive"]) await house.ActAsync(ticket.Number, action);
        await house.ActAsync(ticket.Number, "install-part", ("serial", ticket.Parts[0].Serials[0]), ("removedSerial", $"OLD-{device}"));
        house.Alarms.Clear(alarm, house.Now);
        await house.BeatAsync();
        await house.ActAsync(ticket.Number, "resolve");
        await house.ActAsync(ticket.Number, "close", [.. Codes, ("note", note)]);
        return alarm;
    }

    /// <summary>Each template and its copies, which differ in all that must be unique.</summary>
    private static async Task FillAsync(House house, int templates, int copies)
    {
        string[] faults = ["bearing-wear", "seal-leak", "strainer-clogged", "supply-undervoltage"];
        await using var db = await house.Contexts.CreateDbContextAsync();
        for (var i = 0; i < templates; i++)
        {
            var (fault, at) = (faults[i % faults.Length], House.Start.AddHours(-i));
            db.Tickets.Add(new TicketRow
            {
                Number = $"T-{i}", Sequence = i, Key = $"alarm-{i}", Tenant = House.Tenant, Device = $"pump-{i % 100}", Site = "works", Customer = "acme", Tier = "standard",
                Status = TicketStatus.Closed, Priority = Priority.P3, Class = FaultClass.HW, Title = new(fault, fault), Alarms = [$"alarm-{i}"], Policy = "default", Pauses = [],
                Causes = [new Cause(fault, new(fault, fault), FaultClass.HW, 0.9, [$"{fault}-a", $"{fault}-{i % 7}", $"any-{i % 3}"], [])],
                Closure = new Closure("VIB", "2.4 Wear", "Expected wear and tear", fault, "done", at, "anna"),
                OpenedAt = at, OnsetAt = at, UpdatedAt = at, StateChangedAt = at, TrackingCode = $"TRACK-{i}",
            });
        }
        await db.SaveChangesAsync();
        string[] unique = ["Number", "Key", "TrackingCode"];
        var columns = db.Model.FindEntityType(typeof(TicketRow))!.GetProperties().Select(property => property.Name).ToList();
        var values = columns.Select(name => unique.Contains(name) ? $"\"{name}\" || '-' || n" : name == "Sequence" ? "\"Sequence\" + n * 1000" : $"\"{name}\"");
        var copy = $"WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {copies - 1}) INSERT INTO desk_tickets (\"{string.Join("\", \"", columns)}\") SELECT {string.Join(", ", values)} FROM desk_tickets, c";
        Assert.Equal(templates * (copies - 1), await db.Database.ExecuteSqlRawAsync(copy));
        foreach (var kind in (string[])["opened", "closed"])
            await db.Database.ExecuteSqlRawAsync("INSERT INTO desk_timeline (Ticket, At, Kind, Actor, Text) SELECT Number, OpenedAt, {0}, 'desk', {1} FROM desk_tickets", kind, """{"En":"","ZhCn":""}""");
    }
}
