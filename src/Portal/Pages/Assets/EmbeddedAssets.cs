using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace Seamless.Portal.Pages.Assets;

/// <summary>The style sheets, scripts and the map, carried inside the assembly.</summary>
/// <remarks>Their address holds a hash over all of them, so a browser keeps them for ever and still never mixes two versions.</remarks>
public sealed class EmbeddedAssets
{
    private const string Root = "wwwroot/";
    private readonly Dictionary<string, byte[]> _files = [];
    private readonly ConcurrentDictionary<string, byte[]> _brotli = [];
    private readonly FileExtensionContentTypeProvider _types = new();

    public EmbeddedAssets()
    {
        var assembly = typeof(EmbeddedAssets).Assembly;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Root, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            hash.AppendData(bytes);
            _files[name[Root.Length..].Replace('\\', '/')] = bytes;
        }
        Version = Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 6));
    }

    /// <summary>Changes whenever any asset does; pages that stay open reload when they see another.</summary>
    public string Version { get; }

    public string Url(string path) => $"/assets/{Version}/{path}";

    internal IResult Serve(HttpContext http, string version, string path)
    {
        if (!_files.TryGetValue(path, out var bytes)) return Results.NotFound();
        var type = _types.TryGetContentType(path, out var known) ? known : "application/octet-stream";
        http.Response.Headers[HeaderNames.CacheControl] = version == Version ? "public, max-age=31536000, immutable" : "no-cache";
        http.Response.Headers[HeaderNames.XContentTypeOptions] = "nosniff";
        http.Response.Headers[HeaderNames.Vary] = HeaderNames.AcceptEncoding;
        if (bytes.Length > 1024 && http.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal))
        {
            http.Response.Headers[HeaderNames.ContentEncoding] = "br";
            bytes = _brotli.GetOrAdd(path, static (_, raw) => Compress(raw), bytes);
        }
        return Results.Bytes(bytes, type, entityTag: new EntityTagHeaderValue($"\"{Version}\""));
    }

    private static byte[] Compress(byte[] raw)
    {
        using var output = new MemoryStream();
        using (var brotli = new BrotliStream(output, CompressionLevel.Optimal)) brotli.Write(raw);
        return output.ToArray();
    }
}
