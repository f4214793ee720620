using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Seamless.Portal.Tests.Commands;

/// <summary>What <c>doctor</c> says of parts that stand beside the platform, while no platform runs.</summary>
public sealed class DoctorTests
{
    private static readonly string[] Parts = ["broker", "store.influx", "hub.azure"];

    [Fact]
    public async Task Parts_that_can_be_reached_are_said_to_answer()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var findings = await ExamineAsync(port);

        Assert.All(Parts, part => Assert.Equal((true, "answers", null), (Bool(findings[$"{part} 127.0.0.1:{port}"]["well"]), (string?)findings[$"{part} 127.0.0.1:{port}"]["detail"], (string?)findings[$"{part} 127.0.0.1:{port}"]["mend"])));
    }

    [Fact]
    public async Task Parts_that_cannot_are_named_with_where_to_look()
    {
        var port = FreePort();
        var findings = await ExamineAsync(port);
        Assert.All(Parts, part =>
        {
            var finding = findings[$"{part} 127.0.0.1:{port}"];
            Assert.False(Bool(finding["well"]));
            Assert.Contains("refused", (string?)finding["detail"], StringComparison.OrdinalIgnoreCase);
            Assert.Contains($"{part}.* in the configuration", (string?)finding["mend"], StringComparison.Ordinal);
        });
    }

    private static bool Bool(JsonNode? node) => (bool)node!;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<Dictionary<string, JsonNode>> ExamineAsync(int port)
    {
        var data = Directory.CreateTempSubdirectory("seamless-doctor-");
        var file = System.IO.Path.Combine(data.FullName, "seamless.yaml");
        await File.WriteAllTextAsync(file, $"""
            broker:
              url: mqtt://127.0.0.1:{port}
            store:
              kind: influxdb
              influx:
                url: http://127.0.0.1:{port}
            hub:
              azure:
                eventHub:
                  connectionString: Endpoint=amqp://127.0.0.1:{port}/;SharedAccessKeyName=p;SharedAccessKey=k;EntityPath=e
            """, TestContext.Current.CancellationToken);
        var (_, output, error) = await CommandLineTests.RunAsync("doctor", "--json", "--data", data.FullName, "--config", file);
        data.Delete(recursive: true);
        Assert.Empty(error);
        return JsonNode.Parse(output)!.AsArray().ToDictionary(finding => (string)finding!["subject"]!, finding => finding!);
    }
}
