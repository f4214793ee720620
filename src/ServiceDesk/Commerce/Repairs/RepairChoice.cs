using Seamless.Rules.Packs;

namespace Seamless.ServiceDesk.Commerce.Repairs;

/// <summary>How deep a repair goes: the component alone, the assembly around it, or the whole unit.</summary>
public enum RepairLevel : byte { Component, Assembly, Swap }

/// <param name="Cost">Part, work, freight and travel.</param>
/// <param name="FinishAt">When the device runs again, were it begun now.</param>
/// <param name="From">The depot that has one; null when it has to be got.</param>
public sealed record RepairOption(RepairLevel Level, string Part, LocalizedText Name, decimal Cost, DateTimeOffset FinishAt, bool InTime, string? From);

/// <param name="Options">The deepest first.</param>
/// <param name="Reason">Why this one.</param>
public sealed record RepairPlan(string Ticket, string Currency, DateTimeOffset Deadline, IReadOnlyList<RepairOption> Options, RepairOption Chosen, LocalizedText Reason);

/// <summary>Repair or replace: the cheapest that is done by the deadline, otherwise the soonest. Pure.</summary>
public static class RepairChoice
{
    public static (RepairOption Chosen, LocalizedText Reason) Choose(IReadOnlyList<RepairOption> options, string currency)
    {
        var cheapest = options.OrderBy(o => o.Cost).ThenBy(o => o.FinishAt).ThenBy(o => o.Level).ToList();
        if (cheapest.Find(o => o.InTime) is not { } chosen)
        {
            var soonest = options.OrderBy(o => o.FinishAt).ThenBy(o => o.Cost).ThenBy(o => o.Level).First();
            return (soonest, new("None is done by the deadline; this one is done first.", "所有方案都无法在时限内完成；此方案最早完成。"));
        }
        var cheaper = cheapest.TakeWhile(o => o != chosen).ToList();
        if (cheaper.Count == 0) return (chosen, new("The cheapest, and done by the deadline.", "成本最低，且能在时限内完成。"));
        var (parts, saved) = (string.Join(", ", cheaper.Select(o => o.Part)), Currencies.Write(chosen.Cost - cheaper[0].Cost, currency));
        return (chosen, new($"The cheapest that is done by the deadline; {parts} would save up to {saved} and be too late.", $"时限内成本最低；{parts} 最多可省 {saved}，但会超时。"));
    }
}
