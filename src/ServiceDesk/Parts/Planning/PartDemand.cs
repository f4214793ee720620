namespace Seamless.ServiceDesk.Parts.Planning;

/// <summary>What is expected to be asked for of one part.</summary>
/// <param name="Demands">Units that tickets have asked for in the time looked at.</param>
/// <param name="RatePerDay">The usual demand everywhere together.</param>
/// <param name="Shares">Depot → its customers' share of it; 1 in all.</param>
/// <param name="Known">Depot → for each machine there that has a fault now, how probable it is that it needs one.</param>
public sealed record PartDemand(
    string Sku, int Demands, DemandMethod Method, double RatePerDay,
    IReadOnlyDictionary<string, double> Shares, IReadOnlyDictionary<string, IReadOnlyList<double>> Known)
{
    private const double Smoothing = 0.1;

    /// <summary>In a new part's installed base a depot counts as if it had seen its share of so many demands.</summary>
    private const double BaseWeighs = 4;

    /// <summary>Nothing for so many usual intervals: the part may be dying out, and its forecast must be able to fall.</summary>
    private const double SilentIntervals = 4;

    /// <summary>Units a period, and by which method: Croston or SBA by class, TSB when it has been silent for long.</summary>
    public static (DemandMethod Method, double PerPeriod) Forecast(IReadOnlyList<double> periods)
    {
        if (IntermittentDemand.Classify(periods) is not { } demand) return (DemandMethod.None, 0);
        var demands = periods.Count(y => y > 0);
        var alpha = Math.Max(Smoothing, 1.0 / demands);   // few demands: each is heard
        var silent = periods.Reverse().TakeWhile(y => y <= 0).Count();
        if (silent > SilentIntervals * (periods.Count - silent) / demands) return (DemandMethod.Tsb, IntermittentDemand.Tsb(periods, alpha, Smoothing, (double)demands / periods.Count));
        return demand.Sbc is DemandMethod.Croston ? (DemandMethod.Croston, IntermittentDemand.Croston(periods, alpha)) : (DemandMethod.Sba, IntermittentDemand.Sba(periods, alpha));
    }

    /// <summary>How demand divides among depots: what they have seen, drawn towards the machines they serve (installed-base forecasting; Van der Auweraer &amp; Boute 2019).</summary>
    public static IReadOnlyDictionary<string, double> Divide(IReadOnlyDictionary<string, int> seen, IReadOnlyDictionary<string, int> machines)
    {
        double demands = seen.Values.Sum(), installed = machines.Values.Sum();
        var weight = installed > 0 ? BaseWeighs : 0;
        if (demands + weight <= 0) return new Dictionary<string, double>();
        return seen.Keys.Union(machines.Keys).Order(StringComparer.Ordinal).ToDictionary(
            depot => depot,
            depot => (seen.GetValueOrDefault(depot) + (installed > 0 ? weight * machines.GetValueOrDefault(depot) / installed : 0)) / (demands + weight),
            StringComparer.Ordinal);
    }
}
