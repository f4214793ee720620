using System.Collections;
using Seamless.Ingest.Hubs;
using Seamless.Portal.Commands.Settings;
using Seamless.Storage.TimeSeries.Influx;

namespace Seamless.Portal.Tests.Commands;

public sealed class ExternalPartsTests
{
    private static Telemetry.Outcome<ExternalParts> From(params (string Key, string Value)[] given) =>
        ExternalParts.From(PlatformSettings.Load(null, new Hashtable(), given.ToDictionary(g => g.Key, g => (string?)g.Value), [])!);

    [Fact]
    public void Nothing_stands_beside_the_platform_unless_it_is_asked_for() => Assert.Equal(new ExternalParts(), From().Value);

    [Fact]
    public void Each_part_is_made_of_its_keys()
    {
        var parts = From(
            ("store.kind", "influxdb"), ("store.influx.version", "v3"), ("store.influx.token", "t"), ("broker.url", "mqtts://plant"), ("broker.tenants", "a, b"),
            ("hub.azure.eventHub.connectionString", "Endpoint=sb://n/;SharedAccessKeyName=p;SharedAccessKey=k;EntityPath=e"), ("hub.azure.eventHub.login", "claims")).Value!;
        Assert.Equal((InfluxVersion.V3, "t", "seamless"), (parts.Influx!.Version, parts.Influx.Token, parts.Influx.Database));
        Assert.Equal(["a", "b"], parts.Broker!.Tenants);
        Assert.Equal((EventHubLogin.Claims, "e", (HubConnection?)null), (parts.Hub!.Login, parts.Hub.Events.Entity, parts.Hub.Hub));
    }

    [Theory]
    [InlineData("store.kind", "influx", "store.kind")]
    [InlineData("broker.url", "http://broker", "broker.url")]
    [InlineData("hub.azure.connectionString", "HostName=h", "hub.azure.eventHub.connectionString")]
    [InlineData("hub.azure.eventHub.connectionString", "Endpoint=sb://n/", "SharedAccessKeyName")]
    public void A_mistake_is_refused_by_the_name_of_its_key(string key, string value, string named) =>
        Assert.Contains(named, From((key, value)).Refusal!.Reason, StringComparison.Ordinal);
}
