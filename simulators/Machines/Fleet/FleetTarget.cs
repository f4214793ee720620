namespace Seamless.Machines.Fleet;

/// <summary>The platform that the fleet speaks to, through its public doors only.</summary>
/// <param name="ApiKey">May register devices and act on tickets.</param>
public sealed record FleetTarget(string MqttHost, int MqttPort, Uri Http, string ApiKey)
{
    public Uri Mqtt => new($"mqtt://{MqttHost}:{MqttPort}");
}
