using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Customers.Ratings;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;

namespace Seamless.ServiceDesk.Customers.Figures;

/// <summary>Our clocks are green while the customer is unhappy: the figures we steer by do not show what they feel.</summary>
/// <param name="Period">The calendar month in UTC, <c>2026-03</c>.</param>
/// <param name="Reasons">recommend-low, satisfaction-low, recommend-falling, satisfaction-falling.</param>
public sealed record Divergence(string Customer, string Period, DateTimeOffset At, double Sla, int Clocks, double? Recommend, double? Satisfaction, int Answers, IReadOnlyList<string> Reasons)
{
    /// <returns>Why they diverge; empty when they do not.</returns>
    internal static IReadOnlyList<string> ReasonsOf(CustomerPolicy policy, ShareOf sla, Voice now, Voice before)
    {
        if (!(sla.Value >= policy.SlaTarget)) return [];
        var reasons = new List<string>();
        var (heardN, heardS) = (now.Recommend.Count >= policy.EnoughAnswers, now.Satisfaction.Count >= policy.EnoughAnswers);
        if (heardN && now.Recommend.Value < policy.LowRecommend) reasons.Add("recommend-low");
        if (heardS && now.Satisfaction.Value < policy.LowSatisfaction) reasons.Add("satisfaction-low");
        if (heardN && before.Recommend.Count >= policy.EnoughAnswers && before.Recommend.Value - now.Recommend.Value >= policy.FallOfRecommend) reasons.Add("recommend-falling");
        if (heardS && before.Satisfaction.Count >= policy.EnoughAnswers && before.Satisfaction.Value - now.Satisfaction.Value >= policy.FallOfSatisfaction) reasons.Add("satisfaction-falling");
        return reasons;
    }
}

/// <summary>What customers said of one period.</summary>
internal sealed record Voice(NetPromoter Recommend, ShareOf Satisfaction)
{
    public static Voice Of(IReadOnlyCollection<RatingRow> ratings) => new(
        NetPromoter.Of(ratings.Select(r => r.Recommend).OfType<int>()), ShareOf.Satisfaction(ratings.Select(r => r.Satisfaction).OfType<int>()));
}

internal sealed class DivergenceRow
{
    public required string Tenant { get; init; }
    public required string Customer { get; init; }
    public required string Period { get; init; }
    public DateTimeOffset At { get; init; }
    public double Sla { get; init; }
    public int Clocks { get; init; }
    public double? Recommend { get; init; }
    public double? Satisfaction { get; init; }
    public int Answers { get; init; }
    public required IReadOnlyList<string> Reasons { get; init; }

    public Divergence ToDivergence() => new(Customer, Period, At, Sla, Clocks, Recommend, Satisfaction, Answers, Reasons);
}

/// <summary>Looks after each answer whether that customer's month diverges, and writes it down once for the month.</summary>
internal static class DivergenceWatch
{
    public static async Task LookAsync(DeskWork work, string tenant, string customer, CancellationToken ct)
    {
        var month = new DateTimeOffset(work.Now.UtcDateTime.Year, work.Now.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero);
        var period = month.ToString("yyyy-MM", CultureInfo.InvariantCulture);
        if (await work.Db.Divergences.FindAsync([tenant, customer, period], ct) is not null) return;
        var before = month.AddMonths(-1);
        await work.Db.Ratings.Where(r => r.Tenant == tenant && r.Customer == customer && r.At >= before).LoadAsync(ct);
        var ratings = work.Db.Ratings.Local.Where(r => r.Tenant == tenant && r.Customer == customer).ToList();
        var clocks = await work.Db.Events.Where(e => e.Tenant == tenant && e.Kind == EventKind.Clock && e.At >= month)
            .Join(work.Db.Tickets.Where(t => t.Customer == customer), e => e.Ticket, t => t.Number, (e, t) => e.Value).ToListAsync(ct);
        var sla = ShareOf.Of(clocks.Select(met => met > 0 ? 1 : 0), met => met > 0);
        var now = Voice.Of([.. ratings.Where(r => r.At >= month)]);
        var policy = await Policies.OfAsync(work.Db, tenant, ct);
        if (Divergence.ReasonsOf(policy, sla, now, Voice.Of([.. ratings.Where(r => r.At >= before && r.At < month)])) is not { Count: > 0 } reasons) return;
        var answers = Math.Max(now.Recommend.Count, now.Satisfaction.Count);
        work.Db.Divergences.Add(new DivergenceRow
        {
            Tenant = tenant, Customer = customer, Period = period, At = work.Now, Sla = sla.Value ?? 0, Clocks = sla.Count,
            Recommend = now.Recommend.Value, Satisfaction = now.Satisfaction.Value, Answers = answers, Reasons = reasons,
        });
        work.Record(EventKind.Divergence, $"{tenant}:{customer}:{period}", tenant, "", null, null, answers, string.Join(",", reasons));
    }
}
