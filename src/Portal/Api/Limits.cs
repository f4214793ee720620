using System.Security.Claims;
using Seamless.Fleet.Limits;
using Seamless.Portal.Accounts;

namespace Seamless.Portal.Api;

/// <summary>Each a whole number of 1 or more, or <c>none</c>; what is left out is as the settings say.</summary>
/// <param name="Burst">Messages that may come at once after a pause; ten seconds' worth when not given.</param>
/// <param name="BytesPerDay">Payload bytes a UTC day.</param>
/// <param name="Metrics">Different metric names.</param>
/// <param name="Devices">Registered devices; of the tenant alone.</param>
public sealed record LimitDefinition(Cap? MessagesPerSecond = null, Cap? Burst = null, Cap? BytesPerDay = null, Cap? Metrics = null, Cap? Devices = null)
{
    internal LimitSet ToSet() => new(MessagesPerSecond, Burst, BytesPerDay, Metrics, Devices);

    internal static LimitDefinition? Of(LimitSet? set) => set is null ? null : new(set.MessagesPerSecond, set.Burst, set.BytesPerDay, set.Metrics, set.Devices);

    internal static LimitDefinition Of(LimitScope scope, Allowance allowance) =>
        new(allowance.MessagesPerSecond, allowance.Burst, allowance.BytesPerDay, allowance.Metrics, scope.Device is null ? allowance.Devices : null);
}

/// <param name="Device">Null for the tenant as a whole.</param>
/// <param name="Limits">In force.</param>
/// <param name="Own">What an operator has set; null when the settings hold.</param>
/// <param name="Use">Counted only where something is limited.</param>
/// <param name="LastHour">Messages that met a limit. <c>slowed</c>: they waited and were taken.</param>
public sealed record LimitView(string? Device, LimitDefinition Limits, LimitDefinition? Own, LimitUse Use, LimitCounts LastHour);

/// <summary>How much devices, and the tenant as a whole, may send (docs/reference/limits.md).</summary>
internal static class Limits
{
    public static void MapLimits(this RouteGroupBuilder api)
    {
        var limits = api.MapGroup("/limits").WithTags("Limits");
        limits.MapGet("/", List).WithName("listLimits").RequireAuthorization(Policies.Read)
            .WithSummary("Limits in force, what is used of them, and what they refused in the last hour: the tenant and each device heard since the start, worst first.");
        limits.MapGet("/tenant", (ClaimsPrincipal user, ILimitUse use) => View(use.Find(Tenant(user)))).WithName("getTenantLimits").RequireAuthorization(Policies.Read)
            .WithSummary("The same for the tenant as a whole.");
        limits.MapGet("/devices/{device}", FindAsync).WithName("getDeviceLimits").RequireAuthorization(Policies.Read).Produces<LimitView>().WithSummary("The same for one device.");
        limits.MapPut("/tenant", (LimitDefinition definition, ClaimsPrincipal user, ILimits book, CancellationToken ct) => PutAsync(Tenant(user), definition, user, book, ct))
            .WithName("setTenantLimits").RequireAuthorization(Policies.Admin).Produces<LimitDefinition>().WithSummary("Limits of the tenant as a whole; they hold at once.");
        limits.MapPut("/devices/{device}", (string device, LimitDefinition definition, ClaimsPrincipal user, ILimits book, CancellationToken ct) => PutAsync(Device(user, device), definition, user, book, ct))
            .WithName("setDeviceLimits").RequireAuthorization(Policies.Admin).Produces<LimitDefinition>().WithSummary("Limits of one device; they hold at once.");
        limits.MapDelete("/tenant", (ClaimsPrincipal user, ILimits book, CancellationToken ct) => RemoveAsync(Tenant(user), user, book, ct))
            .WithName("removeTenantLimits").RequireAuthorization(Policies.Admin).Produces<LimitDefinition>().WithSummary("Back to the settings; the limits that hold then.");
        limits.MapDelete("/devices/{device}", (string device, ClaimsPrincipal user, ILimits book, CancellationToken ct) => RemoveAsync(Device(user, device), user, book, ct))
            .WithName("removeDeviceLimits").RequireAuthorization(Policies.Admin).Produces<LimitDefinition>().WithSummary("Back to the settings; the limits that hold then.");
    }

    private static Page<LimitView> List([AsParameters] PageQuery page, ClaimsPrincipal user, ILimitUse use) => use.List(user.Tenant()).Slice(page, WorstFirst, View);

    /// <summary>Falls as refusals rise, so that it sorts as text; the tenant goes before its devices.</summary>
    private static string WorstFirst(LimitState state) =>
        $"{long.MaxValue - state.LastHour.Refused:D19}/{long.MaxValue - state.LastHour.Slowed:D19}/{state.Scope.Device}";

    private static async Task<IResult> FindAsync(string device, ClaimsPrincipal user, Seamless.Fleet.Registry.IDeviceRegistry registry, ILimitUse use, CancellationToken ct) =>
        await registry.FindAsync(user.Key(device), ct) is null ? Devices.Unknown(device) : TypedResults.Ok(View(use.Find(Device(user, device))));

    private static async Task<IResult> PutAsync(LimitScope scope, LimitDefinition definition, ClaimsPrincipal user, ILimits book, CancellationToken ct) =>
        (await book.PutAsync(scope, definition.ToSet(), user.Actor(), ct)).ToResult(allowance => LimitDefinition.Of(scope, allowance));

    private static async Task<IResult> RemoveAsync(LimitScope scope, ClaimsPrincipal user, ILimits book, CancellationToken ct) =>
        (await book.RemoveAsync(scope, user.Actor(), ct)).ToResult(allowance => LimitDefinition.Of(scope, allowance));

    private static LimitScope Tenant(ClaimsPrincipal user) => new(user.Tenant(), null);
    private static LimitScope Device(ClaimsPrincipal user, string device) => new(user.Tenant(), device);

    private static LimitView View(LimitState state) => new(state.Scope.Device, LimitDefinition.Of(state.Scope, state.InForce), LimitDefinition.Of(state.Own), state.Use, state.LastHour);
}
