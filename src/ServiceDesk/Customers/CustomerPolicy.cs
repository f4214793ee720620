using Seamless.ServiceDesk.Customers.Complaints;

namespace Seamless.ServiceDesk.Customers;

/// <summary>What a tenant has promised its customers and whom it trusts to keep it. Kept per tenant; until it is set, these values hold.</summary>
public sealed record CustomerPolicy
{
    public const string Manager = "manager";
    public const string AccountExecutive = "account-executive";

    /// <summary>Who decides beyond a colleague's own authority, from the first rung to the last.</summary>
    public static readonly IReadOnlyList<string> Rungs = [Manager, AccountExecutive];

    /// <summary>ISO 4217. All limits and offers are in it.</summary>
    public string Currency { get; init; } = "EUR";

    /// <summary>What each role may promise on the spot, and each rung when it is asked. A role that is not named may promise nothing.</summary>
    public IReadOnlyDictionary<string, AuthorityLimit> Authority { get; init; } = new Dictionary<string, AuthorityLimit>
    {
        ["technician"] = new(50, GoodwillPart: true, Swap: false, CommandRisk.R1),
        ["dispatcher"] = new(100, GoodwillPart: true, Swap: false, CommandRisk.R0),
        ["engineer"] = new(300, GoodwillPart: true, Swap: true, CommandRisk.R2),
        ["admin"] = new(300, GoodwillPart: true, Swap: true, CommandRisk.R2),
        [Manager] = new(2_000, GoodwillPart: true, Swap: true, CommandRisk.R2),
        [AccountExecutive] = new(50_000, GoodwillPart: true, Swap: true, CommandRisk.R3),
    };

    /// <summary>Who stands on a rung, by user name. A rung without names is held by the administrators.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Approvers { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Who takes a complaint of a type, by user name; complaints of other types wait to be assigned.</summary>
    public IReadOnlyDictionary<ComplaintType, string> Specialists { get; init; } = new Dictionary<ComplaintType, string>();

    /// <summary>By when a complaint has its first answer and its solution, by type; the last when the type is not named.</summary>
    public IReadOnlyDictionary<ComplaintType, ComplaintPromise> Promises { get; init; } = new Dictionary<ComplaintType, ComplaintPromise>
    {
        [ComplaintType.Safety] = new(1, 24),
    };
    public ComplaintPromise Promise { get; init; } = new(8, 120);

    /// <summary>Fewer answers than this decide nothing.</summary>
    public int EnoughAnswers { get; init; } = 5;

    /// <summary>Service levels are green from this share of clocks met.</summary>
    public double SlaTarget { get; init; } = 0.95;

    /// <summary>A customer is unhappy below this net promoter score, −100 to 100, or below this share of satisfied answers.</summary>
    public double LowRecommend { get; init; }
    public double LowSatisfaction { get; init; } = 0.7;

    /// <summary>… or when they have fallen by so much since the period before.</summary>
    public double FallOfRecommend { get; init; } = 20;
    public double FallOfSatisfaction { get; init; } = 0.15;

    public ComplaintPromise PromiseFor(ComplaintType type) => Promises.GetValueOrDefault(type) ?? Promise;

    public AuthorityLimit LimitOf(string role) => Authority.GetValueOrDefault(role) ?? AuthorityLimit.None;

    public bool StandsOn(string rung, Colleague person) =>
        Approvers.TryGetValue(rung, out var names) && names.Count > 0 ? names.Contains(person.Name) : person.Role == "admin";

    /// <returns>What is wrong with it; null when nothing is.</returns>
    public string? Fault() => this switch
    {
        { Authority: null } or { Approvers: null } or { Specialists: null } or { Promises: null } or { Promise: null } => "leave out what keeps its value; null is none",
        _ when Authority.Values.Any(a => a is null) || Approvers.Values.Any(a => a is null) || Specialists.Values.Any(s => s is null) || Promises.Values.Any(p => p is null) => "leave out what keeps its value; null is none",
        { Currency: not { Length: 3 } } => $"'{Currency}' is no currency; three letters as in ISO 4217 are expected",
        _ when Authority.FirstOrDefault(a => a.Value.Money < 0) is { Key: { } role } => $"the limit of '{role}' is negative",
        _ when !Rungs.All(Authority.ContainsKey) => $"'authority' must name {string.Join(" and ", Rungs)}",
        _ when Approvers.Keys.Except(Rungs).FirstOrDefault() is { } unknown => $"'{unknown}' is no rung; {string.Join(" and ", Rungs)} are",
        _ when Promises.Values.Append(Promise).Any(p => p.FirstAnswerHours <= 0 || p.SolutionHours < p.FirstAnswerHours) => "a first answer takes more than nothing, and a solution no less than the first answer",
        { EnoughAnswers: < 1 } => "'enoughAnswers' is 1 or more",
        { SlaTarget: <= 0 or > 1 } or { LowSatisfaction: < 0 or > 1 } or { FallOfSatisfaction: <= 0 or > 1 } => "a share is above 0 and at most 1",
        { LowRecommend: < -100 or > 100 } or { FallOfRecommend: <= 0 or > 200 } => "a net promoter score is −100 to 100, a fall of it above 0 and at most 200",
        _ => null,
    };
}

/// <param name="FirstAnswerHours">From the receipt, around the clock.</param>
public sealed record ComplaintPromise(double FirstAnswerHours, double SolutionHours);

/// <summary>One of us, with the role in which they act.</summary>
public sealed record Colleague(string Name, string Role);
