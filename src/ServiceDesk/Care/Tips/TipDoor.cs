using Seamless.ServiceDesk.Notifications.Recipients;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Care.Tips;

/// <summary>Looking changes nothing: mail programs open links to see where they lead.</summary>
internal sealed class TipDoor(TipTokens tokens, TipOptOuts optOuts, RecipientShelf shelf) : ITipDoor
{
    private const string Self = "recipient";

    public async Task<TipSubscription?> LookAsync(string token, CancellationToken ct)
    {
        if (tokens.Read(token) is not { } link || await shelf.FindAsync(link.Tenant, link.Recipient, ct) is not { } recipient) return null;
        return new TipSubscription(recipient.Title, recipient.Shown, recipient.Channel, await optOuts.SinceAsync(link.Tenant, link.Recipient, ct));
    }

    public Task<Outcome<TipSubscription>> UnsubscribeAsync(string token, CancellationToken ct) => SetAsync(token, optedOut: true, ct);

    public Task<Outcome<TipSubscription>> SubscribeAsync(string token, CancellationToken ct) => SetAsync(token, optedOut: false, ct);

    private async Task<Outcome<TipSubscription>> SetAsync(string token, bool optedOut, CancellationToken ct)
    {
        if (tokens.Read(token) is not { } link || await shelf.FindAsync(link.Tenant, link.Recipient, ct) is null) return ITipDoor.Unknown;
        await optOuts.SetAsync(link.Tenant, link.Recipient, optedOut, Self, link.Campaign, ct);
        return await LookAsync(token, ct) is { } now ? now : ITipDoor.Unknown;
    }
}
