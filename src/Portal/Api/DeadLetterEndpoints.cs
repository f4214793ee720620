using System.Security.Claims;
using System.Text;
using Seamless.Portal.Accounts;
using Seamless.Storage.DeadLetters;
using Seamless.Telemetry.Payloads;

namespace Seamless.Portal.Api;

/// <param name="Payload">Base64: it may be anything.</param>
/// <param name="Text">The payload as text, when it is UTF-8.</param>
public sealed record DeadLetterView(
    long Id, string? Device, string Channel, string Topic, string Source, string? ContentType, byte[] Payload, string? Text,
    IReadOnlyList<Reject> Rejects, DateTimeOffset ReceivedAt, DateTimeOffset? ReplayedAt, string? ReplayOutcome);

internal static class DeadLetterEndpoints
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public static void MapDeadLetters(this RouteGroupBuilder api) =>
        api.MapGet("/dead-letters", ListAsync).WithName("listDeadLetters").WithTags("Dead letters").RequireAuthorization(Policies.Read)
            .WithMetadata(new NumericCursor()).WithSummary("Refused input with its reasons, newest first.");

    private static async Task<Page<DeadLetterView>> ListAsync([AsParameters] PageQuery page, string? device, ClaimsPrincipal user, IDeadLetters letters, CancellationToken ct) =>
        (await letters.ListAsync(user.Tenant(), device, page.Before, page.Fetch, ct)).ToPage(
            page, letter => letter.Id.ToString(System.Globalization.CultureInfo.InvariantCulture),
            letter => new DeadLetterView(
                letter.Id, letter.Device, letter.Channel, letter.Topic, letter.Source, letter.ContentType, letter.Payload, TextOf(letter.Payload),
                letter.Rejects, letter.ReceivedAt, letter.ReplayedAt, letter.ReplayOutcome));

    private static string? TextOf(byte[] payload)
    {
        try
        {
            return Strict.GetString(payload);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
