using CsCheck;
using Seamless.ServiceDesk.Commerce.Repairs;

namespace Seamless.ServiceDesk.Tests.Commerce;

public sealed class RepairChoiceTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private static readonly Gen<RepairOption> Options = Gen.Select(Gen.Enum<RepairLevel>(), Gen.Int[0, 100], Gen.Int[1, 100], (level, cost, hours) =>
        new RepairOption(level, "p", new("p", "p"), cost, Now.AddHours(hours), hours <= 48, null));

    [Fact]
    public void Nothing_that_is_in_time_is_cheaper_and_when_nothing_is_nothing_is_sooner() => Options.Array[1, 6].Sample(options =>
    {
        var (chosen, _) = RepairChoice.Choose(options, "EUR");
        if (options.Any(o => o.InTime)) Assert.True(chosen.InTime && options.Where(o => o.InTime).All(o => o.Cost >= chosen.Cost));
        else Assert.All(options, o => Assert.True(o.FinishAt >= chosen.FinishAt));
    });

    [Fact]
    public void A_part_within_itself_and_one_within_nothing_known_are_refused()
    {
        static BomItem Item(string part, string? within) => new(part, new(part, part), 1, 10, within);
        Assert.Contains("within itself", new BillOfMaterials([Item("a", "b"), Item("b", "a")]).Fault()!.Reason, StringComparison.Ordinal);
        Assert.Contains("not in the bill", new BillOfMaterials([Item("a", "b")]).Fault()!.Reason, StringComparison.Ordinal);
        Assert.Equal(["c", "b", "a"], new BillOfMaterials([Item("a", null), Item("b", "a"), Item("c", "b"), Item("d", "b")]).Upwards("c").Select(i => i.Part));
    }
}
