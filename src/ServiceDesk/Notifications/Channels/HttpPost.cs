using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;

namespace Seamless.ServiceDesk.Notifications.Channels;

/// <summary>Posts letters. Follows no redirect, believes no name: what a name stands for is looked at when the connection is made, and that very address is used.</summary>
internal sealed class HttpPost(IOptions<ServiceDeskOptions> options, TimeProvider clock) : IDisposable
{
    private const int MostAnswerBytes = 16 * 1024;
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(24);

    private readonly HttpClient _guarded = Client(options.Value.Notifications.AllowPrivateAddresses ? null : ConnectPublicAsync);
    private readonly HttpClient _trusted = Client(null);

    /// <param name="trusted">The address stands in the platform's settings, not in a recipient.</param>
    public async Task<(Answer Answer, string Body)> SendAsync(Letter letter, bool trusted, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(options.Value.Notifications.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ct);
        try
        {
            using var request = RequestOf(letter);
            using var response = await (trusted ? _trusted : _guarded).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return (Judge(response, clock.GetUtcNow()), await ReadAsync(response, either.Token));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (new Answer(Verdict.Unreachable, string.Create(CultureInfo.InvariantCulture, $"no answer within {options.Value.Notifications.Timeout.TotalSeconds:0.#} s")), "");
        }
        catch (HttpRequestException failure)
        {
            return (new Answer(Verdict.Unreachable, WordsOf(failure)), "");
        }
        catch (IOException)
        {
            return (new Answer(Verdict.Unreachable, "the connection broke"), "");
        }
    }

    public void Dispose()
    {
        _guarded.Dispose();
        _trusted.Dispose();
    }

    private static HttpRequestMessage RequestOf(Letter letter)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, letter.Url) { Content = new ByteArrayContent(letter.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Seamless", "1"));
        foreach (var (name, value) in letter.Headers) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    private static Answer Judge(HttpResponseMessage response, DateTimeOffset now)
    {
        var words = string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)response.StatusCode}");
        if (response.IsSuccessStatusCode) return new Answer(Verdict.Delivered, words);
        if (response.StatusCode is HttpStatusCode.Gone) return new Answer(Verdict.Gone, words);
        if ((int)response.StatusCode is >= 300 and < 400) return new Answer(Verdict.Failed, $"{words}: redirects are not followed");
        var asked = response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - now : null;
        return new Answer(Verdict.Failed, words, asked is { } wait && wait > TimeSpan.Zero ? wait < LongestWait ? wait : LongestWait : null);
    }

    /// <summary>The beginning: no receiver can fill our memory.</summary>
    private static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        var buffer = new byte[MostAnswerBytes];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    private static HttpClient Client(Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? connect) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ConnectCallback = connect, PooledConnectionLifetime = TimeSpan.FromMinutes(5), ActivityHeadersPropagator = null,
    })
    {
        Timeout = System.Threading.Timeout.InfiniteTimeSpan,   // ours is by the TimeProvider
    };

    private static async ValueTask<Stream> ConnectPublicAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, ct);
        // One private address among several is enough to refuse: nobody has that by accident.
        if (addresses.Select(PublicAddresses.Refuse).FirstOrDefault(why => why is not null) is { } refusal) throw new PrivateAddressException(refusal);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static string WordsOf(HttpRequestException failure) => failure switch
    {
        { InnerException: PrivateAddressException refused } => $"{refused.Message}; notifications.allowPrivateAddresses would allow it",
        { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } } => "the name is not known",
        { InnerException: SocketException socket } => $"no connection: {socket.SocketErrorCode}",
        { HttpRequestError: HttpRequestError.SecureConnectionError } => "no TLS connection: its certificate is not trusted, or there is no common version",
        _ => $"no connection: {failure.HttpRequestError}",
    };

    private sealed class PrivateAddressException(string reason) : Exception(reason);
}
