using Seamless.Fleet.Registry;
using Seamless.Fleet.Shadows;
using Seamless.Ingest.Mqtt;
using Seamless.Ingest.Receiving;
using Seamless.Telemetry;
using Seamless.Telemetry.Commands;

namespace Seamless.Ingest.Dialects;

/// <summary>What a client says of itself in CONNECT.</summary>
/// <param name="Password">Empty when it sends none.</param>
internal readonly record struct LoginRequest(string ClientId, string UserName, string Password, string From);

/// <summary>What a dialect makes of a login.</summary>
/// <param name="Principal">Who it is; null when these are not its credentials.</param>
/// <param name="Refusal">Why not, for the audit.</param>
/// <param name="ShownAs">What the audit calls who asked, where the user name is more than a name or even the secret; null for the user name.</param>
internal sealed record Login(DevicePrincipal? Principal, string Refusal = "", string? ShownAs = null)
{
    public static Login Refused(string why) => new(null, why);
}

/// <summary>A convention of topics and payloads beside our own, spoken by clients as they come: they need not know that we exist.</summary>
/// <remarks>
/// The first dialect that owns a topic has it; what nobody owns is native (CONTRACTS §1). Like the native pipeline a dialect makes everything durable
/// before <see cref="ReceiveAsync"/> returns, and answers with rejects for what it could not use: the caller keeps those in the dead letters.
/// </remarks>
internal interface IDialect
{
    /// <summary>Kebab-case, for configuration, audit and metrics.</summary>
    string Name { get; }

    /// <summary>Whether a topic name or a filter belongs to this dialect.</summary>
    bool Owns(string topic);

    /// <summary>Uses a message. Everything in it is durable, or listed among the rejects, when this completes.</summary>
    ValueTask<Receipt> ReceiveAsync(InboundMessage message, DevicePrincipal sender, CancellationToken ct);

    /// <summary>Asked only of filters that <see cref="Owns"/> said yes to.</summary>
    bool MaySubscribe(DevicePrincipal who, string filter);

    /// <summary>Null when the login does not have this dialect's form: then others are asked, and the native check last.</summary>
    ValueTask<Login?> AuthenticateAsync(LoginRequest request, CancellationToken ct) => ValueTask.FromResult<Login?>(null);

    /// <summary>Whether a message on this topic counts for its sender's limits. Asked only of topics that <see cref="Owns"/> said yes to.</summary>
    bool CarriesTelemetry(string topic) => false;

    /// <summary>Whether a message that was used goes on to subscribers, and is retained when it says so.</summary>
    bool PassesOn(string topic) => false;

    /// <summary>A client has subscribed to one of this dialect's filters: what waits for it may go out now.</summary>
    ValueTask SubscribedAsync(Peer peer, string filter, CancellationToken ct) => ValueTask.CompletedTask;

    /// <summary>A connection has ended, whichever dialect it spoke.</summary>
    ValueTask DisconnectedAsync(Peer peer, CancellationToken ct) => ValueTask.CompletedTask;

    /// <summary>Sends a command in this dialect's form; false when the device does not speak it or nobody listens now.</summary>
    ValueTask<bool> TrySendAsync(DeviceKey device, CommandMessage command, CancellationToken ct) => ValueTask.FromResult(false);

    /// <summary>Publishes a desired state in this dialect's form; false when the device does not speak it.</summary>
    ValueTask<bool> TryPublishDesiredAsync(Shadow shadow, CancellationToken ct) => ValueTask.FromResult(false);
}
