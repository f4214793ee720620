using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Seamless.Fleet.Registry;
using Seamless.Portal.Accounts;
using Seamless.Rules.Alarms;
using Seamless.Telemetry;

namespace Seamless.Portal.Api;

/// <param name="Health">0–1: 1 without active alarms.</param>
public sealed record DeviceView(
    string Id, string Type, string Site, string Customer, string? Serial, GeoPoint? Location, IReadOnlyDictionary<string, string> Tags,
    string Tier, string? Gateway, string? RedundancyGroup, DeviceStatus Status, DateTimeOffset? LastSeen, string? AgentVersion,
    double Health, DateTimeOffset RegisteredAt, int Version);

public sealed record NewDevice(
    string Id, string Type, string? Site = null, string? Customer = null, string? Serial = null, GeoPoint? Location = null,
    IReadOnlyDictionary<string, string>? Tags = null, string? Tier = null, string? Gateway = null, string? RedundancyGroup = null);

public sealed record DeviceToken(string Device, string Token);

/// <param name="Value">For the device SDKs of Azure IoT Hub: <c>HostName=…;DeviceId=…;SharedAccessKey=…</c>.</param>
public sealed record ConnectionString(string Device, string Value)
{
    public static ConnectionString Of(string host, string device, string key) => new(device, $"HostName={host};DeviceId={device};SharedAccessKey={key}");
}

internal static class Devices
{
    public const string DefaultSite = "default";
    public const string DefaultTier = "standard";

    public static void MapDevices(this RouteGroupBuilder api)
    {
        var devices = api.MapGroup("/devices").WithTags("Devices");
        devices.MapGet("/", ListAsync).WithName("listDevices").RequireAuthorization(Policies.Read).WithSummary("Devices by id; q matches id, serial or customer.");
        devices.MapPost("/", AddAsync).WithName("addDevice").RequireAuthorization(Policies.Operate).WithSummary("Register a device.");
        devices.MapGet("/{device}", FindAsync).WithName("getDevice").RequireAuthorization(Policies.Read).WithSummary("One device.");
        devices.MapPatch("/{device}", ChangeAsync).WithName("changeDevice").RequireAuthorization(Policies.Operate).WithSummary("Change what is given; leave the rest.");
        devices.MapDelete("/{device}", RemoveAsync).WithName("removeDevice").RequireAuthorization(Policies.Operate).WithSummary("Remove a device; its history stays.");
        devices.MapPost("/{device}/token", IssueTokenAsync).WithName("issueDeviceToken").RequireAuthorization(Policies.Operate).WithSummary("A new device token, shown once; the old one stops working.");
        devices.MapPost("/{device}/connection-string", ConnectionStringAsync).WithName("getConnectionString").RequireAuthorization(Policies.Operate)
            .WithSummary("For the device SDKs of Azure IoT Hub; the same until the device gets a new token. host: the name under which devices reach the platform.");
    }

    private static async Task<Page<DeviceView>> ListAsync(
        [AsParameters] PageQuery page, string? type, string? site, string? q,
        ClaimsPrincipal user, IDeviceRegistry registry, IAlarms alarms, CancellationToken ct)
    {
        var devices = await registry.ListAsync(new DeviceFilter(user.Tenant(), type, site, q, page.Cursor, page.Fetch), ct);
        return devices.ToPage(page, device => device.Id, device => View(device, registry, alarms));
    }

    private static async Task<IResult> AddAsync(NewDevice device, ClaimsPrincipal user, IDeviceRegistry registry, IAlarms alarms, TimeProvider time, CancellationToken ct)
    {
        var added = await registry.AddAsync(Registered(device, user.Tenant(), time), user.Actor(), ct);
        return added.Succeeded ? TypedResults.Created($"/api/v1/devices/{added.Value.Id}", View(added.Value, registry, alarms)) : Problems.Of(added.Refusal);
    }

    private static async Task<IResult> FindAsync(string device, ClaimsPrincipal user, IDeviceRegistry registry, IAlarms alarms, CancellationToken ct) =>
        await registry.FindAsync(user.Key(device), ct) is { } found ? TypedResults.Ok(View(found, registry, alarms)) : Unknown(device);

    private static async Task<IResult> ChangeAsync(
        string device, DeviceChange change, ClaimsPrincipal user, IDeviceRegistry registry, IAlarms alarms, CancellationToken ct) =>
        (await registry.UpdateAsync(user.Key(device), change, user.Actor(), ct)).ToResult(changed => View(changed, registry, alarms));

    private static async Task<IResult> RemoveAsync(string device, ClaimsPrincipal user, IDeviceRegistry registry, CancellationToken ct)
    {
        var removed = await registry.RemoveAsync(user.Key(device), user.Actor(), ct);
        return removed.Succeeded ? TypedResults.NoContent() : Problems.Of(removed.Refusal);
    }

    private static async Task<IResult> IssueTokenAsync(string device, ClaimsPrincipal user, IDeviceRegistry registry, CancellationToken ct) =>
        (await registry.IssueTokenAsync(user.Key(device), user.Actor(), ct)).ToResult(token => new DeviceToken(device, token));

    private static async Task<IResult> ConnectionStringAsync(
        string device, string? host, HttpRequest request, ClaimsPrincipal user, [FromServices] IDeviceLogins logins, CancellationToken ct)
    {
        var name = host ?? request.Host.Host;
        if (Uri.CheckHostName(name.Split(':')[0]) is not (UriHostNameType.Dns or UriHostNameType.IPv4)) return Problems.Of(Refusal.Invalid($"'{name}' is not a host name"));
        return (await logins.SharedAccessKeyAsync(user.Key(device), user.Actor(), ct)).ToResult(key => ConnectionString.Of(name, device, key));
    }

    public static IResult Unknown(string device) => Problems.NotFound($"there is no device '{device}'");

    private static Device Registered(NewDevice device, string tenant, TimeProvider time) => new(
        new DeviceKey(tenant, device.Id), device.Type, device.Site ?? DefaultSite, device.Customer ?? "", device.Serial, device.Location,
        device.Tags ?? new Dictionary<string, string>(), device.Tier ?? DefaultTier, device.Gateway, device.RedundancyGroup, time.GetUtcNow(), Version: 0);

    private static DeviceView View(Device device, IDeviceRegistry registry, IAlarms alarms)
    {
        var presence = registry.PresenceOf(device.Key);
        return new DeviceView(
            device.Id, device.Type, device.Site, device.Customer, device.Serial, device.Location, device.Tags, device.Tier, device.Gateway,
            device.RedundancyGroup, presence.Status, presence.LastSeen, presence.AgentVersion, alarms.HealthOf(device.Key), device.RegisteredAt, device.Version);
    }
}
