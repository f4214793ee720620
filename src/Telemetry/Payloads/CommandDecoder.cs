using System.Diagnostics.CodeAnalysis;
using Seamless.Telemetry.Commands;

namespace Seamless.Telemetry.Payloads;

/// <summary>Reads a command payload, at the device (CONTRACTS §1).</summary>
public static class CommandDecoder
{
    private struct Fields
    {
        public string? Name;
        public string? Args;
        public long? ExpiresAtMs;
        public string? IdempotencyKey;
    }

    /// <param name="id">The command's id, from the topic.</param>
    public static bool TryDecode(string id, ReadOnlySpan<byte> payload, [NotNullWhen(true)] out CommandMessage? command, [NotNullWhen(false)] out Reject? reject)
    {
        command = null;
        var fields = new Fields();
        reject = JsonMembers.ReadWhole(payload, ReadMember, ref fields) ?? Fault(fields);
        if (reject is not null) return false;
        // Without a key of its own a command is itself its identity: delivered twice, it acts once.
        command = new CommandMessage(id, fields.Name!, fields.Args ?? "{}", fields.ExpiresAtMs!.Value, fields.IdempotencyKey ?? id);
        return true;
    }

    private static bool ReadMember(ref JsonScanner scanner, JsonText name, ref Fields fields) => name switch
    {
        _ when name.Is("name"u8) => JsonMembers.TryText(ref scanner, out fields.Name),
        _ when name.Is("args"u8) => JsonMembers.TryRaw(ref scanner, out fields.Args),
        _ when name.Is("expiresAt"u8) => JsonMembers.TryInteger(ref scanner, out fields.ExpiresAtMs),
        _ when name.Is("idempotencyKey"u8) => JsonMembers.TryText(ref scanner, out fields.IdempotencyKey),
        _ => scanner.TrySkip(),
    };

    private static Reject? Fault(in Fields fields)
    {
        if (fields.Name is not { Length: > 0 }) return new Reject(RejectReason.WrongShape, 0, null, "a command has a name");
        if (fields.ExpiresAtMs is null) return new Reject(RejectReason.WrongShape, 0, null, "a command has expiresAt in Unix milliseconds");
        if (fields.Args is not (null or ['{', ..])) return new Reject(RejectReason.WrongShape, 0, null, "args is a JSON object");
        return null;
    }
}

/// <summary>Reads what a device answers to a command (CONTRACTS §1).</summary>
public static class CommandResultDecoder
{
    private struct Fields
    {
        public string? Status;
        public long? Progress;
        public bool HasProgress;
        public string? Detail;
        public string? Data;
    }

    /// <param name="id">The command's id, from the topic.</param>
    public static bool TryDecode(string id, ReadOnlySpan<byte> payload, [NotNullWhen(true)] out CommandResult? result, [NotNullWhen(false)] out Reject? reject)
    {
        result = null;
        var fields = new Fields();
        reject = JsonMembers.ReadWhole(payload, ReadMember, ref fields) ?? Fault(fields);
        if (reject is not null) return false;
        var status = StatusOf(fields.Status)!.Value;
        var progress = fields.Progress ?? (status is CommandStatus.Succeeded ? 100 : 0);
        result = new CommandResult(id, status, (int)progress, fields.Detail, fields.Data);
        return true;
    }

    private static bool ReadMember(ref JsonScanner scanner, JsonText name, ref Fields fields)
    {
        if (name.Is("status"u8)) return JsonMembers.TryText(ref scanner, out fields.Status);
        if (name.Is("detail"u8)) return JsonMembers.TryText(ref scanner, out fields.Detail);
        if (name.Is("data"u8)) return JsonMembers.TryRaw(ref scanner, out fields.Data);
        if (!name.Is("progress"u8)) return scanner.TrySkip();
        fields.HasProgress = true;
        return JsonMembers.TryInteger(ref scanner, out fields.Progress);
    }

    private static Reject? Fault(in Fields fields)
    {
        if (StatusOf(fields.Status) is null)
            return new Reject(RejectReason.WrongShape, 0, null, "status is one of accepted, running, succeeded, failed, rejected, expired");
        if (fields.HasProgress && fields.Progress is not (>= 0 and <= 100)) return new Reject(RejectReason.WrongShape, 0, null, "progress is an integer from 0 to 100");
        return null;
    }

    private static CommandStatus? StatusOf(string? name) => name switch
    {
        "accepted" => CommandStatus.Accepted,
        "running" => CommandStatus.Running,
        "succeeded" => CommandStatus.Succeeded,
        "failed" => CommandStatus.Failed,
        "rejected" => CommandStatus.Rejected,
        "expired" => CommandStatus.Expired,
        _ => null,
    };
}
