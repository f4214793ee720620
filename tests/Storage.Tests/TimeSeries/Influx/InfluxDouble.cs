using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Seamless.Storage.Tests.TimeSeries.Influx;

/// <summary>A test double of the write and delete calls of InfluxDB 2 and 3, true to their documentation: it keeps what it was sent and answers as told.</summary>
internal sealed class InfluxDouble : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    public sealed record Request(string Path, string Query, string? Authorization, string? ContentType, string? ContentEncoding, string Body)
    {
        public string[] Lines => Body.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public sealed record Answer(int Status, string Body = "", string? RetryAfter = null);

    public List<Request> Requests { get; } = [];

    public Func<Request, Answer> Answers { get; set; } = _ => new Answer(204);

    public Uri Url { get; }

    public InfluxDouble()
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Url = new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/");
        }
        _listener.Prefixes.Add(Url.AbsoluteUri);
        _listener.Start();
        _serving = ServeAsync();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            var request = await ReadAsync(context.Request);
            Requests.Add(request);
            var answer = Answers(request);
            context.Response.StatusCode = answer.Status;
            if (answer.RetryAfter is { } pause) context.Response.Headers["Retry-After"] = pause;
            if (answer.Body.Length > 0) await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer.Body));
            context.Response.Close();
        }
    }

    private static async Task<Request> ReadAsync(HttpListenerRequest request)
    {
        var encoding = request.Headers["Content-Encoding"];
        await using var body = encoding == "gzip" ? new GZipStream(request.InputStream, CompressionMode.Decompress) : request.InputStream;
        using var reader = new StreamReader(body, Encoding.UTF8);
        return new Request(request.Url!.AbsolutePath, request.Url.Query, request.Headers["Authorization"], request.ContentType, encoding, await reader.ReadToEndAsync());
    }

    public void Dispose()
    {
        _listener.Close();
        _serving.GetAwaiter().GetResult();
    }
}
