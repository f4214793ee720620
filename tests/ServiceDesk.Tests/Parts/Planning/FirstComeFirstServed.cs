using Seamless.ServiceDesk.Parts.Planning;

namespace Seamless.ServiceDesk.Tests.Parts.Planning;

/// <summary>The tree played out demand by demand: each order waits its turn at its depot, and one unit drawn is one unit ordered.</summary>
/// <remarks>With constant lead times first come, first served needs no calendar: the n-th order at a depot is met by the unit that its (n−S)-th order brought.</remarks>
internal sealed class FirstComeFirstServed(IReadOnlyList<SupplyNode> nodes, IReadOnlyDictionary<string, int> stocks)
{
    private readonly Dictionary<string, List<double>> _arrivals = nodes.ToDictionary(n => n.Id, _ => new List<double>());
    private readonly Dictionary<string, SupplyNode> _nodes = nodes.ToDictionary(n => n.Id);

    /// <summary>Share of demands that found a unit on the shelf, after a tenth to warm up.</summary>
    public double Fill(int demands, int seed)
    {
        var random = new Random(seed);
        var customers = nodes.Where(n => n.Rate > 0).ToList();
        var total = customers.Sum(n => n.Rate);
        var (now, met, counted) = (0.0, 0, 0);
        for (var i = 0; i < demands; i++)
        {
            now -= Math.Log(1 - random.NextDouble()) / total;
            var waits = Draw(customers[Pick(customers, total, random)], now) > now;
            if (i < demands / 10) continue;
            counted++;
            if (!waits) met++;
        }
        return (double)met / counted;
    }

    /// <summary>When a unit leaves the shelf for the order placed now. Its replacement is ordered at once.</summary>
    private double Draw(SupplyNode node, double now)
    {
        var arrivals = _arrivals[node.Id];
        var from = node.Parent is null ? now : Draw(_nodes[node.Parent], now);
        arrivals.Add(from + node.LeadTime);
        var index = arrivals.Count - 1 - stocks[node.Id];
        return index < 0 ? now : Math.Max(now, arrivals[index]);
    }

    private static int Pick(List<SupplyNode> customers, double total, Random random)
    {
        var at = random.NextDouble() * total;
        for (var i = 0; i < customers.Count - 1; i++)
            if ((at -= customers[i].Rate) < 0) return i;
        return customers.Count - 1;
    }
}
