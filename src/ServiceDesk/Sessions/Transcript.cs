using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Kpis;

namespace Seamless.ServiceDesk.Sessions;

/// <summary>One step of a session, as it was written down.</summary>
/// <param name="Number">From 1, without a gap.</param>
/// <param name="Kind"><c>asked consented declined withdrawn command result note link revoked guest ended</c>.</param>
/// <param name="Text">Names no persons: customers and guests read it too.</param>
/// <param name="DataJson">What programs and our own people read: names, arguments, results.</param>
/// <param name="Hash">SHA-256 over the hash before and this entry, 64 hexadecimal digits.</param>
public sealed record SessionEntry(int Number, DateTimeOffset At, string Kind, string Actor, LocalizedText Text, string? DataJson, string Hash);

/// <summary>Links each entry to the one before it: hash = SHA-256(hash before ‖ the entry as JSON), in hexadecimal.</summary>
/// <remarks>
/// The end of the chain stands with the session, so that the last entry cannot be taken away either, and goes into the tenant's event log when the session ends:
/// who could compute a whole transcript anew would have to do so with the log.
/// </remarks>
public static class Transcript
{
    public const string Asked = "asked";
    public const string Consented = "consented";
    public const string Declined = "declined";
    public const string Withdrawn = "withdrawn";
    public const string Command = "command";
    public const string Result = "result";
    public const string Note = "note";
    public const string Link = "link";
    public const string Revoked = "revoked";
    public const string Guest = "guest";
    public const string Ended = "ended";

    /// <summary>Before the first entry.</summary>
    public static string Origin => EventChain.Origin;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="ticket">With <paramref name="session"/> in every hash: an entry of one session does not fit into another.</param>
    public static string HashOf(string before, string ticket, int session, SessionEntry entry)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        buffer.Write(Convert.FromHexString(before));
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartArray();
            json.WriteStringValue(ticket);
            json.WriteNumberValue(session);
            json.WriteNumberValue(entry.Number);
            json.WriteNumberValue(entry.At.ToUnixTimeMilliseconds());
            foreach (var text in (string?[])[entry.Kind, entry.Actor, entry.Text.En, entry.Text.ZhCn, entry.DataJson]) json.WriteStringValue(text);
            json.WriteEndArray();
        }
        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }

    /// <param name="entries">In order.</param>
    /// <param name="count">How many there were, and <paramref name="head"/>, the last one's hash: both as kept with the session.</param>
    public static bool IsIntact(string ticket, int session, IReadOnlyList<SessionEntry> entries, int count, string head)
    {
        var hash = Origin;
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i].Number != i + 1) return false;
            hash = HashOf(hash, ticket, session, entries[i]);
            if (hash != entries[i].Hash) return false;
        }
        return entries.Count == count && hash == head;
    }
}
