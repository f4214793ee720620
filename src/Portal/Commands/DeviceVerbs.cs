using System.CommandLine;
using System.Globalization;
using Seamless.Fleet.Registry;
using Seamless.Portal.Api;
using Seamless.Portal.Commands.Settings;
using Seamless.Telemetry;

namespace Seamless.Portal.Commands;

/// <summary><c>device add|list|token|connection-string|rotate-keys</c>: the registry from the shell, beside a running or a stopped <c>serve</c>.</summary>
internal static class DeviceVerbs
{
    private const string Actor = "shell";

    public static Command Create() =>
        Verb.Create("device", "The registry from the shell; works on the data directory of a running or a stopped serve.", "device add pump-1 --type pump --site s1")
            .With(Add(), List(), Token(), ConnectionStringVerb(), RotateKeys());

    private static Command Add()
    {
        var id = new Argument<string>("ID") { Description = "1 to 128 of A-Z a-z 0-9 _ . : -" };
        var type = new Option<string>("--type") { Description = "Equipment type (the name of a pack), gateway, or generic.", Required = true, HelpName = "T" };
        var site = new Option<string>("--site") { Description = "Where it stands.", HelpName = "S", DefaultValueFactory = _ => Devices.DefaultSite };
        var customer = new Option<string>("--customer") { Description = "Whose it is.", DefaultValueFactory = _ => "" };
        var serial = new Option<string?>("--serial") { Description = "Its serial number." };
        var tier = new Option<string>("--tier") { Description = "Service tier of the customer.", DefaultValueFactory = _ => Devices.DefaultTier };
        var tenant = TenantOption();
        return Verb.Create("add", "Register a device; prints its token alone on the last line.", "device add pump-1 --type pump --site s1", "device add gw-1 --type gateway")
            .With(id, type, site, customer, serial, tier, tenant, Verb.Json)
            .Run(async (parsed, settings, ct) =>
            {
                await using var rooms = await Rooms.OpenRegistryAsync(settings[SettingsSchema.Data], ct, PlatformOptions.LimitsOf(settings));
                var registry = rooms.GetRequiredService<IDeviceRegistry>();
                var device = new Device(
                    new DeviceKey(parsed.GetRequiredValue(tenant), parsed.GetRequiredValue(id)), parsed.GetRequiredValue(type), parsed.GetRequiredValue(site),
                    parsed.GetRequiredValue(customer), parsed.GetValue(serial), null, new Dictionary<string, string>(), parsed.GetRequiredValue(tier),
                    null, null, TimeProvider.System.GetUtcNow(), Version: 0);
                var added = await registry.AddAsync(device, Actor, ct);
                if (!added.Succeeded) return Terminal.Refuse(added.Refusal);
                return await PrintTokenAsync(registry, added.Value.Key, parsed.GetValue(Verb.Json), ct);
            });
    }

    private static Command List()
    {
        var type = new Option<string?>("--type") { Description = "Only this equipment type." };
        var site = new Option<string?>("--site") { Description = "Only this site." };
        var tenant = TenantOption();
        return Verb.Create("list", "All devices.", "device list --site s1 --json")
            .With(type, site, tenant, Verb.Json)
            .Run(async (parsed, settings, ct) =>
            {
                await using var rooms = await Rooms.OpenRegistryAsync(settings[SettingsSchema.Data], ct);
                var devices = await ReadAllAsync(
                    rooms.GetRequiredService<IDeviceRegistry>(), new DeviceFilter(parsed.GetRequiredValue(tenant), parsed.GetValue(type), parsed.GetValue(site)), ct);
                if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(devices.Select(d => new { d.Id, d.Type, d.Site, d.Customer, d.Serial, d.Tier, d.Gateway, d.RegisteredAt }));
                else Terminal.PrintTable(["ID", "TYPE", "SITE", "CUSTOMER", "TIER", "REGISTERED"], devices.Select(d => (IReadOnlyList<string>)
                    [d.Id, d.Type, d.Site, d.Customer, d.Tier, d.RegisteredAt.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture)]));
                return Terminal.Success;
            });
    }

    private static Command Token()
    {
        var id = new Argument<string>("ID") { Description = "The device." };
        var tenant = TenantOption();
        return Verb.Create("token", "A new token; the old one stops working. Prints it alone on the last line.", "device token pump-1")
            .With(id, tenant, Verb.Json)
            .Run(async (parsed, settings, ct) =>
            {
                await using var rooms = await Rooms.OpenRegistryAsync(settings[SettingsSchema.Data], ct);
                var key = new DeviceKey(parsed.GetRequiredValue(tenant), parsed.GetRequiredValue(id));
                return await PrintTokenAsync(rooms.GetRequiredService<IDeviceRegistry>(), key, parsed.GetValue(Verb.Json), ct);
            });
    }

    private static Command ConnectionStringVerb()
    {
        var id = new Argument<string>("ID") { Description = "The device." };
        var host = new Option<string>("--host") { Description = "The name under which devices reach the platform; with a port when it is not 8883.", HelpName = "H", DefaultValueFactory = _ => "localhost" };
        return Verb.Create(
                "connection-string", "For the device SDKs of Azure IoT Hub; the same until the device gets a new token. Prints it alone on the last line.",
                "device connection-string pump-1 --host iot.example.com")
            .With(id, host, Verb.Json)
            .Run(async (parsed, settings, ct) =>
            {
                await using var rooms = await Rooms.OpenRegistryAsync(settings[SettingsSchema.Data], ct);
                var device = new DeviceKey(DeviceKey.DefaultTenant, parsed.GetRequiredValue(id));   // a hub has no tenants: its devices are those of the default one
                var key = await rooms.GetRequiredService<IDeviceLogins>().SharedAccessKeyAsync(device, Actor, ct);
                if (!key.Succeeded) return Terminal.Refuse(key.Refusal);
                var connection = ConnectionString.Of(parsed.GetRequiredValue(host), device.Device, key.Value);
                if (parsed.GetValue(Verb.Json)) Terminal.PrintJsonLine(connection);
                else Console.WriteLine(connection.Value);
                return Terminal.Success;
            });
    }

    private static Command RotateKeys() =>
        Verb.Create("rotate-keys", "A new secret behind all connection strings; those given out before are accepted until the next rotation.", "device rotate-keys")
            .Run(async (_, settings, ct) =>
            {
                await using var rooms = await Rooms.OpenRegistryAsync(settings[SettingsSchema.Data], ct);
                await rooms.GetRequiredService<IDeviceLogins>().RotateSecretAsync(Actor, ct);
                Console.WriteLine("Rotated: give devices new connection strings before you rotate again.");
                return Terminal.Success;
            });

    private static Option<string> TenantOption() =>
        new("--tenant") { Description = "The tenant.", DefaultValueFactory = _ => DeviceKey.DefaultTenant };

    private static async Task<int> PrintTokenAsync(IDeviceRegistry registry, DeviceKey key, bool json, CancellationToken ct)
    {
        var token = await registry.IssueTokenAsync(key, Actor, ct);
        if (!token.Succeeded) return Terminal.Refuse(token.Refusal);
        if (json) Terminal.PrintJsonLine(new DeviceToken(key.Device, token.Value));
        else Console.WriteLine(token.Value);
        return Terminal.Success;
    }

    private static async Task<IReadOnlyList<Device>> ReadAllAsync(IDeviceRegistry registry, DeviceFilter filter, CancellationToken ct)
    {
        var all = new List<Device>();
        while (true)
        {
            var page = await registry.ListAsync(filter with { After = all.LastOrDefault()?.Id, Limit = 1000 }, ct);
            all.AddRange(page);
            if (page.Count < 1000) return all;
        }
    }
}
