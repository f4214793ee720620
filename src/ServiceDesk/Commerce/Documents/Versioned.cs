using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Seamless.ServiceDesk.Database;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Commerce.Documents;

/// <summary>One version of what a tenant has put in force. Never changed; a change is another version.</summary>
/// <param name="Version">0 is what the platform is delivered with.</param>
public sealed record Versioned<T>(int Version, T Value, string Actor, DateTimeOffset? At);

/// <summary>A kind of document: where it is kept, and what holds until a tenant puts its own.</summary>
/// <param name="Name">Its place in the table.</param>
/// <param name="Words">What it is called in a refusal.</param>
internal sealed record DocumentKind<T>(string Name, string Words, T? Delivered) where T : class;

internal sealed class DocumentRow
{
    public required string Tenant { get; init; }
    public required string Kind { get; init; }
    public int Version { get; init; }

    /// <summary>JSON.</summary>
    public required string Value { get; init; }
    public required string Actor { get; init; }
    public DateTimeOffset At { get; init; }

    public Versioned<T> To<T>() => new(Version, JsonSerializer.Deserialize<T>(Value)!, Actor, At);   // we wrote it
}

/// <summary>Reads and puts versions.</summary>
internal static class VersionedDocuments
{
    /// <summary>Null when there is none and nothing is delivered.</summary>
    public static async Task<Versioned<T>?> InForceAsync<T>(DeskContext db, string tenant, DocumentKind<T> kind, CancellationToken ct) where T : class =>
        await Of(db, tenant, kind.Name).OrderByDescending(d => d.Version).FirstOrDefaultAsync(ct) is { } row ? row.To<T>() : DeliveredOf(kind);

    public static async Task<Versioned<T>?> FindAsync<T>(DeskContext db, string tenant, DocumentKind<T> kind, int version, CancellationToken ct) where T : class =>
        version == 0 ? DeliveredOf(kind) : await Of(db, tenant, kind.Name).FirstOrDefaultAsync(d => d.Version == version, ct) is { } row ? row.To<T>() : null;

    /// <summary>Newest first.</summary>
    public static async Task<IReadOnlyList<Versioned<T>>> ListAsync<T>(DeskContext db, string tenant, DocumentKind<T> kind, CancellationToken ct) where T : class
    {
        var rows = await Of(db, tenant, kind.Name).OrderByDescending(d => d.Version).ToListAsync(ct);
        return [.. rows.Select(r => r.To<T>()), .. DeliveredOf(kind) is { } delivered ? (Versioned<T>[])[delivered] : []];
    }

    /// <param name="expected">The version that the writer has seen; a conflict when another is in force. Null to put it in any case.</param>
    public static async Task<Outcome<Versioned<T>>> PutAsync<T>(DeskWork work, string tenant, DocumentKind<T> kind, T value, int? expected, string actor, CancellationToken ct) where T : class
    {
        var newest = await Of(work.Db, tenant, kind.Name).MaxAsync(d => (int?)d.Version, ct) ?? 0;
        if (expected is { } seen && seen != newest)
            return Refusal.Conflict("document-changed", $"version {newest} of the {kind.Words} has been put in force meanwhile, not {seen}; look at it and put yours again");
        var row = new DocumentRow { Tenant = tenant, Kind = kind.Name, Version = newest + 1, Value = JsonSerializer.Serialize(value), Actor = actor, At = work.Now };
        work.Db.Documents.Add(row);
        return row.To<T>();
    }

    private static IQueryable<DocumentRow> Of(DeskContext db, string tenant, string kind) => db.Documents.AsNoTracking().Where(d => d.Tenant == tenant && d.Kind == kind);

    private static Versioned<T>? DeliveredOf<T>(DocumentKind<T> kind) where T : class => kind.Delivered is { } value ? new Versioned<T>(0, value, DeskWork.Desk, null) : null;
}
