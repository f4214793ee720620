using Seamless.Fleet.Registry;
using Seamless.ServiceDesk.Dispatch;
using Seamless.ServiceDesk.Dispatch.Technicians;
using Seamless.ServiceDesk.Tickets;
using Microsoft.Extensions.DependencyInjection;

namespace Seamless.ServiceDesk.Tests.Dispatch;

/// <summary>What happens to technicians and parts, and what that does to visits.</summary>
public sealed class DispatchStoryTests
{
    private static readonly GeoPoint Paris = new(48.85, 2.35);

    [Fact]
    public async Task Who_is_absent_loses_his_visit_and_the_timeline_says_why_once()
    {
        await using var house = await House.OpenAsync();
        var ticket = await VisitedAsync(house);
        var (book, visit) = (Book(house), ticket.Visit!);
        var absence = new Absence(house.Now, house.Now.AddDays(3), "ill");
        Assert.True((await book.AddAbsenceAsync(House.Tenant, visit.Technician, absence, "anna", default)).Succeeded);
        Assert.True((await book.AddAbsenceAsync(House.Tenant, visit.Technician, absence, "anna", default)).Succeeded);   // said twice
        await house.BeatAsync();
        ticket = await house.OnlyTicketAsync();
        Assert.NotEqual(visit.Technician, ticket.Visit!.Technician);
        Assert.True(ticket.Visit.Start >= ticket.Parts[0].Eta);
        Assert.Contains("absent", Assert.Single(ticket.Timeline, e => e.Kind == "visit-replanned").Text.En, StringComparison.Ordinal);
        Assert.Single((await book.FindAsync(House.Tenant, visit.Technician, default))!.Absences);
    }

    [Fact]
    public async Task A_confirmed_visit_does_not_move_but_is_told_to_people()
    {
        await using var house = await House.OpenAsync();
        var ticket = await VisitedAsync(house);
        await house.ActAsync(ticket.Number, "schedule", ("start", house.Now.AddHours(30).ToString("O")), ("technician", ticket.Visit!.Technician));
        var visit = (await house.OnlyTicketAsync()).Visit!;
        Assert.True(visit.Confirmed);
        await Book(house).AddAbsenceAsync(House.Tenant, visit.Technician, new Absence(house.Now, house.Now.AddDays(3), "ill"), "anna", default);
        ticket = await house.OnlyTicketAsync();
        Assert.Equal(visit, ticket.Visit);
        Assert.Single(ticket.Timeline, e => e.Kind == "visit-conflict");
        Assert.Contains(ticket.Number, (await Book(house).RemoveAsync(House.Tenant, visit.Technician, "anna", default)).Refusal!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_else_can_the_visit_is_taken_away_and_planned_again_when_somebody_can()
    {
        await using var house = await House.OpenAsync();
        var ticket = await VisitedAsync(house);
        var book = Book(house);
        var skilled = (await book.ListAsync(House.Tenant, default)).Where(t => t.Skills.ContainsKey("mechanical")).ToList();
        foreach (var technician in skilled)
            Assert.True((await book.PutAsync(House.Tenant, technician with { Skills = new Dictionary<string, int> { ["it"] = 1 } }, "anna", default)).Succeeded);
        ticket = await house.OnlyTicketAsync();
        Assert.Null(ticket.Visit);
        Assert.Contains("nobody has the skill", ticket.Timeline.Last(e => e.Kind == "visit-replanned").Text.En, StringComparison.Ordinal);
        Assert.Contains("nobody has the skill", Assert.Single((await Desk(house).BoardAsync(House.Tenant, house.Now, house.Now.AddDays(1), default)).Waiting).Reason.En, StringComparison.Ordinal);

        await book.PutAsync(House.Tenant, skilled[0], "anna", default);
        await house.PassAsync(TimeSpan.FromMinutes(16), TimeSpan.FromMinutes(1));
        Assert.Equal(skilled[0].Id, (await house.OnlyTicketAsync()).Visit?.Technician);
    }

    [Fact]
    public async Task Parts_that_slip_move_the_visit_behind_them()
    {
        await using var house = await House.OpenAsync();
        var ticket = await VisitedAsync(house);
        var eta = ticket.Visit!.Start.AddHours(5);
        Assert.True((await Desk(house).DelayShipmentAsync(House.Tenant, ticket.Parts[0].Shipment!, eta, "carrier", default)).Succeeded);
        ticket = await house.OnlyTicketAsync();
        Assert.Equal(eta, ticket.Parts[0].Eta);
        Assert.True(ticket.Visit!.Start >= eta, $"{ticket.Visit.Start} before {eta}");
        Assert.Single(ticket.Timeline, e => e.Kind == "visit-replanned");
        Assert.Equal("invalid", (await Desk(house).DelayShipmentAsync(House.Tenant, ticket.Parts[0].Shipment!, house.Now.AddHours(-1), "carrier", default)).Refusal?.Code);
        await house.PassAsync(TimeSpan.FromHours(1), TimeSpan.FromMinutes(10));   // the courier collects at the old time, and brings it at the new one
        Assert.Equal(eta, (await house.Parts.ShipmentsAsync(House.Tenant, null, false, default))[0].Eta);
    }

    [Fact]
    public async Task A_visit_that_takes_longer_pushes_the_next_one()
    {
        await using var house = await House.OpenAsync();
        await OnlyAsync(house, "tech-01");
        var first = await ByHandAsync(house, "one", Priority.P2);
        var second = await ByHandAsync(house, "two", Priority.P3);
        await house.ActAsync(first.Number, "acknowledge");
        await house.ActAsync(first.Number, "depart");
        await house.ActAsync(first.Number, "arrive");
        var before = (await house.Tickets.FindAsync(House.Tenant, second.Number, default))!.Visit!;
        var done = await Desk(house).OverrunAsync(House.Tenant, first.Number, 180, "anna", default);
        Assert.True(done.Succeeded, done.Refusal?.Reason);
        var after = (await house.Tickets.FindAsync(House.Tenant, second.Number, default))!;
        Assert.True(after.Visit!.Start >= done.Value!.End && after.Visit.Start > before.Start, $"{before} {after.Visit} {done.Value}");
        Assert.Contains(first.Number, Assert.Single(after.Timeline, e => e.Kind == "visit-replanned").Text.En, StringComparison.Ordinal);
        Assert.NotNull((await Desk(house).OverrunAsync(House.Tenant, second.Number, 10, "anna", default)).Refusal);
    }

    [Fact]
    public async Task An_urgent_ticket_takes_the_place_of_a_lesser_one()
    {
        await using var house = await House.OpenAsync();
        await OnlyAsync(house, "tech-01");
        for (var i = 0; i < 3; i++) await ByHandAsync(house, $"lesser {i}", Priority.P4);   // an hour each: the fourth would come too late
        var urgent = await ByHandAsync(house, "urgent", Priority.P1);
        Assert.True(urgent.Visit!.Start <= urgent.Sla.ArriveBy, $"{urgent.Visit} {urgent.Sla.ArriveBy}");
        Assert.Contains(await house.Tickets.ListAsync(new TicketFilter(House.Tenant), default), t => t.Timeline.Any(e => e.Kind == "visit-replanned" && e.Text.En.Contains(urgent.Number, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_proposal_is_applied_as_it_was_seen_or_not_at_all()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1", location: Paris);
        var ticket = await ByHandAsync(house, "one", Priority.P3);
        var far = (await Book(house).ListAsync(House.Tenant, default)).First(t => t.Home.DistanceKm(Paris) > 5000);
        await using (var db = await house.Contexts.CreateDbContextAsync())
        {
            var row = await db.Tickets.FindAsync(ticket.Number);
            row!.Visit = new Visit(far.Id, house.Now.AddHours(30), house.Now.AddHours(31), null);   // late, and from far away
            await db.SaveChangesAsync();
        }
        var proposal = await Desk(house).ProposeAsync(House.Tenant, default);
        Assert.NotEqual(far.Id, Assert.Single(proposal.Changes).After!.Technician);
        Assert.Equal("conflict", (await Desk(house).ApplyAsync(House.Tenant, "another", "anna", default)).Refusal?.Code);
        Assert.True((await Desk(house).ApplyAsync(House.Tenant, proposal.Fingerprint, "anna", default)).Succeeded);
        Assert.Equal(proposal.Changes[0].After!.Technician, (await house.OnlyTicketAsync()).Visit!.Technician);
        Assert.Empty((await Desk(house).ProposeAsync(House.Tenant, default)).Changes);
    }

    [Fact]
    public async Task Nobody_is_sent_outside_of_his_shift_his_territory_or_his_certificate()
    {
        await using var house = await House.OpenAsync();
        house.Add("pump-1", location: Paris);
        await OnlyAsync(house, "tech-01", t => t with { Home = Paris, Profile = new TechnicianProfile(TimeZone: "Europe/Paris", Shifts: [new WeeklyShift([DayOfWeek.Tuesday], new TimeOnly(8, 0), new TimeOnly(16, 0))]) });
        var ticket = await ByHandAsync(house, "one", Priority.P3);   // a Monday at ten in Paris
        Assert.Equal(new DateTimeOffset(2026, 3, 3, 7, 0, 0, TimeSpan.Zero), ticket.Visit!.Start, TimeSpan.FromMinutes(2));
        await Book(house).PutAsync(House.Tenant, new Technician("tech-01", Paris, new Dictionary<string, int>(), new TechnicianProfile(RadiusKm: 10, Certificates: [new Certificate("badge", [], house.Now.AddHours(1))])), "anna", default);
        Assert.Null((await house.OnlyTicketAsync()).Visit);
    }

    private static ITechnicians Book(House house) => house.Services.GetRequiredService<ITechnicians>();
    private static IDispatch Desk(House house) => house.Services.GetRequiredService<IDispatch>();

    private static async Task<Ticket> VisitedAsync(House house)
    {
        house.Add("pump-1", location: Paris);
        house.Alarms.Raise("pump-1", house.Now, "bearing-wear");
        await house.BeatAsync();
        return await house.OnlyTicketAsync();
    }

    private static async Task<Ticket> ByHandAsync(House house, string title, Priority priority)
    {
        if (house.Devices.FindCached(new(House.Tenant, "pump-1")) is null) house.Add("pump-1", location: Paris);
        var opened = await house.Tickets.OpenAsync(new NewTicket(House.Tenant, "pump-1", "works", priority, new(title, title), null, null), "anna", default);
        Assert.True(opened.Succeeded, opened.Refusal?.Reason);
        await house.BeatAsync();
        return (await house.Tickets.FindAsync(House.Tenant, opened.Value!.Number, default))!;
    }

    /// <summary>Everybody else leaves.</summary>
    private static async Task OnlyAsync(House house, string id, Func<Technician, Technician>? change = null)
    {
        await house.Parts.DepotsAsync(House.Tenant, default);
        await house.BeatAsync();
        foreach (var technician in await Book(house).ListAsync(House.Tenant, default))
            if (technician.Id != id) await Book(house).RemoveAsync(House.Tenant, technician.Id, "anna", default);
        var own = (await Book(house).FindAsync(House.Tenant, id, default))!;
        Assert.True((await Book(house).PutAsync(House.Tenant, (change ?? (t => t with { Home = Paris }))(own), "anna", default)).Succeeded);
    }
}
