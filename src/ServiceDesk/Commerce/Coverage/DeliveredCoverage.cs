using static Seamless.ServiceDesk.Commerce.Coverage.CoveragePack;
using static Seamless.ServiceDesk.Commerce.Coverage.DamageCause;

namespace Seamless.ServiceDesk.Commerce.Coverage;

public sealed partial record CoverageTable
{
    /// <summary>What holds until a tenant puts a table of its own.</summary>
    public static CoverageTable Delivered { get; } = new(
    [
        new("dead-on-arrival", CoveredShare.Everything, new("It did not work when it was new: we put it right, whatever the contract says.", "新机即故障：无论合同如何，由我们负责修复。"), [DeadOnArrival], WithinDays: 30),
        new("misuse", CoveredShare.Nothing, new("Damage by use against the manual is covered by no contract.", "违反使用说明造成的损坏不在任何合同保障范围内。"), [Misuse]),
        new("environment-full", new(0, 100, 100), new("The cause lies in the site's own power, climate or network. Full cover pays for finding it, not for mending the site.", "原因在于现场的供电、环境或网络。全保合同承担排查费用，不承担现场整改费用。"), [DamageCause.Environment], [Full]),
        new("environment", CoveredShare.Nothing, new("The cause lies in the site's own power, climate or network.", "原因在于现场的供电、环境或网络。"), [DamageCause.Environment]),
        new("accident-full", CoveredShare.Everything, new("Full cover includes accidents.", "全保合同包含意外损坏。"), [Accident], [Full]),
        new("accident", CoveredShare.Nothing, new("An accident is covered by full cover only.", "意外损坏仅由全保合同承担。"), [Accident]),
        new("consumable-full", CoveredShare.Everything, new("Full cover includes consumables.", "全保合同包含耗材。"), [Consumable], [Full]),
        new("consumable", CoveredShare.Nothing, new("Consumables are used up and paid for by the customer.", "耗材属正常消耗，由客户承担。"), [Consumable]),
        new("wear-full", CoveredShare.Everything, new("Full cover includes wear.", "全保合同包含磨损。"), [Wear], [Full]),
        new("wear-care", new(0, 100, 100), new("The care pack pays for work and travel; worn parts are paid for by the customer.", "关怀服务包承担工时和差旅；磨损部件由客户承担。"), [Wear], [CoveragePack.Care]),
        new("wear", CoveredShare.Nothing, new("Wear is no defect: it is paid for by the customer.", "磨损不属于缺陷，由客户承担。"), [Wear]),
        new("defect-contract", CoveredShare.Everything, new("The contract covers defects with parts, work and travel.", "合同涵盖缺陷的部件、工时和差旅。"), [Defect, DeadOnArrival], [CoveragePack.Care, Full]),
        new("defect-warranty", new(100, 100, 0), new("The warranty covers parts and work; travel is paid for by the customer.", "质保涵盖部件和工时；差旅由客户承担。"), [Defect, DeadOnArrival], [Warranty]),
        new("no-contract", CoveredShare.Nothing, new("No contract or warranty covers this device now.", "该设备目前没有合同或质保。")),
    ]);
}
