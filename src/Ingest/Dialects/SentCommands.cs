using System.Collections.Concurrent;
using Seamless.Telemetry.Commands;

namespace Seamless.Ingest.Dialects;

/// <summary>Commands that have gone out, for devices that know no idempotency key: to them none is sent twice. What they do not answer expires at the desk.</summary>
internal sealed class SentCommands(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, long> _expiry = new(StringComparer.Ordinal);

    /// <returns>False when it has gone out already.</returns>
    public bool TryReserve(CommandMessage command)
    {
        ForgetExpired();
        return _expiry.TryAdd(command.Id, command.ExpiresAtMs);
    }

    /// <summary>It did not go out after all.</summary>
    public void Release(CommandMessage command) => _expiry.TryRemove(command.Id, out _);

    private void ForgetExpired()
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var (id, expiresAtMs) in _expiry)
            if (expiresAtMs < now) _expiry.TryRemove(id, out _);
    }
}
