using System.Globalization;
using System.Security.Claims;
using Seamless.Portal.Accounts;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Notifications;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.Portal.Api;

/// <param name="Address">Masked.</param>
/// <param name="Secrets">How many signing secrets are kept.</param>
/// <param name="QuietFrom">Local time, <c>22:00</c>.</param>
/// <param name="DisabledWhy">Why the platform stopped telling it.</param>
public sealed record RecipientView(
    string Id, string Title, Audience Audience, string? Customer, Channel Channel, string Address, int Secrets, string Language, string Zone, string? QuietFrom, string? QuietTo,
    IReadOnlyList<string> Milestones, Priority LeastPriority, IReadOnlyList<string> Sites, string? Rung, bool OptedIn, bool Enabled, string? DisabledWhy)
{
    internal static RecipientView Of(Recipient r) => new(
        r.Id, r.Title, r.Audience, r.Customer, r.Channel, r.Address, r.Secrets, r.Language, r.Zone, TimeOfDay.Of(r.QuietFrom), TimeOfDay.Of(r.QuietTo), r.Milestones, r.LeastPriority, r.Sites, r.Rung, r.OptedIn,
        r.Enabled, r.DisabledWhy);
}

/// <param name="Title">A role or a team, not a person's name.</param>
/// <param name="Address">Needed for a new recipient and for another channel; null keeps the one there is.</param>
/// <param name="Secrets">Webhook 1 to 4, the newest first; DingTalk and Feishu one at most; null keeps those there are.</param>
/// <param name="Milestones">Kinds of the timeline; null for the usual ones.</param>
/// <param name="Rung">The step of the escalation ladder that this recipient is.</param>
public sealed record RecipientRequest(
    string Title, Channel Channel, Audience Audience = Audience.Staff, string? Address = null, IReadOnlyList<string>? Secrets = null, string? Customer = null, string Language = "en", string Zone = "UTC",
    string? QuietFrom = null, string? QuietTo = null, IReadOnlyList<string>? Milestones = null, Priority LeastPriority = Priority.P4, IReadOnlyList<string>? Sites = null, string? Rung = null,
    bool OptedIn = false, bool Enabled = true)
{
    internal Outcome<RecipientOrder> ToOrder()
    {
        if (!TimeOfDay.TryParse(QuietFrom, out var from)) return Refusal.Invalid($"quietFrom: '{QuietFrom}' is no time of day such as 22:00");
        if (!TimeOfDay.TryParse(QuietTo, out var to)) return Refusal.Invalid($"quietTo: '{QuietTo}' is no time of day such as 07:00");
        return new RecipientOrder(Title, Audience, Channel, Address, Secrets, Customer, Language, Zone, from, to, Milestones, LeastPriority, Sites, Rung, OptedIn, Enabled);
    }
}

/// <summary>A time of day as one writes it.</summary>
internal static class TimeOfDay
{
    private const string Format = "HH:mm";

    public static string? Of(TimeOnly? time) => time?.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>None given is none.</summary>
    public static bool TryParse(string? text, out TimeOnly? time)
    {
        time = null;
        if (string.IsNullOrEmpty(text)) return true;
        if (!TimeOnly.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed)) return false;
        time = parsed;
        return true;
    }
}

/// <param name="Id">What the receiver knows it by: <c>webhook-id</c>, Message-ID.</param>
/// <param name="Headline">What it says has happened.</param>
public sealed record DeliveryView(
    string Id, string Ticket, string Milestone, int Occurrence, string Headline, string Recipient, Channel Channel, DeliveryState State, DateTimeOffset At, DateTimeOffset? DueAt, int Attempts,
    DateTimeOffset? SentAt, string? Reason, string? DigestOf)
{
    internal static DeliveryView Of(Delivery d, Func<LocalizedText, string> text) => new(
        d.Id, d.Ticket, d.Milestone, d.Occurrence, text(d.Headline), d.Recipient, d.Channel, d.State, d.At, d.DueAt, d.Attempts, d.SentAt, d.Reason, d.DigestOf);
}

/// <summary>Who is told about tickets, and what has become of each message.</summary>
internal static class Notifications
{
    public static void MapNotifications(this RouteGroupBuilder api)
    {
        var notifications = api.MapGroup("/notifications").WithTags("Notifications");
        notifications.MapGet("/recipients", RecipientsAsync).WithName("listRecipients").RequireAuthorization(Policies.Read).WithSummary("Who is told what, by which channel; addresses are masked.");
        notifications.MapPut("/recipients/{id}", PutAsync).WithName("putRecipient").RequireAuthorization(Policies.Admin).Produces<RecipientView>()
            .WithSummary("Adds or changes a recipient. Without address and secrets those there are stay.");
        notifications.MapDelete("/recipients/{id}", RemoveAsync).WithName("removeRecipient").RequireAuthorization(Policies.Admin).Produces<RecipientView>().WithSummary("Nobody is told by it any more; what waits is not sent.");
        notifications.MapPost("/recipients/{id}/test", TestAsync).WithName("testRecipient").RequireAuthorization(Policies.Admin).Produces<TestDelivery>().WithSummary("Sends a test message now; the answer says what the receiver said.");
        notifications.MapGet("/outbox", OutboxAsync).WithName("listDeliveries").RequireAuthorization(Policies.Read).WithMetadata(new NumericCursor()).Produces<Page<DeliveryView>>()
            .WithSummary("Messages, newest first; filter by state, ticket and recipient.");
        notifications.MapPost("/outbox/{id}/resend", ResendAsync).WithName("resendDelivery").RequireAuthorization(Policies.Dispatch).Produces<DeliveryView>().WithSummary("Sends a message again under the same id.");
    }

    private static async Task<Page<RecipientView>> RecipientsAsync([AsParameters] PageQuery page, ClaimsPrincipal user, INotifications notifications, CancellationToken ct) =>
        (await notifications.RecipientsAsync(user.Tenant(), ct)).Slice(page, r => r.Id, RecipientView.Of);

    private static async Task<IResult> PutAsync(string id, RecipientRequest request, ClaimsPrincipal user, INotifications notifications, CancellationToken ct)
    {
        var order = request.ToOrder();
        return order.Succeeded ? (await notifications.PutAsync(user.Tenant(), id, order.Value, user.Actor(), ct)).ToResult(RecipientView.Of) : Problems.Of(order.Refusal);
    }

    private static async Task<IResult> RemoveAsync(string id, ClaimsPrincipal user, INotifications notifications, CancellationToken ct) =>
        (await notifications.RemoveAsync(user.Tenant(), id, user.Actor(), ct)).ToResult(RecipientView.Of);

    private static async Task<IResult> TestAsync(string id, ClaimsPrincipal user, INotifications notifications, CancellationToken ct) =>
        (await notifications.TestAsync(user.Tenant(), id, user.Actor(), ct)).ToResult(test => test);

    private static async Task<IResult> OutboxAsync(
        [AsParameters] PageQuery page, string? state, string? ticket, string? recipient, ClaimsPrincipal user, HttpContext http, INotifications notifications, CancellationToken ct)
    {
        DeliveryState? only = null;
        if (state is not null)
        {
            if (!Enum.TryParse<DeliveryState>(state, ignoreCase: true, out var parsed) || !Enum.IsDefined(parsed))
                return Problems.Invalid($"state: '{state}' is not one of {string.Join(", ", Enum.GetValues<DeliveryState>().Select(ApiJson.NameOf))}");
            only = parsed;
        }
        var found = await notifications.OutboxAsync(new OutboxFilter(user.Tenant(), only, ticket, recipient, page.Before, page.Fetch), ct);
        return TypedResults.Ok(found.ToPage(page, d => d.Number.ToString(CultureInfo.InvariantCulture), d => DeliveryView.Of(d, http.Texts())));
    }

    private static async Task<IResult> ResendAsync(string id, ClaimsPrincipal user, HttpContext http, INotifications notifications, CancellationToken ct) =>
        (await notifications.ResendAsync(user.Tenant(), id, user.Actor(), ct)).ToResult(d => DeliveryView.Of(d, http.Texts()));
}
