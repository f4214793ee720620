using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Care.Queue;

/// <summary>What waits for somebody.</summary>
/// <param name="Priority">Of the matrix: a tier lifts the clocks, in the queue it has its head start.</param>
/// <param name="Sequence">Decides between two with the same turn.</param>
internal readonly record struct Waiting(string Ticket, Priority Priority, string Tier, DateTimeOffset Since, int Sequence);

/// <param name="Turn">From when on nothing that comes later overtakes it.</param>
/// <param name="Reasons">Why it stands there.</param>
internal readonly record struct Place(Waiting Case, DateTimeOffset Turn, IReadOnlyList<LocalizedText> Reasons);

/// <summary>The discipline of the queue, a pure function.</summary>
internal static class QueueOrder
{
    public static IReadOnlyList<Place> Of(IEnumerable<Waiting> waiting, QueuePolicy policy)
    {
        var ordered = waiting.Select(w => (Case: w, Turn: TurnOf(w, policy)))
            .OrderBy(w => w.Case.Priority is Priority.P1 ? 0 : 1).ThenBy(w => w.Turn).ThenBy(w => w.Case.Sequence).ToList();
        return [.. ordered.Select((w, at) => new Place(w.Case, w.Turn, ReasonsOf(w.Case, policy, ordered.Skip(at + 1).Count(o => o.Case.Priority < w.Case.Priority))))];
    }

    public static DateTimeOffset TurnOf(Waiting waiting, QueuePolicy policy) =>
        waiting.Since.AddMinutes((waiting.Priority is Priority.P1 ? 0 : policy.WaitMinutes[waiting.Priority]) - policy.TermsOf(waiting.Tier).HeadStartMinutes);

    private static List<LocalizedText> ReasonsOf(Waiting waiting, QueuePolicy policy, int overtaken)
    {
        var reasons = new List<LocalizedText>
        {
            waiting.Priority is Priority.P1
                ? new("P1: before all others", "P1：优先于所有其他工单")
                : new($"{waiting.Priority}: has its turn after {policy.WaitMinutes[waiting.Priority]} min", $"{waiting.Priority}：等待 {policy.WaitMinutes[waiting.Priority]} 分钟后轮到"),
        };
        if (policy.TermsOf(waiting.Tier).HeadStartMinutes is > 0 and var minutes) reasons.Add(new($"tier {waiting.Tier}: {minutes} min head start", $"客户等级 {waiting.Tier}：提前 {minutes} 分钟"));
        if (overtaken > 0) reasons.Add(new($"has waited longest: before {overtaken} that are more urgent", $"等待最久：先于 {overtaken} 个更紧急的工单"));
        return reasons;
    }
}
