namespace Seamless.ServiceDesk.Commerce.Contracts;

/// <summary>What an outcome contract came to in a month, or in the part of it that it was in force.</summary>
/// <param name="Availability">1 − down / hours, 0 to 1.</param>
/// <param name="Hourly">Hours available × price per hour.</param>
/// <param name="Revenue">Hourly + bonus − malus.</param>
public sealed record OutcomeMonth(
    DateTimeOffset From, DateTimeOffset To, double Hours, double DownHours, double Availability, decimal Hourly, decimal Bonus, decimal Malus, decimal Revenue)
{
    /// <param name="down">When the device was down; may overlap, may reach beyond the month.</param>
    /// <returns>Null when the contract was not in force in this span.</returns>
    public static OutcomeMonth? Of(Contract contract, OutcomeTerms terms, DateTimeOffset from, DateTimeOffset to, IEnumerable<(DateTimeOffset From, DateTimeOffset To)> down)
    {
        var begin = from > contract.Start ? from : contract.Start;
        var end = to < contract.CoveredUntil ? to : contract.CoveredUntil;
        if (end <= begin) return null;
        var hours = (end - begin).TotalHours;
        // What is not down is a gap between the times of being down.
        var available = CoverGaps.Of(begin, end, down).Sum(g => (g.To - g.From).TotalHours);
        var points = (decimal)Math.Round((available / hours - terms.Availability) * 100, 9);
        var hourly = Currencies.Round((decimal)available * terms.PricePerHour, contract.Currency);
        var bonus = points > 0 ? Currencies.Round(points * terms.BonusPerPoint, contract.Currency) : 0;
        var malus = points < 0 ? Math.Min(terms.MostMalus, Currencies.Round(-points * terms.MalusPerPoint, contract.Currency)) : 0;
        return new OutcomeMonth(begin, end, hours, hours - available, available / hours, hourly, bonus, malus, hourly + bonus - malus);
    }
}

/// <summary>A contract's profit and loss in a month.</summary>
/// <param name="Earned">The part of its price that this month earned.</param>
/// <param name="Outcome">Null when it promises no outcome, or was not in force.</param>
/// <param name="Billed">What its device's cases brought in beside.</param>
/// <param name="Costs">By account.</param>
public sealed record ContractProfit(
    string Contract, string Currency, DateTimeOffset From, DateTimeOffset To, decimal Earned, OutcomeMonth? Outcome, decimal Billed, IReadOnlyDictionary<Ledger.Account, decimal> Costs, decimal Revenue, decimal Cost, decimal Profit);
