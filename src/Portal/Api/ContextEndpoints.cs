using System.Security.Claims;
using Seamless.Portal.Accounts;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Knowledge.Context;
using Seamless.ServiceDesk.Tickets;

namespace Seamless.Portal.Api;

public sealed record RecentCaseView(string Ticket, string? Device, string Title, TicketStatus Status, Priority Priority, string? Cause, DateTimeOffset OpenedAt, DateTimeOffset? ResolvedAt);

public sealed record OpenPartView(string Ticket, string Sku, string Title, int Quantity, string Status, DateTimeOffset? Eta);

/// <summary>What one should know before talking to a customer.</summary>
/// <param name="Device">The one that is talked about; its cases and changes are told, of the customer everything else.</param>
/// <param name="Language">In which they are written to; null when nobody has said.</param>
public sealed record ContextView(
    string Customer, string? Device, string? Language, ContractTerms Contract, int AssetCount, IReadOnlyList<Asset> Assets, int OpenTickets, IReadOnlyList<RecentCaseView> Cases,
    IReadOnlyList<RecentChange> Changes, IReadOnlyList<OpenPartView> Parts, Sentiment Sentiment)
{
    public static ContextView Of(ContextCard c, Func<LocalizedText, string> text) => new(
        c.Customer, c.Device, c.Language, c.Contract, c.AssetCount, c.Assets, c.OpenTickets,
        [.. c.Cases.Select(t => new RecentCaseView(t.Ticket, t.Device, text(t.Title), t.Status, t.Priority, t.Cause, t.OpenedAt, t.ResolvedAt))], c.Changes,
        [.. c.Parts.Select(p => new OpenPartView(p.Ticket, p.Sku, text(p.Title), p.Quantity, p.Status, p.Eta))], c.Sentiment);
}

/// <summary>The card of a customer.</summary>
internal static class ContextEndpoints
{
    public static void MapContext(this RouteGroupBuilder api) =>
        api.MapGet("/context", FindAsync).WithName("getContext").WithTags("Knowledge").RequireAuthorization(Policies.Read).Produces<ContextView>()
            .WithSummary("By device or customer: assets and firmware, contract, last five cases, recent changes, open parts, what they said last, language.");

    private static async Task<IResult> FindAsync(string? device, string? customer, ClaimsPrincipal user, HttpContext http, IContextCards cards, CancellationToken ct) => (device, customer) switch
    {
        ({ Length: > 0 }, null) => (await cards.OfDeviceAsync(user.Tenant(), device, ct)).ToResult(card => ContextView.Of(card, http.Texts())),
        (null, { Length: > 0 }) => (await cards.OfCustomerAsync(user.Tenant(), customer, ct)).ToResult(card => ContextView.Of(card, http.Texts())),
        _ => Problems.Invalid("give 'device' or 'customer', one of them"),
    };
}
