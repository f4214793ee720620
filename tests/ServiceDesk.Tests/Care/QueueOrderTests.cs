using CsCheck;
using Seamless.ServiceDesk.Care.Queue;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Tests.Care;

public sealed class QueueOrderTests
{
    private static readonly QueuePolicy Policy = new() { Tiers = new Dictionary<string, TierTerms> { ["premium"] = new(90), ["gold"] = new(30) }, FairnessBoundMinutes = 90 };

    private static readonly string[] Tiers = ["standard", "gold", "premium"];

    private static readonly Gen<IReadOnlyList<Waiting>> Queues = Gen.Select(Gen.Enum<Priority>(), Gen.Int[0, 2].Select(t => Tiers[t]), Gen.Int[0, 20_000]).List[0, 40]
        .Select(IReadOnlyList<Waiting> (cases) => [.. cases.Select((c, n) => new Waiting($"T-{n}", c.Item1, c.Item2, House.Start.AddMinutes(c.Item3), n))]);

    [Fact]
    public void Everything_that_waits_has_one_place_and_P1_comes_first() => Queues.Sample(queue =>
    {
        var order = QueueOrder.Of(queue, Policy);
        Assert.Equal(queue.Select(w => w.Ticket).Order(StringComparer.Ordinal), order.Select(p => p.Case.Ticket).Order(StringComparer.Ordinal));
        Assert.All(order.SkipWhile(p => p.Case.Priority is Priority.P1), p => Assert.NotEqual(Priority.P1, p.Case.Priority));
    });

    [Fact]
    public void Nothing_that_comes_after_its_turn_overtakes_but_P1() => Queues.Sample(queue =>
    {
        var order = QueueOrder.Of(queue, Policy).Where(p => p.Case.Priority is not Priority.P1).ToList();
        foreach (var (at, place) in order.Index())
            Assert.All(order.Take(at), before => Assert.True(before.Case.Since <= place.Case.Since.AddMinutes(Policy.WaitMinutes[place.Case.Priority])));
    });

    [Fact]
    public void A_tier_changes_the_order_within_the_fairness_bound_only() => Queues.Sample(queue =>
    {
        var order = QueueOrder.Of(queue, Policy);
        foreach (var (at, later) in order.Index())
            foreach (var earlier in order.Take(at).Where(e => e.Case.Priority == later.Case.Priority))
                Assert.True(earlier.Case.Since - later.Case.Since <= TimeSpan.FromMinutes(Policy.FairnessBoundMinutes), $"{earlier} before {later}");
    });

    [Fact]
    public void A_policy_that_would_be_unfair_or_starve_is_refused()
    {
        Assert.Null(new QueuePolicy().Fault());
        Assert.Contains("fairness bound", (new QueuePolicy() with { FairnessBoundMinutes = 60 }).Fault(), StringComparison.Ordinal);
        Assert.Contains("waitMinutes", (new QueuePolicy() with { WaitMinutes = new Dictionary<Priority, int> { [Priority.P2] = 60, [Priority.P3] = 60 } }).Fault(), StringComparison.Ordinal);
        Assert.Contains("sooner", (new QueuePolicy() with { WaitMinutes = new Dictionary<Priority, int> { [Priority.P2] = 60, [Priority.P3] = 30, [Priority.P4] = 90 } }).Fault(), StringComparison.Ordinal);
        var upsideDown = new QueuePolicy().Matrix.ToDictionary(r => r.Key, r => r.Value);
        (upsideDown[Urgency.Critical], upsideDown[Urgency.Low]) = (upsideDown[Urgency.Low], upsideDown[Urgency.Critical]);
        Assert.Contains("more urgent", (new QueuePolicy() with { Matrix = upsideDown }).Fault(), StringComparison.Ordinal);
    }
}
