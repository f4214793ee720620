using CsCheck;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Commerce;
using Seamless.ServiceDesk.Commerce.Coverage;
using Seamless.ServiceDesk.Commerce.Prices;
using Seamless.ServiceDesk.Commerce.Quotes;

namespace Seamless.ServiceDesk.Tests.Commerce;

public sealed class PricingTests
{
    private static readonly Gen<(string Currency, (decimal Price, decimal Quantity, PriceKind Kind)[] Lines, CoveredShare Covered)> Bills = Gen.Select(
        Gen.OneOf(Gen.Const("EUR"), Gen.Const("JPY"), Gen.Const("KWD"), Gen.Const("CNY")),
        Gen.Select(Gen.Decimal[0, 100_000], Gen.Decimal[0.001m, 500], Gen.Enum<PriceKind>()).Array[1, 30],
        Gen.Select(Gen.Int[0, 100], Gen.Int[0, 100], Gen.Int[0, 100], (parts, labour, travel) => new CoveredShare(parts, labour, travel)));

    /// <summary>To the cent: the total is the sum of its lines as they are printed, and nobody pays more or less than the price.</summary>
    [Fact]
    public void The_total_of_any_bill_is_the_sum_of_its_lines_to_the_smallest_coin() => Bills.Sample(bill =>
    {
        var items = bill.Lines.Select((line, n) => new PriceItem($"p{n}", line.Kind, new LocalizedText("x", "x"), "piece", Currencies.Round(line.Price, bill.Currency))).ToList();
        var lines = Pricing.Price(new PriceList(bill.Currency, items), [.. bill.Lines.Select((line, n) => new AskedLine($"p{n}", line.Quantity))], bill.Covered).Value!;
        Assert.Equal(lines.Sum(l => l.Payable), Pricing.TotalOf(lines));
        foreach (var (line, asked) in lines.Zip(bill.Lines))
        {
            Assert.All((decimal[])[line.Amount, line.Covered, line.Payable], amount => Assert.Equal(amount, Currencies.Round(amount, bill.Currency)));
            Assert.Equal(line.Amount, line.Covered + line.Payable);
            Assert.InRange(line.Payable, 0, line.Amount);
            var coin = (decimal)Math.Pow(10, -Currencies.DigitsOf(bill.Currency));
            Assert.InRange(line.Amount - asked.Quantity * line.UnitPrice, -coin / 2, coin / 2);
        }
    });

    /// <summary>Whatever is billed in whatever pieces: what passes stays within the quote.</summary>
    [Fact]
    public void No_sequence_of_bills_that_pass_exceeds_the_approved_quote() => Gen.Select(Gen.Int[0, 100_000], Gen.Int[0, 50_000].Array[1, 12]).Sample((approved, bills) =>
    {
        var billed = 0m;
        foreach (var bill in bills.Select(cents => cents / 100m))
            if (Pricing.Within("Q-1/1", approved / 100m, 0, billed, bill, "EUR") is null) billed += bill;
        Assert.True(billed <= approved / 100m);
    });

    [Theory]
    [InlineData(0, 100.00, 0, 100.01, false)]
    [InlineData(0, 100.00, 0, 100.00, true)]
    [InlineData(0.1, 100.00, 0, 110.00, true)]
    [InlineData(0.1, 100.00, 0, 110.01, false)]
    [InlineData(0, 100.00, 60.00, 40.00, true)]
    [InlineData(0, 100.00, 60.00, 40.01, false)]
    public void A_bill_passes_up_to_the_quote_and_what_the_policy_lets_pass(double tolerance, double approved, double before, double total, bool passes) =>
        Assert.Equal(passes, Pricing.Within("Q-1/1", (decimal)approved, (decimal)tolerance, (decimal)before, (decimal)total, "EUR") is null);

    [Theory]
    [InlineData("JPY", 10.5, 11)]
    [InlineData("EUR", 10.005, 10.01)]
    [InlineData("KWD", 10.0005, 10.001)]
    public void Amounts_round_to_the_currencys_smallest_coin_half_away_from_zero(string currency, double amount, double rounded) => Assert.Equal((decimal)rounded, Currencies.Round((decimal)amount, currency));

    [Fact]
    public void A_part_without_a_price_is_refused_and_not_given_away()
    {
        var list = new PriceList("EUR", [new PriceItem("labour", PriceKind.Labour, new("Hour", "工时"), "hour", 70)]);
        Assert.Contains("no 'BRG'", Pricing.Price(list, [new AskedLine("BRG", 1)], CoveredShare.Nothing).Refusal!.Reason, StringComparison.Ordinal);
        Assert.Contains("no item of kind travel", list.Fault()!.Reason, StringComparison.Ordinal);
    }
}
