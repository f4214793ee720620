using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Parts.Promises;

/// <summary>What a promise rests on, in words.</summary>
internal static class PromiseWords
{
    public static IReadOnlyList<PromiseLeg> Legs(TicketRow ticket, ModelledRepair model, IReadOnlyList<Supply> supplies)
    {
        var legs = new List<PromiseLeg>(3);
        if (supplies.Count > 0)
        {
            var texts = supplies.Select(Of).ToList();
            legs.Add(Leg("parts", model.Parts, new LocalizedText(string.Join("; ", texts.Select(t => t.En)), string.Join("；", texts.Select(t => t.ZhCn)))));
        }
        legs.Add(Leg("visit", model.Visit, ticket.Visit is { } visit
            ? new LocalizedText($"{visit.Technician} is planned for {visit.Start:u}", $"{visit.Technician} 计划 {visit.Start:u} 到场")
            : new LocalizedText("a technician is planned once the parts are on their way", "备件发出后安排技术员")));
        legs.Add(Leg("work", model.Done, new LocalizedText($"{ticket.WorkMinutes} minutes of work", $"作业 {ticket.WorkMinutes} 分钟")));
        return legs;
    }

    private static PromiseLeg Leg(string code, Spread spread, LocalizedText why) => new(code, spread.Likely, spread.Latest, why);

    private static LocalizedText Of(Supply supply)
    {
        var (line, arrival) = (supply.Line, supply.Arrival);
        return arrival.FromSupplier
            ? new LocalizedText($"{line.Quantity} × {line.Sku} is in no depot, expected {arrival.Eta:u}", $"{line.Quantity} × {line.Sku} 各仓均无库存，预计 {arrival.Eta:u}")
            : new LocalizedText($"{line.Quantity} × {line.Sku} from {line.Depot}, expected {arrival.Eta:u}", $"{line.Quantity} × {line.Sku} 自 {line.Depot} 发出，预计 {arrival.Eta:u}");
    }
}
