using Seamless.Ingest.Brokers;
using Seamless.Ingest.Hubs;
using Seamless.Storage.TimeSeries.Influx;
using Seamless.Telemetry;

namespace Seamless.Portal.Commands.Settings;

/// <summary>What stands beside the platform instead of an embedded part (docs/reference/external.md); null for what does not.</summary>
public sealed record ExternalParts(InfluxOptions? Influx = null, ExternalBrokerOptions? Broker = null, AzureHubOptions? Hub = null)
{
    public const string InfluxKind = "influxdb";

    /// <summary>The stores that are embedded.</summary>
    private static readonly string[] EmbeddedKinds = ["segments", "duckdb"];

    internal static Outcome<ExternalParts> From(PlatformSettings settings)
    {
        var influx = InfluxOf(settings);
        if (influx.Refusal is { } noStore) return noStore;
        var broker = BrokerOf(settings);
        if (broker.Refusal is { } noBroker) return noBroker;
        var hub = HubOf(settings);
        if (hub.Refusal is { } noHub) return noHub;
        return new ExternalParts(influx.Value?.Part, broker.Value?.Part, hub.Value?.Part);
    }

    /// <summary>A part, or none: an outcome's value is never null.</summary>
    private sealed record Maybe<T>(T? Part) where T : class;

    private static Outcome<Maybe<InfluxOptions>> InfluxOf(PlatformSettings settings)
    {
        var kind = settings[SettingsSchema.StoreKind];
        if (EmbeddedKinds.Contains(kind, StringComparer.OrdinalIgnoreCase)) return new Maybe<InfluxOptions>(null);
        if (!kind.Equals(InfluxKind, StringComparison.OrdinalIgnoreCase)) return Refusal.Invalid($"store.kind: '{kind}' is not one of {string.Join(", ", EmbeddedKinds)}, {InfluxKind}");
        if (!Uri.TryCreate(settings[SettingsSchema.InfluxUrl], UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            return Refusal.Invalid($"store.influx.url: '{settings[SettingsSchema.InfluxUrl]}' is not an address such as http://127.0.0.1:8086");
        if (!Enum.TryParse<InfluxVersion>(settings[SettingsSchema.InfluxVersion], ignoreCase: true, out var version) || !Enum.IsDefined(version))
            return Refusal.Invalid($"store.influx.version: '{settings[SettingsSchema.InfluxVersion]}' is not one of v1, v2, v3");
        if (version is InfluxVersion.V2 && settings.Optional(SettingsSchema.InfluxOrganisation) is null) return Refusal.Invalid("store.influx.org: version 2 needs an organisation");
        return new Maybe<InfluxOptions>(new InfluxOptions
        {
            Url = url, Version = version, Database = settings[SettingsSchema.InfluxDatabase], Organisation = settings.Optional(SettingsSchema.InfluxOrganisation),
            Token = settings.Optional(SettingsSchema.InfluxToken), User = settings.Optional(SettingsSchema.InfluxUser), Password = settings.Optional(SettingsSchema.InfluxPassword),
            RetentionPolicy = settings.Optional(SettingsSchema.InfluxRetentionPolicy),
        });
    }

    private static Outcome<Maybe<ExternalBrokerOptions>> BrokerOf(PlatformSettings settings)
    {
        if (settings.Optional(SettingsSchema.BrokerUrl) is not { } address) return new Maybe<ExternalBrokerOptions>(null);
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("mqtt" or "mqtts") || url.Host.Length == 0)
            return Refusal.Invalid($"broker.url: '{address}' is not an address such as mqtt://broker:1883 or mqtts://broker:8883");
        var tenants = settings[SettingsSchema.BrokerTenants].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (tenants.FirstOrDefault(t => !DeviceKey.IsValidName(t)) is { } wrong) return Refusal.Invalid($"broker.tenants: '{wrong}' is not a tenant's name");
        if (tenants.Length == 0) return Refusal.Invalid("broker.tenants: name at least one tenant whose devices are heard");
        var broker = new ExternalBrokerOptions
        {
            Url = url, User = settings.Optional(SettingsSchema.BrokerUser), Password = settings.Optional(SettingsSchema.BrokerPassword),
            ClientId = settings.Optional(SettingsSchema.BrokerClientId) ?? $"seamless-{Environment.MachineName}", Group = settings[SettingsSchema.BrokerGroup],
        };
        foreach (var tenant in tenants) broker.Tenants.Add(tenant);
        return new Maybe<ExternalBrokerOptions>(broker);
    }

    private static Outcome<Maybe<AzureHubOptions>> HubOf(PlatformSettings settings)
    {
        if (settings.Optional(SettingsSchema.HubEvents) is not { } eventsText)
            return settings.Optional(SettingsSchema.HubConnection) is null
                ? new Maybe<AzureHubOptions>(null)
                : Refusal.Invalid($"{SettingsSchema.HubEvents}: telemetry is read at the Event Hubs-compatible endpoint; give its connection string");
        var events = EventHubConnection.Parse(eventsText);
        if (!events.Succeeded) return Refusal.Invalid($"{SettingsSchema.HubEvents}: {events.Refusal.Reason}");
        if (!Enum.TryParse<EventHubLogin>(settings[SettingsSchema.HubLogin], ignoreCase: true, out var login))
            return Refusal.Invalid($"{SettingsSchema.HubLogin}: '{settings[SettingsSchema.HubLogin]}' is not one of plain, claims");
        var tenant = settings[SettingsSchema.HubTenant];
        if (!DeviceKey.IsValidName(tenant)) return Refusal.Invalid($"{SettingsSchema.HubTenant}: '{tenant}' is not a tenant's name");
        var hub = new AzureHubOptions { Events = events.Value, Login = login, ConsumerGroup = settings[SettingsSchema.HubConsumerGroup], Tenant = tenant };
        if (settings.Optional(SettingsSchema.HubConnection) is not { } text) return new Maybe<AzureHubOptions>(hub);
        var connection = HubConnection.Parse(text);
        if (!connection.Succeeded) return Refusal.Invalid($"{SettingsSchema.HubConnection}: {connection.Refusal.Reason}");
        hub.Hub = connection.Value;
        return new Maybe<AzureHubOptions>(hub);
    }
}
