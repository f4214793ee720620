using CsCheck;
using Seamless.ServiceDesk.Commerce.Contracts;
using Seamless.ServiceDesk.Commerce.Coverage;
using Seamless.ServiceDesk.Commerce.Ledger;

namespace Seamless.ServiceDesk.Tests.Commerce;

public sealed class LedgerTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<LedgerEntry> Entries = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 2], Gen.Enum<Account>(), Gen.Enum<Account>(), Gen.Int[0, 1_000_000], Gen.OneOf(Gen.Const("EUR"), Gen.Const("CNY")), (ticket, device, debit, credit, cents, currency) =>
        LedgerEntry.Of("x", Start, currency, new Dimensions(ticket == 0 ? null : $"T-{ticket}", device == 0 ? null : $"d{device}", null), debit, credit, cents / 100m));

    [Fact]
    public void However_the_entries_are_grouped_debits_equal_credits_and_the_rows_sum_to_the_total() => Entries.Array[1, 60].Sample(entries =>
    {
        foreach (var of in (Func<LedgerEntry, string>[])[e => e.Ticket ?? "", e => e.Device ?? "", e => e.Contract ?? ""])
            foreach (var ledger in LedgerSums.Of(entries, of))
            {
                Assert.Equal(ledger.Trial.Sum(a => a.Debit), ledger.Trial.Sum(a => a.Credit));
                Assert.Equal((ledger.Total.Revenue, ledger.Total.Cost, ledger.Total.Margin), (ledger.Rows.Sum(r => r.Revenue), ledger.Rows.Sum(r => r.Cost), ledger.Rows.Sum(r => r.Margin)));
            }
    });

    /// <summary>Cut anywhere into periods, a term earns its price to the cent.</summary>
    [Fact]
    public void The_periods_of_a_term_earn_its_price_to_the_cent() => Gen.Select(Gen.Int[1, 10_000_000], Gen.Int[1, 400], Gen.Int[-10, 500].Array[0, 10]).Sample((cents, days, cuts) =>
    {
        var contract = new Contract("CT-1", "t", "d", "c", "standard", CoveragePack.Care, Start, Start.AddDays(days), cents / 100m, "EUR", null, null, null, null, 0);
        int[] ends = [-20, .. cuts.Order(), 600];
        var entries = ends.Zip(ends.Skip(1)).SelectMany(p => Postings.Term(contract, Start.AddDays(p.First), Start.AddDays(p.Second))).ToList();
        Assert.All(entries, e => Assert.True(e.Balances));
        Assert.Equal(contract.Price, LedgerSums.RowOf("", entries).Revenue);
    });
}
