using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Seamless.EndToEnd.Tests.Rig;

/// <summary>Where recipients have their messages sent, each to a path of their own.</summary>
public sealed class Letterbox : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly List<(string Recipient, JsonNode Letter)> _letters = [];
    private readonly Task _loop;

    public Letterbox()
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Url = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/";
        }
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _loop = ListenAsync();
    }

    public string Url { get; }

    /// <summary>What has come since the last time one looked.</summary>
    public IReadOnlyList<(string Recipient, JsonNode Letter)> Take()
    {
        lock (_letters)
        {
            var taken = _letters.ToList();
            _letters.Clear();
            return taken;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _loop;
    }

    private async Task ListenAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using (var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8))
                    if (JsonNode.Parse(await reader.ReadToEndAsync()) is { } letter)
                        lock (_letters) _letters.Add((context.Request.Url!.AbsolutePath.Trim('/'), letter));
                context.Response.Close();
            }
        }
        catch (Exception end) when (end is HttpListenerException or ObjectDisposedException)
        {
            // Closed: the test is over.
        }
    }
}
