using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Database;

namespace Seamless.ServiceDesk.Kpis;

/// <summary>Links each event to the one before it: hash = SHA-256(hash before ‖ the event as JSON), in hexadecimal.</summary>
/// <remarks>
/// Whoever changes, removes, adds or reorders an event breaks the chain from there on. Whoever can also compute the rest anew is found out by a head that was kept elsewhere:
/// the number and the hash that every answer of the scoreboard names.
/// </remarks>
public static class EventChain
{
    /// <summary>Before the first event.</summary>
    public static string Origin { get; } = new('0', 64);

    private const int PageLength = 1000;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The hash of <paramref name="happened"/> after an event with the hash <paramref name="before"/>.</summary>
    public static string HashOf(string before, LoggedEvent happened)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        buffer.Write(Convert.FromHexString(before));
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartArray();
            json.WriteNumberValue(happened.Number);
            json.WriteNumberValue(happened.At.ToUnixTimeMilliseconds());
            foreach (var text in (string?[])[happened.Tenant, happened.Kind, happened.Key, happened.Device, happened.Site, happened.Ticket]) json.WriteStringValue(text);
            json.WriteNumberValue(BitConverter.DoubleToInt64Bits(happened.Value));
            json.WriteStringValue(happened.Detail);
            json.WriteStringValue(happened.Who);
            json.WriteEndArray();
        }
        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }

    /// <summary>Adds events to their tenants' logs, in the same transaction as what they tell of.</summary>
    internal static async Task LinkAsync(DeskContext db, IReadOnlyList<EventRow> recorded, CancellationToken ct)
    {
        foreach (var ofTenant in recorded.GroupBy(e => e.Tenant))
        {
            var (number, hash) = await HeadAsync(db, ofTenant.Key, ct);
            foreach (var row in ofTenant)
            {
                Link(row, ref number, ref hash);
                db.Events.Add(row);
            }
        }
    }

    /// <summary>Events from before there was a chain, once.</summary>
    internal static async Task LinkEarlierAsync(DeskContext db, CancellationToken ct)
    {
        while (await db.Events.Where(e => e.Number == 0).OrderBy(e => e.Id).Take(PageLength).ToListAsync(ct) is { Count: > 0 } page)
        {
            foreach (var ofTenant in page.GroupBy(e => e.Tenant))
            {
                var (number, hash) = await HeadAsync(db, ofTenant.Key, ct);
                foreach (var row in ofTenant) Link(row, ref number, ref hash);
            }
            await db.SaveChangesAsync(ct);
            db.ChangeTracker.Clear();
        }
    }

    internal static async Task<(long Number, string Hash)> HeadAsync(DeskContext db, string tenant, CancellationToken ct) =>
        await db.Events.AsNoTracking().Where(e => e.Tenant == tenant && e.Number > 0).OrderByDescending(e => e.Number).Select(e => new { e.Number, e.Hash }).FirstOrDefaultAsync(ct) is { } last
            ? (last.Number, last.Hash)
            : (0, Origin);

    private static void Link(EventRow row, ref long number, ref string hash)
    {
        row.Number = ++number;
        row.Hash = hash = HashOf(hash, row.ToEvent());
    }
}
