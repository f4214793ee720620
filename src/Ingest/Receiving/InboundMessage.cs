using Seamless.Ingest.Limits;
using Seamless.Telemetry.Payloads;

namespace Seamless.Ingest.Receiving;

/// <summary>One delivery as it came, before anyone has looked inside.</summary>
/// <param name="Channel">How it came: <c>mqtt</c>, <c>http</c>.</param>
/// <param name="Source">Who sent it, as <c>tenant/device</c>, or the name of an API key.</param>
/// <param name="ReceivedAt">Our clock when it came; the timestamp of samples that carry none.</param>
internal sealed record InboundMessage(
    string Channel, string Topic, string Source, string? ContentType, ReadOnlyMemory<byte> Payload, DateTimeOffset ReceivedAt)
{
    /// <summary>It lay in the dead letters: its values count, what it says of its sender's present (sequence, birth, death) is long past.</summary>
    public bool IsReplay { get; init; }

    public WhenTooFast WhenTooFast { get; init; }
}

/// <summary>What becomes of a message that comes faster than its device may send: it depends on what its sender can be told.</summary>
internal enum WhenTooFast
{
    /// <summary>It counts and is taken: somebody else has acknowledged it already.</summary>
    Pass,
    /// <summary>QoS 0: nobody waits for an answer. It is dropped and counted.</summary>
    Drop,
    /// <summary>MQTT 3.1.1: an acknowledgement is the only answer there is, so that comes late.</summary>
    Wait,
    /// <summary>MQTT 5, HTTP: it is refused with the reason, and its sender keeps it.</summary>
    Tell,
}

/// <summary>What became of a message. Everything in it is durable by the time anyone reads this.</summary>
/// <param name="Accepted">Samples, events, states or results that took effect.</param>
internal sealed record Receipt(int Accepted, IReadOnlyList<Reject> Rejects)
{
    /// <summary>The limit that it met, or that some of its metrics met.</summary>
    public Excess? Excess { get; init; }

    /// <summary>False when its rejects need no dead letter: the sender has the message still, or one like it was kept within the last minute.</summary>
    public bool IsKept { get; init; } = true;

    public bool IsNotAuthorized => Rejects is [{ Reason: RejectReason.NotAuthorized }];

    public static Receipt Of(RejectReason reason, string detail) => new(0, [new Reject(reason, -1, null, detail)]);
}
