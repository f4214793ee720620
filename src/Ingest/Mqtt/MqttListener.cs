using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Seamless.Ingest.Mqtt.Front;

namespace Seamless.Ingest.Mqtt;

/// <summary>Where devices connect over TCP or TLS.</summary>
public sealed class MqttListener
{
    private ListenOptions? _listen;

    /// <summary>Where it really listens once the host has started, also when port 0 was asked for.</summary>
    public IPEndPoint? Endpoint { get => _listen?.IPEndPoint ?? field; internal set; }

    internal void Open(KestrelServerOptions kestrel, IPEndPoint endpoint, X509Certificate2? certificate) => kestrel.Listen(endpoint, listen =>
    {
        _listen = listen;
        if (certificate is not null) listen.UseHttps(tls =>
        {
            tls.ServerCertificate = certificate;
            // Whose it is, and whether it is trusted, is asked at the login: a device may come with its token just as well.
            tls.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            tls.AllowAnyClientCertificate();
        });
        listen.UseConnectionHandler<PipeDoor>();
    });
}
