using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using MQTTnet.AspNetCore;

namespace Seamless.Ingest.Mqtt;

/// <summary>Where devices connect over TCP or TLS.</summary>
public sealed class MqttListener
{
    private ListenOptions? _listen;

    /// <summary>Where it really listens once the host has started, also when port 0 was asked for.</summary>
    public IPEndPoint? Endpoint => _listen?.IPEndPoint;

    internal void Open(KestrelServerOptions kestrel, IPEndPoint endpoint, X509Certificate2? certificate) => kestrel.Listen(endpoint, listen =>
    {
        _listen = listen;
        if (certificate is not null) listen.UseHttps(certificate);
        // The place of the fast lane: a connection middleware here (listen.Use) that takes telemetry PUBLISHes out of the stream,
        // acknowledges them in batches after the log's commit, and hands every other packet on to MQTTnet.
        listen.UseMqtt();
    });
}
