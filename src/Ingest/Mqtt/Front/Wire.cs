using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Seamless.Ingest.Mqtt.Front;

/// <summary>What carries a connection's bytes: a plain socket, or Kestrel's pipe for TLS and WebSocket.</summary>
internal abstract class Wire
{
    public abstract EndPoint? RemoteEndPoint { get; }
    public virtual EndPoint? LocalEndPoint => null;
    public virtual X509Certificate2? ClientCertificate => null;
    public virtual bool IsSecure => false;

    /// <summary>The one who is told of what arrives. Set once, before anything is received.</summary>
    public FrontConnection Connection { get; set; } = null!;

    /// <summary>What <see cref="FrontConnection.Received"/> is told instead of a number of bytes when it should receive once more.</summary>
    public const int Again = int.MinValue + 1;

    /// <summary>What <see cref="Receive"/> answers when there is nothing yet.</summary>
    protected const int Later = -1;

    /// <summary>Called once, before anything else.</summary>
    public virtual void Begin()
    {
    }

    /// <summary>Receives into <paramref name="buffer"/>. One at a time.</summary>
    /// <returns>How many bytes came at once (0: the other side is done); −1 when <see cref="FrontConnection.Received"/> will be told later.</returns>
    public abstract int Receive(Memory<byte> buffer);

    /// <summary>Sends what can be sent now without waiting. The caller sees to it that one sends at a time.</summary>
    /// <returns>How many bytes were taken; when not all, <see cref="FrontConnection.Writable"/> will be told. −1 when the connection is gone.</returns>
    public abstract int Send(ReadOnlyMemory<byte> bytes);

    /// <summary>Ends the connection. Any number of times, from any thread.</summary>
    public abstract void Close();
}
