using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Parts.Resupply;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.ServiceDesk.Parts.BackOrders;

/// <summary>A line that has waited too long is got another way without anybody asking: from another site, or sooner from the supplier. The customer hears of it once.</summary>
internal sealed class BackOrderDesk(Laterals laterals, IOptions<ServiceDeskOptions> options)
{
    public const string Lateral = "lateral";
    public const string Express = "express";

    /// <summary>What is left of a delivery's time when the supplier hurries.</summary>
    private const double ExpressShare = 0.5;

    public async Task ReviewAsync(DeskWork work, TicketRow ticket, CancellationToken ct)
    {
        var lines = await work.LinesAsync(ticket.Number, ct);
        foreach (var line in lines.Where(l => l.Status == PartLineStatus.Unavailable && l.AwaitedSince + options.Value.BackOrderAfter <= work.Now))
        {
            var told = lines.Exists(l => l.ResourcedAt is not null);
            if (!await ResourceAsync(work, ticket, line, ct) || told) continue;
            work.Note(ticket, "back-order", $"{line.Sku} has been missing for too long: it comes another way ({line.Resourced})", $"{line.Sku} 缺货过久，已改由其他途径供应（{(line.Resourced == Lateral ? "现场调拨" : "加急采购")}）");
        }
    }

    private async Task<bool> ResourceAsync(DeskWork work, TicketRow ticket, PartLineRow line, CancellationToken ct)
    {
        if (await laterals.SendAsync(work, ticket, line, ct)) (line.Resourced, line.ResourcedAt) = (Lateral, work.Now);
        else if (line.Resourced is null && await HastenAsync(work, ticket.Tenant, line.Sku, ct)) (line.Resourced, line.ResourcedAt) = (Express, work.Now);
        else return false;
        return true;
    }

    /// <summary>The supplier's next delivery, once: what it was hastened for already is not hastened again by another line.</summary>
    private static async Task<bool> HastenAsync(DeskWork work, string tenant, string sku, CancellationToken ct)
    {
        var order = await work.Db.StockOrders.Where(o => o.Tenant == tenant && o.Sku == sku && o.Source == StockOrder.Supplier && o.State == StockOrderState.InTransit && !o.Hastened && o.Eta > work.Now)
            .OrderBy(o => o.Eta).FirstOrDefaultAsync(ct);
        if (order is null) return false;
        order.Hastened = true;
        order.Eta = work.Now + (order.Eta!.Value - work.Now) * ExpressShare;
        if (order.DueAt is not null) order.DueAt = order.Eta;
        order.Version++;
        return true;
    }
}
