using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Seamless.Ingest;
using Seamless.Ingest.Mqtt;

namespace Seamless.Portal.Commands;

/// <summary>Where the platform listens: HTTP for people and programs, MQTT for devices, each with TLS when there is a certificate.</summary>
internal sealed class Doors
{
    public MqttListener? Mqtt { get; set; }

    public static void Open(KestrelServerOptions kestrel, PlatformOptions options)
    {
        kestrel.AddServerHeader = false;
        var certificate = options.Certificate is { } file ? X509CertificateLoader.LoadPkcs12FromFile(file, options.CertificatePassword) : null;
        OpenHttp(kestrel, options.HttpUrl, certificate);   // first: the address of the portal is the first of the server's
        if (options.MqttTlsEndpoint is { } secure) kestrel.ListenMqtt(secure, certificate);
    }

    private static void OpenHttp(KestrelServerOptions kestrel, Uri url, X509Certificate2? certificate)
    {
        var (host, port) = (url.Host, url.Port);
        if (IPAddress.TryParse(host.Trim('[', ']'), out var address)) kestrel.Listen(address, port, Secure);
        else if (host == "localhost" && port != 0) kestrel.ListenLocalhost(port, Secure);
        else if (host == "localhost") kestrel.Listen(IPAddress.Loopback, 0, Secure);
        else kestrel.ListenAnyIP(port, Secure);

        void Secure(ListenOptions listen)
        {
            if (url.Scheme == "https") listen.UseHttps(certificate!);   // checked with the options
        }
    }
}
