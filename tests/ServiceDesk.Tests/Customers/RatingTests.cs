using Microsoft.Extensions.DependencyInjection;
using Seamless.ServiceDesk.Customers.Figures;
using Seamless.ServiceDesk.Customers.Ratings;
using Seamless.ServiceDesk.Customers.Requests;
using Seamless.ServiceDesk.Dispatch.Technicians;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Tests.Customers;

public sealed class RatingTests
{
    [Fact]
    public async Task One_answer_for_each_ticket_also_when_it_is_posted_at_once_from_two_processes()
    {
        await using var house = await House.OpenAsync();
        await using var second = house.Another();
        var ticket = await DoneAsync(house);
        var posts = Enumerable.Range(0, 8).Select(n => Ratings(n % 2 == 0 ? house : second).RateAsync(ticket.TrackingCode, null, new RatingAnswers(9, 7, 5), default));
        Assert.All(await Task.WhenAll(posts), rated => Assert.True(rated.Succeeded, rated.Refusal?.Reason));

        Assert.Single(await Ratings(house).ListAsync(new RatingFilter(House.Tenant), default));
        var nps = await KpiAsync(house, "nps");
        Assert.Equal((100, 1), (nps.Value, nps.Samples));
    }

    [Fact]
    public async Task An_answer_can_be_changed_for_seven_days_and_the_last_one_counts()
    {
        await using var house = await House.OpenAsync();
        var ticket = await DoneAsync(house);
        await RateAsync(house, ticket, new(10, 7, 5));
        house.Clock.Advance(TimeSpan.FromDays(6.9));
        await RateAsync(house, ticket, new(2, 3, Comment: "it broke again"));
        Assert.Equal((-100, 0, null), (await house.KpiAsync("nps"), await house.KpiAsync("customerEffort"), await house.KpiAsync("customerSatisfaction")));
        house.Clock.Advance(TimeSpan.FromDays(0.2));
        var late = await Ratings(house).RateAsync(ticket.TrackingCode, null, new(10), default);
        Assert.Contains("seven days", late.Refusal!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_what_is_done_is_rated_and_a_stranger_learns_nothing()
    {
        await using var house = await House.OpenAsync();
        var ticket = await OpenAsync(house);
        Assert.Equal("refused", (await Ratings(house).RateAsync(ticket.TrackingCode, null, new(10), default)).Refusal?.Code);
        var unknown = (await Ratings(house).RateAsync("XXXXXXXX", null, new(10), default)).Refusal;
        var wrongSerial = (await Ratings(house).RateAsync(ticket.Number, "SN-0", new(10), default)).Refusal;
        var noSerial = (await Ratings(house).RateAsync(ticket.Number, null, new(10), default)).Refusal;
        Assert.Equal(unknown, wrongSerial);
        Assert.Equal(unknown, noSerial);
        foreach (var answers in (RatingAnswers[])[new(), new(11), new(-1), new(Effort: 8), new(Effort: 0), new(Satisfaction: 6), new(5, Comment: new string('x', 2001))])
            Assert.Equal("invalid", (await Ratings(house).RateAsync(ticket.TrackingCode, null, answers, default)).Refusal?.Code);
    }

    [Fact]
    public async Task Figures_are_told_by_customer_site_technician_and_partner_and_never_across_tenants()
    {
        await using var house = await House.OpenAsync();
        var ticket = await OpenAsync(house);
        await house.ActAsync(ticket.Number, "schedule", ("minutes", "60"));
        ticket = await house.OnlyTicketAsync();
        var technicians = house.Services.GetRequiredService<ITechnicians>();
        var sent = (await technicians.FindAsync(House.Tenant, ticket.Visit!.Technician, default))!;
        await technicians.PutPartnerAsync(House.Tenant, new Partner("north-service", "North", [], false, null), "anna", default);
        Assert.True((await technicians.PutAsync(House.Tenant, sent with { Profile = sent.Profile with { Partner = "north-service" } }, "anna", default)).Succeeded);
        await house.ActAsync(ticket.Number, "depart");
        await house.ActAsync(ticket.Number, "arrive");
        await house.ActAsync(ticket.Number, "resolve");
        await RateAsync(house, ticket, new(6, 7, 4));
        await Requests(house).ThankAsync(new(House.Tenant, ticket.Number, null, "well done"), "customer", default);
        await Requests(house).ThankAsync(new(House.Tenant, ticket.Number, null, "well done"), "customer", default);

        foreach (var (by, of) in new[]
        {
            (VoiceDimension.All, "*"), (VoiceDimension.Customer, ticket.Customer), (VoiceDimension.Site, ticket.Site), (VoiceDimension.Technician, ticket.Visit!.Technician), (VoiceDimension.Partner, "north-service"),
        })
        {
            var row = Assert.Single(await MeasureAsync(house, House.Tenant, by), f => f.Of == of);
            Assert.Equal((-100.0, 1.0, 1.0, 1, 1), (row.Recommend.Value, row.Effort.Value, row.Satisfaction.Value, row.Satisfaction.Count, row.Compliments));
            Assert.Equal((1.0, 1), (row.Touches.PerTicket, row.Touches.Visits));
            Assert.Equal(3, row.Sla.Count);
        }
        Assert.DoesNotContain(await MeasureAsync(house, "other", VoiceDimension.Customer), f => f.Recommend.Count > 0);
        Assert.Empty(await Ratings(house).ListAsync(new RatingFilter("other"), default));
        Assert.Equal("not-found", (await Ratings(house).TakeDownAsync("other", ticket.Number, new(1), "eve", default)).Refusal?.Code);
        Assert.Equal("not-found", (await Requests(house).ThankAsync(new("other", ticket.Number, null, "x"), "eve", default)).Refusal?.Code);
        Assert.Empty(await Requests(house).ComplimentsAsync("other", null, default));
    }

    [Fact]
    public async Task A_request_that_nobody_answers_climbs_and_an_answer_ends_it()
    {
        await using var house = await House.OpenAsync();
        var asked = (await Requests(house).AskAsync(new(House.Tenant, null, "acme", "a manual in Polish", "documentation", house.Now.AddDays(2)), "anna", default)).Value!;
        var same = (await Requests(house).AskAsync(new(House.Tenant, null, "acme", "a manual in Polish", "documentation", house.Now.AddDays(2)), "anna", default)).Value!;
        Assert.Equal(asked.Number, same.Number);
        await house.PassAsync(TimeSpan.FromDays(1.5), TimeSpan.FromHours(6));
        Assert.Equal(0, (await OnlyAsync(house)).EscalationLevel);
        await house.PassAsync(TimeSpan.FromDays(0.75), TimeSpan.FromHours(6));
        Assert.Equal(1, (await OnlyAsync(house)).EscalationLevel);
        await house.PassAsync(TimeSpan.FromDays(1), TimeSpan.FromHours(6));
        Assert.Equal(2, (await OnlyAsync(house)).EscalationLevel);
        Assert.True((await Requests(house).AnswerAsync(House.Tenant, asked.Number, "here it is", "wang", default)).Succeeded);
        await house.PassAsync(TimeSpan.FromDays(3), TimeSpan.FromDays(1));
        var answered = await OnlyAsync(house);
        Assert.Equal((RequestStatus.Answered, "here it is", 2), (answered.Status, answered.Answer, answered.EscalationLevel));
        Assert.Equal("refused", (await Requests(house).AnswerAsync(House.Tenant, asked.Number, "again", "wang", default)).Refusal?.Code);
        Assert.Equal("not-found", (await Requests(house).AnswerAsync("other", asked.Number, "mine", "eve", default)).Refusal?.Code);
    }

    private static async Task<CustomerRequest> OnlyAsync(House house) => Assert.Single(await Requests(house).ListAsync(House.Tenant, null, false, default));
    private static Task<IReadOnlyList<VoiceFigures>> MeasureAsync(House house, string tenant, VoiceDimension by) =>
        ((ICustomerFigures)house.Services.GetService(typeof(ICustomerFigures))!).MeasureAsync(tenant, by, House.Start.AddDays(-1), house.Now.AddDays(1), default);
    private static IRatings Ratings(House house) => (IRatings)house.Services.GetService(typeof(IRatings))!;
    private static ICustomerRequests Requests(House house) => (ICustomerRequests)house.Services.GetService(typeof(ICustomerRequests))!;
    private static async Task RateAsync(House house, Ticket ticket, RatingAnswers answers) => Assert.True((await Ratings(house).RateAsync(ticket.TrackingCode, null, answers, default)).Succeeded);
    private static async Task<ServiceDesk.Kpis.Kpi> KpiAsync(House house, string code) => (await house.Kpis.MeasureAsync(House.Tenant, House.Start, house.Now.AddDays(1), default)).Single(k => k.Code == code);

    private static async Task<Ticket> OpenAsync(House house)
    {
        house.Add("pump-1");
        var opened = await house.Tickets.OpenAsync(new NewTicket(House.Tenant, "pump-1", "works", Priority.P2, new("leaks", "泄漏"), null, null), "anna", default);
        return opened.Value!;
    }

    private static async Task<Ticket> DoneAsync(House house)
    {
        var ticket = await OpenAsync(house);
        return await house.ActAsync(ticket.Number, "resolve");
    }
}
