using System.Text.Json.Nodes;
using Seamless.Fleet.Commands;
using Seamless.Telemetry;
using static Seamless.Ingest.Tests.Door;

namespace Seamless.Ingest.Tests.Dialects.Azure;

/// <summary>The Azure IoT device SDK (npm <c>azure-iot-device</c>) as it comes, over TLS.</summary>
public sealed class AzureSdkTests
{
    private static readonly DeviceKey Pump = new("default", "pump-1");

    [Fact]
    public async Task A_device_with_the_SDK_does_all_it_does_with_its_hub()
    {
        await using var hub = await SecureDoor.OpenAsync();
        var door = hub.Door;
        await door.AddDeviceAsync("pump-1");
        var key = (await door.Logins.SharedAccessKeyAsync(Pump, "test", Ct)).Value!;
        await door.Shadows.PutDesiredAsync(Pump, """{"interval":5}""", null, "test", Ct);
        await using var device = await hub.StartAsync(new() { ["CONNECTION_STRING"] = $"HostName={hub.Host};DeviceId=pump-1;SharedAccessKey={key}" });

        await device.UntilStepAsync("sent");
        var sample = Assert.Single(door.Log.Samples);
        Assert.Equal([("temperature", 71.5, null), ("running", 1, null), ("properties.temperatureAlert", double.NaN, "true")], sample.Readings.Select(reading => (reading.Metric, reading.Value, reading.State)));

        var desired = await device.UntilStepAsync("twin");
        Assert.Equal((5, 1), ((int)desired!["interval"]!, (int)desired["$version"]!));
        await device.UntilStepAsync("reported");
        Assert.Equal("""{"firmware":"1.3"}""", (await door.Shadows.GetAsync(Pump, Ct)).ReportedJson);

        await device.UntilStepAsync("listening");
        var pushed = UntilDesiredAsync(device, 10);
        await door.Shadows.PutDesiredAsync(Pump, """{"interval":10}""", null, "test", Ct);
        await pushed;

        var command = (await door.Commands.SendAsync(new CommandRequest(Pump, "restart-service", """{"service":"web"}""", "R1", TimeSpan.FromMinutes(2), "key-1", "test"), Ct)).Value!;
        Assert.Equal("web", (string?)(await device.UntilStepAsync("method"))!["service"]);
        await UntilAsync(async () => (await door.Commands.FindAsync(Pump, command.Id, Ct))!.IsFinished, "the answer");
        var done = (await door.Commands.FindAsync(Pump, command.Id, Ct))!;
        Assert.Equal((CommandState.Succeeded, """{"pid":7}"""), (done.State, done.DataJson));
    }

    [Fact]
    public async Task With_a_wrong_key_the_SDK_is_refused()
    {
        await using var hub = await SecureDoor.OpenAsync();
        await hub.Door.AddDeviceAsync("pump-1");
        await using var device = await hub.StartAsync(new() { ["CONNECTION_STRING"] = $"HostName={hub.Host};DeviceId=pump-1;SharedAccessKey={Convert.ToBase64String(new byte[32])}" });
        Assert.Equal("UnauthorizedError", (string?)await device.UntilStepAsync("refused"));
    }

    [Fact]
    public async Task With_an_expired_signature_the_SDK_is_refused()
    {
        await using var hub = await SecureDoor.OpenAsync();
        await hub.Door.AddDeviceAsync("pump-1");
        var key = (await hub.Door.Logins.SharedAccessKeyAsync(Pump, "test", Ct)).Value!;
        await using var device = await hub.StartAsync(new() { ["SAS"] = Sas.Of($"{hub.Host}/devices/pump-1", key, new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)) });
        Assert.Equal("UnauthorizedError", (string?)await device.UntilStepAsync("refused"));
    }

    // The SDK tells what is desired once when it begins to listen, then what changes.
    private static async Task UntilDesiredAsync(NodeClient device, int interval)
    {
        JsonNode? desired;
        do desired = await device.UntilStepAsync("desired");
        while ((int)desired!["interval"]! != interval);
    }

    private sealed class SecureDoor(Door door, string authorityFile) : IAsyncDisposable
    {
        public Door Door => door;
        public string Host => $"localhost:{door.TlsEndpoint.Port}";

        public static async Task<SecureDoor> OpenAsync()
        {
            using var authority = TestCertificates.Authority("Test");
            var file = Path.Combine(Path.GetTempPath(), $"seamless-ca-{Guid.CreateVersion7():N}.pem");
            await File.WriteAllTextAsync(file, authority.ExportCertificatePem(), Ct);
            return new SecureDoor(await Seamless.Ingest.Tests.Door.OpenAsync(certificate: TestCertificates.Server(authority)), file);
        }

        public Task<NodeClient> StartAsync(Dictionary<string, string> environment)
        {
            environment["NODE_EXTRA_CA_CERTS"] = authorityFile;
            return NodeClient.StartAsync("azure", "session.js", environment);
        }

        public async ValueTask DisposeAsync()
        {
            await door.DisposeAsync();
            File.Delete(authorityFile);
        }
    }
}
