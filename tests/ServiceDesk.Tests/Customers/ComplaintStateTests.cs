using Seamless.ServiceDesk.Customers;
using Seamless.ServiceDesk.Customers.Complaints;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Tests.Customers;

/// <summary>Every path of a complaint on the real desk.</summary>
public sealed class ComplaintStateTests
{
    private static readonly Colleague Owner = new("anna", "dispatcher");
    private static readonly Colleague Other = new("wang", "engineer");
    private static readonly Colleague Manager = new("boss", "admin");
    private static readonly string[] Actions = ["assign", "hand-over", "answer", "ask", "reply", "offer", "approve", "refuse", "agree", "disagree", "further", "close", "note"];
    private static readonly Alternative Small = new("a free filter", 40, GoodwillPart: true);
    private static readonly Alternative Large = new("half the price back", 1500);
    private static readonly Alternative Huge = new("a new machine", 9000, Swap: true);

    /// <summary>Each status, how it is reached, and what the owner, or whoever decides, may do there.</summary>
    public static TheoryData<ComplaintStatus, string, string> Paths() => new()
    {
        { ComplaintStatus.Received, "", "assign note" },
        { ComplaintStatus.Assigned, "assign", "hand-over answer ask offer note" },
        { ComplaintStatus.Investigating, "assign ask", "hand-over answer ask reply offer note" },
        { ComplaintStatus.Offered, "assign offer-small", "hand-over answer agree disagree note" },
        { ComplaintStatus.Offered, "assign ask offer-small", "hand-over answer reply agree disagree note" },
        { ComplaintStatus.Escalated, "assign offer-large", "hand-over answer approve refuse note" },
        { ComplaintStatus.Offered, "assign offer-large approve", "hand-over answer agree disagree note" },
        { ComplaintStatus.Escalated, "assign offer-huge approve", "hand-over answer approve refuse note" },
        { ComplaintStatus.Offered, "assign offer-huge approve approve", "hand-over answer agree disagree note" },
        { ComplaintStatus.Investigating, "assign offer-large refuse", "hand-over answer ask offer note" },
        { ComplaintStatus.Agreed, "assign offer-small agree", "hand-over answer close note" },
        { ComplaintStatus.NotAgreed, "assign offer-small disagree", "hand-over answer ask offer further note" },
        { ComplaintStatus.Offered, "assign offer-small disagree offer-small", "hand-over answer agree disagree note" },
        { ComplaintStatus.FurtherProcess, "assign offer-small disagree further", "hand-over answer ask offer close note" },
        { ComplaintStatus.Closed, "assign offer-small disagree further close", "note" },
        { ComplaintStatus.Closed, "assign offer-small agree close", "note" },
    };

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Each_status_allows_what_is_in_its_table_and_refuses_the_rest(ComplaintStatus status, string path, string allowed)
    {
        await using var house = await House.OpenAsync();
        var complaint = await WalkAsync(house, path);
        Assert.Equal(status, complaint.Status);
        var owner = complaint.Owner is null ? Other : Owner;
        var theirs = (await Complaints(house).AllowedAsync(complaint, owner, default)).Concat((await Complaints(house).AllowedAsync(complaint, Manager, default)).Where(a => a is "approve" or "refuse"));
        Assert.Equal(allowed.Split(' ').Order(), theirs.Order());

        foreach (var action in Actions.Except(allowed.Split(' ')))
        {
            var refused = await TryAsync(house, complaint.Number, action, action is "approve" or "refuse" ? Manager : owner);
            Assert.False(refused.Succeeded, $"{action} in {status}");
            Assert.Equal(complaint.Version, (await Complaints(house).FindAsync(House.Tenant, complaint.Number, default))!.Version);
        }
        foreach (var action in allowed.Split(' ').Where(a => a is "note" or "answer"))
            Assert.True((await TryAsync(house, complaint.Number, action, owner)).Succeeded, action);
    }

    [Fact]
    public async Task The_owner_is_the_only_interface_and_changes_only_by_a_hand_over_with_a_note()
    {
        await using var house = await House.OpenAsync();
        var complaint = await WalkAsync(house, "assign");
        foreach (var action in (string[])["answer", "ask", "offer", "hand-over"])
            Assert.Equal("forbidden", (await TryAsync(house, complaint.Number, action, Other)).Refusal?.Code);
        Assert.Equal("refused", (await TryAsync(house, complaint.Number, "assign", Other)).Refusal?.Code);
        var silent = await Complaints(house).ActAsync(House.Tenant, complaint.Number, new("hand-over", Owner, new Dictionary<string, string> { ["person"] = "wang" }), default);
        Assert.Contains("note", silent.Refusal!.Reason, StringComparison.Ordinal);

        var handed = (await TryAsync(house, complaint.Number, "hand-over", Owner)).Value!;
        Assert.Equal("wang", handed.Owner);
        Assert.Contains(handed.Steps, s => s is { Kind: "handed-over", Actor: "anna", ForCustomer: false } && s.Text.En.Contains("anna → wang: context", StringComparison.Ordinal));
        Assert.Equal("forbidden", (await TryAsync(house, complaint.Number, "offer", Owner)).Refusal?.Code);
    }

    [Fact]
    public async Task Whoever_made_the_offer_never_approves_it_and_a_customer_sees_only_what_is_approved()
    {
        await using var house = await House.OpenAsync();
        var complaint = await WalkAsync(house, "");
        await DoAsync(house, complaint.Number, "assign", Manager, ("person", "boss"));
        complaint = (await Complaints(house).ActAsync(House.Tenant, complaint.Number, new("offer", Manager, new Dictionary<string, string>(), [Large]), default)).Value!;
        Assert.Equal((ComplaintStatus.Escalated, CustomerPolicy.Manager), (complaint.Status, complaint.Offers[^1].Rung));
        Assert.DoesNotContain(complaint.Steps, s => s.ForCustomer && s.Text.En.Contains("half the price", StringComparison.Ordinal));
        Assert.Equal("forbidden", (await TryAsync(house, complaint.Number, "approve", Manager)).Refusal?.Code);
        Assert.Equal("forbidden", (await TryAsync(house, complaint.Number, "approve", Owner)).Refusal?.Code);
        complaint = (await TryAsync(house, complaint.Number, "approve", new Colleague("chief", "admin"))).Value!;
        Assert.Equal((ComplaintStatus.Offered, "chief"), (complaint.Status, complaint.Offers[^1].ApprovedBy));
    }

    [Fact]
    public async Task What_is_beyond_everybody_is_refused_at_once()
    {
        await using var house = await House.OpenAsync();
        var complaint = await WalkAsync(house, "assign");
        var refused = await Complaints(house).ActAsync(House.Tenant, complaint.Number, new("offer", Owner, new Dictionary<string, string>(), [new("the moon", 1_000_000)]), default);
        Assert.Contains("everybody", refused.Refusal!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clocks_and_questions_that_run_out_climb_the_ladder_once_each()
    {
        await using var house = await House.OpenAsync();
        var complaint = await WalkAsync(house, "assign ask");   // asked for an answer within a day
        await house.PassAsync(TimeSpan.FromHours(7), TimeSpan.FromHours(1));
        Assert.Equal(0, (await FindAsync(house, complaint.Number)).EscalationLevel);
        await house.PassAsync(TimeSpan.FromHours(2), TimeSpan.FromHours(1));
        Assert.Equal((1, (bool?)false), ((await FindAsync(house, complaint.Number)).EscalationLevel, (await FindAsync(house, complaint.Number)).Clocks.FirstAnswerMet));
        await house.PassAsync(TimeSpan.FromHours(24), TimeSpan.FromHours(6));
        Assert.Equal(2, (await FindAsync(house, complaint.Number)).EscalationLevel);   // the question
        await house.PassAsync(TimeSpan.FromDays(10), TimeSpan.FromHours(6));
        complaint = await FindAsync(house, complaint.Number);
        Assert.Equal((3, 3), (complaint.EscalationLevel, complaint.Steps.Count(s => s.Kind == "overdue")));
        Assert.Equal(0, await house.KpiAsync("complaintsAnswered"));
        Assert.Equal(0, await house.KpiAsync("complaintsSolved"));
        Assert.Equal(3, await house.KpiAsync("escalations"));
    }

    [Fact]
    public async Task What_is_answered_and_solved_in_time_is_counted_as_such()
    {
        await using var house = await House.OpenAsync();
        await WalkAsync(house, "assign offer-small agree close");
        await house.PassAsync(TimeSpan.FromDays(10), TimeSpan.FromDays(1));
        Assert.Equal((1, 1, 0), (await house.KpiAsync("complaintsAnswered"), await house.KpiAsync("complaintsSolved"), await house.KpiAsync("escalations")));
    }

    [Fact]
    public async Task The_same_complaint_posted_twice_is_one_until_it_is_closed()
    {
        await using var house = await House.OpenAsync();
        var first = await WalkAsync(house, "");
        Assert.Equal(first.Number, (await WalkAsync(house, "")).Number);
        Assert.Equal(1, await house.KpiAsync("complaints"));
        foreach (var action in "assign offer-small agree close".Split(' ')) await StepAsync(house, first.Number, action);
        Assert.NotEqual(first.Number, (await WalkAsync(house, "")).Number);
    }

    /// <summary>Random walks by random people with random offers: nothing reaches the customer without somebody whose authority covers it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task No_offer_ever_exceeds_the_authority_of_who_answers_for_it(int seed)
    {
        var random = new Random(seed);
        await using var house = await House.OpenAsync();
        var policy = new CustomerPolicy();
        Colleague[] people = [Owner, Other, Manager, new("chief", "admin"), new("zhao", "technician"), new("guest", "viewer")];
        string[] tried = [.. Actions.Except(["assign", "hand-over"]), "offer", "offer", "offer", "approve", "approve", "approve", "disagree", "refuse"];
        var (reached, approved) = (0, 0);
        for (var walk = 0; walk < 15; walk++)
        {
            var complaint = (await Complaints(house).LodgeAsync(new(House.Tenant, null, "acme", ComplaintType.Quality, $"it broke {walk}", "staff"), "anna", default)).Value!;
            var owner = people[random.Next(people.Length)];
            await DoAsync(house, complaint.Number, "assign", owner, ("person", owner.Name));
            for (var step = 0; step < 20; step++)
            {
                var alternatives = Enumerable.Range(0, random.Next(1, 4)).Select(_ => new Alternative(
                    "so", random.Next(4) switch { 0 => random.Next(60), 1 => random.Next(400), 2 => random.Next(2500), _ => random.Next(60_000) },
                    random.Next(2) == 0, random.Next(4) == 0, random.Next(3) == 0 ? (CommandRisk)random.Next(4) : null)).ToList();
                var name = tried[random.Next(tried.Length)];
                var by = name is "approve" ? people[random.Next(2, 4)] : random.Next(2) == 0 ? people[random.Next(people.Length)] : owner;
                await Complaints(house).ActAsync(House.Tenant, complaint.Number, new(name, by, Args(), alternatives), default);
                complaint = await FindAsync(house, complaint.Number);
                if (complaint.Status is not (ComplaintStatus.Offered or ComplaintStatus.Agreed)) continue;
                reached++;
                var offer = complaint.Offers[^1];
                Assert.Null(offer.Rung);
                if (offer.ApprovedBy == offer.OfferedBy) Assert.True(policy.LimitOf(offer.Role).Covers(offer.Alternatives), $"{offer}");
                else
                {
                    approved++;
                    Assert.Contains(offer.ApprovedBy, (string[])["boss", "chief"]);
                    Assert.Contains(CustomerPolicy.Rungs, rung => policy.LimitOf(rung).Covers(offer.Alternatives));
                }
            }
        }
        Assert.True(reached > 10 && approved > 0, $"{reached} offers reached, {approved} approved");
    }

    private static IComplaints Complaints(House house) => (IComplaints)house.Services.GetService(typeof(IComplaints))!;

    private static async Task<Complaint> FindAsync(House house, string number) => (await Complaints(house).FindAsync(House.Tenant, number, default))!;

    private static async Task<Complaint> WalkAsync(House house, string path)
    {
        var complaint = (await Complaints(house).LodgeAsync(new(House.Tenant, null, "acme", ComplaintType.Delay, "nobody came", "staff"), "anna", default)).Value!;
        foreach (var action in path.Split(' ', StringSplitOptions.RemoveEmptyEntries)) complaint = await StepAsync(house, complaint.Number, action);
        return complaint;
    }

    private static async Task<Complaint> StepAsync(House house, string number, string step)
    {
        var (action, alternative) = step switch { "offer-small" => ("offer", Small), "offer-large" => ("offer", Large), "offer-huge" => ("offer", Huge), _ => (step, Small) };
        var by = action is "approve" or "refuse" ? Manager : Owner;
        var args = Args();
        if (action == "assign") args["person"] = Owner.Name;
        var done = await Complaints(house).ActAsync(House.Tenant, number, new(action, by, args, [alternative]), default);
        Assert.True(done.Succeeded, $"{step}: {done.Refusal?.Reason}");
        return done.Value!;
    }

    private static Task<Outcome<Complaint>> TryAsync(House house, string number, string action, Colleague by) =>
        Complaints(house).ActAsync(House.Tenant, number, new(action, by, Args(), [Small]), default);

    private static async Task DoAsync(House house, string number, string action, Colleague by, params (string Name, string Value)[] args) =>
        Assert.True((await Complaints(house).ActAsync(House.Tenant, number, new(action, by, args.ToDictionary(a => a.Name, a => a.Value)), default)).Succeeded);

    private static Dictionary<string, string> Args() => new()
    {
        ["person"] = "wang", ["note"] = "context", ["department"] = "parts", ["question"] = "is there one?", ["answer"] = "yes",
    };
}
