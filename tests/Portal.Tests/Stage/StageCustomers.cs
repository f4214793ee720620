using Microsoft.Extensions.DependencyInjection;
using Seamless.ServiceDesk.Customers;
using Seamless.ServiceDesk.Customers.Complaints;
using Seamless.ServiceDesk.Customers.Correspondence;
using Seamless.ServiceDesk.Customers.Figures;
using Seamless.ServiceDesk.Customers.Ratings;
using Seamless.ServiceDesk.Customers.Requests;
using Seamless.Telemetry;

namespace Seamless.Portal.Tests.Stage;

internal static class StageCustomersRegistration
{
    public static void AddStageCustomers(this IServiceCollection services) => services
        .AddSingleton<StageComplaints>().AddSingleton<IComplaints>(s => s.GetRequiredService<StageComplaints>())
        .AddSingleton<StageCorrespondence>().AddSingleton<ICorrespondence>(s => s.GetRequiredService<StageCorrespondence>())
        .AddSingleton<ICustomerFigures, StageFigures>().AddSingleton<ICustomerRequests, StageRequests>().AddSingleton<StageRatings>()
        .AddSingleton<IRatings>(s => s.GetRequiredService<StageRatings>()).AddSingleton<ICustomerDoor, StageDoor>();
}

/// <summary>One complaint with a question and an offer that waits for approval; whatever is done is noted.</summary>
internal sealed class StageComplaints(TimeProvider clock) : IComplaints
{
    private readonly List<string> _done = [];

    public IReadOnlyList<string> Done => _done;

    private Complaint One => new(
        "C-1001", "default", "T-1037", "Delta Tank", "rotterdam", ComplaintType.Parts, ComplaintStatus.Escalated, "The seal came a day late and nobody told us.", "page", "li",
        new ComplaintClocks(clock.GetUtcNow().AddHours(6), clock.GetUtcNow().AddHours(40), null, null, null, null), 1,
        [new Inquiry(1, "parts", "Where was the seal?", "li", clock.GetUtcNow().AddHours(-2), clock.GetUtcNow().AddHours(2), null, null, null)],
        [
            new Offer(1, [new Alternative("A seal without charge", 0, GoodwillPart: true), new Alternative("Half the bill", 900)], "li", "engineer", clock.GetUtcNow().AddHours(-1), CustomerPolicy.Manager, null, null),
        ],
        [new ComplaintStep(clock.GetUtcNow().AddHours(-3), "received", "customer", new("complaint received", "已收到投诉"), true)], clock.GetUtcNow().AddHours(-3), clock.GetUtcNow(), 4);

    public Task<Outcome<Complaint>> LodgeAsync(NewComplaint complaint, string actor, CancellationToken ct)
    {
        if (complaint.Text.Length < 5) return Task.FromResult<Outcome<Complaint>>(Refusal.Invalid("a complaint says more than that"));
        _done.Add($"lodge {complaint.Type}: {complaint.Text}");
        return Task.FromResult<Outcome<Complaint>>(One);
    }

    public Task<Complaint?> FindAsync(string tenant, string number, CancellationToken ct) => Task.FromResult(number == "C-1001" ? One : null);
    public Task<IReadOnlyList<Complaint>> ListAsync(ComplaintFilter filter, CancellationToken ct) => Task.FromResult<IReadOnlyList<Complaint>>([One]);

    public Task<Outcome<Complaint>> ActAsync(string tenant, string number, ComplaintAction action, CancellationToken ct)
    {
        _done.Add($"{action.Name} {action.Args.GetValueOrDefault("note")} {string.Join(";", action.Alternatives ?? [])}".Trim());
        return Task.FromResult<Outcome<Complaint>>(One);
    }

    public Task<IReadOnlyList<string>> AllowedAsync(Complaint complaint, Colleague person, CancellationToken ct) => Task.FromResult<IReadOnlyList<string>>(["answer", "ask", "reply", "offer", "agree", "hand-over", "note"]);
    public Task<CustomerPolicy> PolicyAsync(string tenant, CancellationToken ct) => Task.FromResult(new CustomerPolicy());
    public Task<Outcome<CustomerPolicy>> SetPolicyAsync(string tenant, CustomerPolicy policy, string actor, CancellationToken ct) => throw new NotSupportedException();
}

/// <summary>One customer content, one not.</summary>
internal sealed class StageFigures(TimeProvider clock) : ICustomerFigures
{
    private static VoiceFigures Of(string customer, int recommend, int satisfaction) => new(
        customer, NetPromoter.Of(Enumerable.Repeat(recommend, 7)), ShareOf.Effort([7, 7, 5]), ShareOf.Satisfaction(Enumerable.Repeat(satisfaction, 7)), ShareOf.Of(Enumerable.Repeat(1, 21), a => a > 0),
        new TouchFigures(1.4, 2, 8, 0, 0, 7), 1, 1);

    public Task<IReadOnlyList<CustomerVoice>> CustomersAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct) => Task.FromResult<IReadOnlyList<CustomerVoice>>(
    [
        new(Of("Delta Tank", 4, 2), new Divergence("Delta Tank", "2026-03", clock.GetUtcNow(), 1, 21, -100, 0, 7, ["recommend-low", "satisfaction-low"]), 1,
            [new CustomerComment("T-1037", clock.GetUtcNow().AddHours(-4), 4, 2, "I had to explain it three times <b>each time</b>")]),
        new(Of("Bohai Water", 10, 5), null, 0, []),
    ]);

    public Task<IReadOnlyList<VoiceFigures>> MeasureAsync(string tenant, VoiceDimension by, DateTimeOffset from, DateTimeOffset to, CancellationToken ct) => throw new NotSupportedException();
    public Task<IReadOnlyList<NpsDriver>> DriversAsync(string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken ct) => throw new NotSupportedException();
    public Task<IReadOnlyList<Divergence>> DivergencesAsync(string tenant, CancellationToken ct) => throw new NotSupportedException();
}

internal sealed class StageRequests(TimeProvider clock) : ICustomerRequests
{
    private CustomerRequest One => new("R-1001", "default", null, "Bohai Water", "A manual in Chinese", "documentation", RequestStatus.Open, clock.GetUtcNow().AddDays(-3), clock.GetUtcNow().AddHours(-1), null, null, null, 1, 2);

    public Task<IReadOnlyList<CustomerRequest>> ListAsync(string tenant, string? customer, bool openOnly, CancellationToken ct) => Task.FromResult<IReadOnlyList<CustomerRequest>>([One]);
    public Task<Outcome<CustomerRequest>> AskAsync(NewRequest request, string actor, CancellationToken ct) => Task.FromResult<Outcome<CustomerRequest>>(One);
    public Task<Outcome<CustomerRequest>> AnswerAsync(string tenant, string number, string answer, string actor, CancellationToken ct) => Task.FromResult<Outcome<CustomerRequest>>(One);
    public Task<Outcome<CustomerRequest>> PassOnAsync(string tenant, string number, string department, string note, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<Compliment>> ThankAsync(NewCompliment compliment, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<IReadOnlyList<Compliment>> ComplimentsAsync(string tenant, string? technician, CancellationToken ct) => throw new NotSupportedException();
}

internal sealed class StageRatings(TimeProvider clock) : IRatings
{
    private readonly List<RatingAnswers> _given = [];

    public IReadOnlyList<RatingAnswers> Given => _given;

    public Task<Outcome<Rating>> RateAsync(string code, string? serial, RatingAnswers answers, CancellationToken ct)
    {
        if (answers.Fault() is { } fault) return Task.FromResult<Outcome<Rating>>(fault);
        _given.Add(answers);
        return Task.FromResult<Outcome<Rating>>(new Rating("T-1037", "default", "Delta Tank", "rotterdam", null, null, answers, clock.GetUtcNow(), clock.GetUtcNow(), clock.GetUtcNow().AddDays(7), 1));
    }

    public Task<Outcome<Rating>> TakeDownAsync(string tenant, string ticket, RatingAnswers answers, string actor, CancellationToken ct) => throw new NotSupportedException();
    public Task<IReadOnlyList<Rating>> ListAsync(RatingFilter filter, CancellationToken ct) => throw new NotSupportedException();
}

/// <summary>The closed repair can be rated and has a complaint with an offer.</summary>
internal sealed class StageDoor(TimeProvider clock, StageComplaints complaints) : ICustomerDoor
{
    public Task<TrackedVoice?> LookAsync(string code, string? serial, CancellationToken ct) => Task.FromResult<TrackedVoice?>(new TrackedVoice(
        code == "TRK-T-1037", null,
        code != "TRK-T-1037" ? [] :
        [
            new TrackedComplaint("C-1000", ComplaintType.Delay, ComplaintStatus.Offered, clock.GetUtcNow().AddDays(-1), [new(clock.GetUtcNow().AddDays(-1), "received", "service", new("complaint received", "已收到投诉"))],
                [new Alternative("A filter without charge", 0, GoodwillPart: true), new Alternative("Money back", 120)], "EUR"),
        ],
        code != "TRK-T-1037" ? [] : [new TrackedRequest("R-1001", RequestStatus.Open, clock.GetUtcNow().AddDays(-3), clock.GetUtcNow().AddDays(1), null)]));

    public Task<Outcome<Complaint>> ComplainAsync(string code, string? serial, ComplaintType type, string text, string channel, CancellationToken ct) =>
        complaints.LodgeAsync(new NewComplaint("default", "T-1037", null, type, text, channel), "customer", ct);

    public Task<Outcome<Complaint>> DecideAsync(string code, string? serial, string number, int? alternative, CancellationToken ct) =>
        complaints.ActAsync("default", number, new ComplaintAction($"decide {number} {alternative}", new Colleague("customer", "customer"), new Dictionary<string, string>()), ct);

    public Task<Outcome<Compliment>> ThankAsync(string code, string? serial, string text, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<CustomerRequest>> AskAsync(string code, string? serial, string text, CancellationToken ct) => throw new NotSupportedException();
    public Task<Outcome<CustomerRequest>> EnhanceAsync(string code, string? serial, string text, CancellationToken ct) => throw new NotSupportedException();
}
