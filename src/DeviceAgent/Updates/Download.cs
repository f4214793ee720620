using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Seamless.Telemetry;
using Seamless.Telemetry.Updates;

namespace Seamless.DeviceAgent.Updates;

/// <summary>Brings a release's payload to disk.</summary>
public interface IPayloadSource
{
    /// <returns>The file, whole and with the release's hash; null when the platform could not be reached or the line broke: ask again later, what has come is kept.</returns>
    Task<Outcome<string>?> FetchAsync(ReleaseManifest release, string manifest, Action<int> progress, CancellationToken ct);

    /// <summary>What was downloaded is no longer needed.</summary>
    void Forget();
}

/// <summary>Over HTTP from the platform, with the device's own name and token; goes on where it was cut off, and takes no byte more than the release has.</summary>
public sealed class Download(HttpClient http, string folder, DeviceKey device, string? token) : IPayloadSource
{
    private const int BlockBytes = 64 << 10;

    public async Task<Outcome<string>?> FetchAsync(ReleaseManifest release, string manifest, Action<int> progress, CancellationToken ct)
    {
        var file = Path.Combine(folder, $"{release.Sha256}.payload");
        Directory.CreateDirectory(folder);
        try
        {
            if (LengthOf(file) < release.Size && await ReceiveAsync(file, release, manifest, progress, ct) is { } refused) return refused;
        }
        catch (Exception trouble) when (trouble is HttpRequestException or IOException or TimeoutException || (trouble is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return null;
        }
        if (LengthOf(file) < release.Size) return null;
        if (await HashAsync(file, ct) == release.Sha256) return file;
        File.Delete(file);
        return new Refusal("altered", $"the payload is not the one that was released: its SHA-256 is not {release.Sha256}");
    }

    public void Forget()
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    private async Task<Refusal?> ReceiveAsync(string file, ReleaseManifest release, string manifest, Action<int> progress, CancellationToken ct)
    {
        var have = LengthOf(file);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/v1/updates/payloads/{manifest}");
        if (have > 0) request.Headers.Range = new RangeHeaderValue(have, null);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{UserName}:{token}")));
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone) return new Refusal("withdrawn", "the platform no longer gives this release to this device");
        response.EnsureSuccessStatusCode();
        var resumed = response.StatusCode is HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == have;
        await using var body = await response.Content.ReadAsStreamAsync(ct);
        await using var output = new FileStream(file, resumed ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.None);
        return await CopyAsync(body, output, release, progress, ct);
    }

    private static async Task<Refusal?> CopyAsync(Stream body, FileStream output, ReleaseManifest release, Action<int> progress, CancellationToken ct)
    {
        var block = new byte[BlockBytes];
        while (await body.ReadAsync(block, ct) is > 0 and var read)
        {
            if (output.Position + read > release.Size) return new Refusal("endless", $"the platform sends more than the {release.Size} bytes of the release");
            await output.WriteAsync(block.AsMemory(0, read), ct);
            progress((int)(100 * output.Position / release.Size));
        }
        output.Flush(flushToDisk: true);
        return null;
    }

    private string UserName => device.Tenant == DeviceKey.DefaultTenant ? device.Device : $"{device.Tenant}/{device.Device}";
    private static long LengthOf(string file) => File.Exists(file) ? new FileInfo(file).Length : 0;

    private static async Task<string> HashAsync(string file, CancellationToken ct)
    {
        await using var content = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, ct));
    }
}
