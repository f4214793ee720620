using System.Security.Claims;
using Seamless.Fleet.Registry;
using Seamless.Fleet.Gaps;
using Seamless.Portal.Accounts;

namespace Seamless.Portal.Api;

/// <param name="From">First missing sequence number.</param>
/// <param name="To">Last missing sequence number.</param>
/// <param name="Since">When a higher number came first.</param>
/// <param name="Asked">How many times the device was asked for them.</param>
/// <param name="GivenUp">Why nobody asks any more; null while it may still come.</param>
public sealed record GapView(string Device, long From, long To, long Count, DateTimeOffset Since, int Asked, DateTimeOffset? AskedAt, string? GivenUp);

/// <param name="Highest">The highest sequence number so far; null for a device that never sent a <c>seq</c>.</param>
/// <param name="Repeated">Samples whose number had been seen before.</param>
/// <param name="Restarts">How often the counter began anew.</param>
/// <param name="Forgotten">Numbers that were missing and are no longer kept.</param>
/// <param name="CountsUp">False for a counter that leaps with every sample: it says nothing of gaps.</param>
public sealed record DeviceGapsView(
    string Device, long? First, long? Highest, long Missing, long Repeated, int Restarts, long Forgotten, bool CountsUp, IReadOnlyList<GapView> Gaps);

/// <param name="Numbers">How many samples the device will be asked for.</param>
public sealed record AskedAgain(long Numbers);

/// <summary>Which samples of which device never came (docs/reference/gaps-and-limits.md).</summary>
internal static class Gaps
{
    public static void MapGaps(this RouteGroupBuilder api)
    {
        api.MapGet("/gaps", List).WithName("listGaps").WithTags("Telemetry").RequireAuthorization(Policies.Read)
            .WithSummary("Sequence numbers that never came, of all devices.");
        api.MapGet("/devices/{device}/gaps", FindAsync).WithName("getGaps").WithTags("Telemetry").RequireAuthorization(Policies.Read).Produces<DeviceGapsView>()
            .WithSummary("What is known of a device's sequence numbers, and which never came.");
        api.MapPost("/devices/{device}/gaps/ask", AskAsync).WithName("askForGaps").WithTags("Telemetry").RequireAuthorization(Policies.Operate).Produces<AskedAgain>(StatusCodes.Status202Accepted)
            .WithSummary("Ask the device again for everything that is missing, also for what was given up.");
    }

    // The number is shifted into the positive, so that it sorts as text.
    private static Page<GapView> List([AsParameters] PageQuery page, ClaimsPrincipal user, IGapLedger ledger) =>
        ledger.List(user.Tenant()).Slice(page, gap => $"{gap.Device.Device}/{unchecked((ulong)gap.From + (1UL << 63)):D20}", View);

    private static async Task<IResult> FindAsync(string device, ClaimsPrincipal user, IDeviceRegistry registry, IGapLedger ledger, CancellationToken ct)
    {
        if (await registry.FindAsync(user.Key(device), ct) is not { } known) return Devices.Unknown(device);
        return TypedResults.Ok(ledger.Find(known.Key) is { } state
            ? new DeviceGapsView(
                device, state.First, state.Highest, state.Missing, state.Repeated, state.Restarts, state.Forgotten, state.CountsUp, [.. state.Gaps.Select(View)])
            : new DeviceGapsView(device, null, null, 0, 0, 0, 0, true, []));
    }

    private static async Task<IResult> AskAsync(string device, ClaimsPrincipal user, IDeviceRegistry registry, IGapLedger ledger, CancellationToken ct)
    {
        if (await registry.FindAsync(user.Key(device), ct) is not { } known) return Devices.Unknown(device);
        var asked = ledger.AskAgain(known.Key);
        return asked.Succeeded ? TypedResults.Accepted($"/api/v1/devices/{device}/gaps", new AskedAgain(asked.Value)) : Problems.Of(asked.Refusal);
    }

    private static GapView View(Gap gap) => new(gap.Device.Device, gap.From, gap.To, gap.Count, gap.Since, gap.Asked, gap.AskedAt, gap.GivenUp);
}
