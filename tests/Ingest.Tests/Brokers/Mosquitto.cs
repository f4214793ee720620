using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MQTTnet;
using MQTTnet.Formatter;

namespace Seamless.Ingest.Tests.Brokers;

/// <summary>A real <c>mosquitto</c> on a free port of this machine, with its sessions on disk; it can be stopped and started again.</summary>
internal sealed class Mosquitto : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("seamless-mosquitto-").FullName;
    private readonly List<IMqttClient> _clients = [];
    private Process? _process;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public int Port { get; } = FreePort();

    public static async Task<Mosquitto> StartAsync()
    {
        Assert.SkipWhen(Program() is null, "mosquitto is not installed: apt-get install mosquitto");
        var broker = new Mosquitto();
        await File.WriteAllTextAsync(Path.Combine(broker._folder, "mosquitto.conf"), $"""
            listener {broker.Port} 127.0.0.1
            allow_anonymous true
            persistence true
            persistence_location {broker._folder}/
            max_queued_messages 0
            max_inflight_messages 0
            log_dest none
            {(Environment.IsPrivilegedProcess ? "user root" : "")}
            """);
        await broker.RunAsync();
        return broker;
    }

    public async Task RunAsync()
    {
        _process = Process.Start(new ProcessStartInfo(Program()!, ["-c", Path.Combine(_folder, "mosquitto.conf")]) { RedirectStandardError = true })!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        for (var attempt = 0; attempt < 500; attempt++)
        {
            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync(IPAddress.Loopback, Port, Ct);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(20, Ct);   // not yet
            }
        }
        Assert.Fail("mosquitto did not open its port");
    }

    /// <summary>As a service manager would: it writes down its sessions.</summary>
    public async Task StopAsync()
    {
        if (_process is not { } process) return;
        _process = null;
        using (Process.Start("kill", [$"{process.Id}"])) await process.WaitForExitAsync();
        process.Dispose();
    }

    public async Task<IMqttClient> ConnectAsync(string clientId)
    {
        var client = new MqttClientFactory().CreateMqttClient();
        _clients.Add(client);
        await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", Port).WithProtocolVersion(MqttProtocolVersion.V500).WithClientId(clientId).Build(), Ct);
        return client;
    }

    private static string? Program() => new[] { "/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto", "/usr/bin/mosquitto" }.FirstOrDefault(File.Exists);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) client.Dispose();
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
