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
}

/// <summary>What became of a message. Everything in it is durable by the time anyone reads this.</summary>
/// <param name="Accepted">Samples, events, states or results that took effect.</param>
internal sealed record Receipt(int Accepted, IReadOnlyList<Reject> Rejects)
{
    public bool IsNotAuthorized => Rejects is [{ Reason: RejectReason.NotAuthorized }];

    public static Receipt Of(RejectReason reason, string detail) => new(0, [new Reject(reason, -1, null, detail)]);
}
