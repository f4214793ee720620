using Seamless.ServiceDesk.Customers.Complaints;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Knowledge.Supervision;

/// <summary>What those who are new may do alone, and who releases the rest.</summary>
public sealed record SupervisedAuthority
{
    /// <summary>User name of who is new → user name of who supervises them. Whoever is not named is not limited.</summary>
    public IReadOnlyDictionary<string, string> Novices { get; init; } = new Dictionary<string, string>();

    /// <summary>The most urgent priority that they close or cancel alone.</summary>
    public Priority ClosesFrom { get; init; } = Priority.P3;

    /// <summary>The highest risk class of a command that they send alone.</summary>
    public CommandRisk CommandsUpTo { get; init; } = CommandRisk.R0;

    /// <returns>What is wrong with it; null when nothing is.</returns>
    public string? Fault() => this switch
    {
        { Novices: null } => "leave out what keeps its value; null is none",
        _ when Novices.FirstOrDefault(n => string.IsNullOrWhiteSpace(n.Value)) is { Key: { } alone } => $"'{alone}' has no supervisor",
        _ when Novices.FirstOrDefault(n => Novices.ContainsKey(n.Value)) is { Key: { } pupil, Value: var master } => $"'{master}' supervises '{pupil}' and is new too; name somebody who is not",
        _ => null,
    };
}
