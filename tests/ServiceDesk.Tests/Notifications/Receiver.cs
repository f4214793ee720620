using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace Seamless.ServiceDesk.Tests.Notifications;

/// <summary>What came in: the raw bytes of the body, and the headers.</summary>
internal sealed record Received(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
    public string this[string header] => Headers.GetValueOrDefault(header, "");
}

/// <summary>An HTTP server that keeps what it is sent and answers as it is told: a status, or nothing at all (0).</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Channel<Received> _arrivals = Channel.CreateUnbounded<Received>();
    private readonly Queue<(int Status, string Body, string? Location)> _script = new();
    private readonly List<Received> _all = [];
    private readonly List<HttpListenerContext> _held = [];
    private readonly Task _loop;

    public Receiver()
    {
        Url = $"http://127.0.0.1:{FreePort()}/";
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _loop = ListenAsync();
    }

    public string Url { get; }
    public IReadOnlyList<Received> All { get { lock (_all) return [.. _all]; } }

    /// <summary>Answers in turn; 200 when none is left.</summary>
    public void Answers(params int[] statuses)
    {
        foreach (var status in statuses) Answer(status);
    }

    public void Answer(int status, string body = "", string? location = null)
    {
        lock (_script) _script.Enqueue((status, body, location));
    }

    public async Task<Received> NextAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await _arrivals.Reader.ReadAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var held in _held) held.Response.Abort();
        _listener.Close();
        await _loop;
    }

    private async Task ListenAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                await TakeAsync(await _listener.GetContextAsync());
            }
            catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException or IOException)
            {
                // Closed, or the caller has given up.
            }
        }
    }

    private async Task TakeAsync(HttpListenerContext context)
    {
        using var body = new MemoryStream();
        await context.Request.InputStream.CopyToAsync(body);
        var headers = context.Request.Headers.AllKeys.OfType<string>().ToDictionary(name => name, name => context.Request.Headers[name] ?? "", StringComparer.OrdinalIgnoreCase);
        var received = new Received(context.Request.RawUrl ?? "", headers, body.ToArray());
        (int Status, string Body, string? Location) answer;
        lock (_script) answer = _script.TryDequeue(out var next) ? next : (200, "", null);
        lock (_all) _all.Add(received);
        if (answer.Status == 0) _held.Add(context);
        else
        {
            context.Response.StatusCode = answer.Status;
            if (answer.Location is not null) context.Response.RedirectLocation = answer.Location;
            context.Response.Close(Encoding.UTF8.GetBytes(answer.Body), willBlock: true);
        }
        _arrivals.Writer.TryWrite(received);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
