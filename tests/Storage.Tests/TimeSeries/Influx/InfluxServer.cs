using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Seamless.Storage.Tests.TimeSeries.Influx;

/// <summary>A real <c>influxd</c> on a free port of this machine, in a folder of its own; absent where it is not installed.</summary>
public sealed class InfluxServer : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("seamless-influx-").FullName;
    private Process? _process;

    public Uri? Url { get; private set; }

    public static void SkipUnlessInstalled(InfluxServer server) => Assert.SkipWhen(server.Url is null, "influxd is not installed: apt-get install influxdb");

    public async ValueTask InitializeAsync()
    {
        if (Program() is not { } program) return;
        var (http, rpc) = (FreePort(), FreePort());
        var configuration = Path.Combine(_folder, "influxdb.conf");
        await File.WriteAllTextAsync(configuration, $"""
            reporting-disabled = true
            bind-address = "127.0.0.1:{rpc}"
            [meta]
              dir = "{_folder}/meta"
            [data]
              dir = "{_folder}/data"
              wal-dir = "{_folder}/wal"
              query-log-enabled = false
            [monitor]
              store-enabled = false
            [http]
              bind-address = "127.0.0.1:{http}"
              log-enabled = false
            """);
        var start = new ProcessStartInfo(program) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in new[] { "-config", configuration }) start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };   // a full pipe would stop it
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var url = new Uri($"http://127.0.0.1:{http}");
        await AnswersAsync(url);
        Url = url;
    }

    private static async Task AnswersAsync(Uri url)
    {
        using var client = new HttpClient();
        for (var attempt = 0; attempt < 600; attempt++)
        {
            try
            {
                using var pong = await client.GetAsync(new Uri(url, "ping"));
                if (pong.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // not yet
            }
            await Task.Delay(100);
        }
        Assert.Fail("influxd did not answer within a minute");
    }

    private static string? Program() => new[] { "/usr/bin/influxd", "/usr/local/bin/influxd" }.FirstOrDefault(File.Exists);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
    }
}
