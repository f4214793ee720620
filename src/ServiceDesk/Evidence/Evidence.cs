using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Seamless.Rules.Alarms;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Evidence;

/// <summary>All that is known of one repair, signed, for whoever has to decide a dispute about it and trusts neither side.</summary>
public interface IEvidence
{
    /// <summary>Whoever has it from us by another way needs to trust nothing in a bundle.</summary>
    string PublicKeyPem { get; }

    /// <summary>That a bundle was made is itself audited and logged, with the hash of its manifest.</summary>
    Task<Outcome<EvidenceBundle>> ExportAsync(string tenant, string ticket, string actor, CancellationToken ct);
}

/// <param name="Content">A ZIP archive.</param>
public sealed record EvidenceBundle(string FileName, byte[] Content);

/// <summary>What a bundle holds, file by file. Its bytes are what is signed.</summary>
/// <param name="LogHead">The event log of the platform ended there: with the exported log, <c>seamless kpis check</c> proves that it has not been written anew since.</param>
/// <param name="KeyId">16 hexadecimal digits of SHA-256 over the public key (SubjectPublicKeyInfo).</param>
public sealed record EvidenceManifest(
    string Format, string Ticket, string Tenant, DateTimeOffset ExportedAt, string ExportedBy, LogHead LogHead, string KeyId, IReadOnlyList<ListedFile> Files)
{
    public const string CurrentFormat = "seamless-evidence-1";
}

/// <param name="Sha256">64 hexadecimal digits.</param>
public sealed record ListedFile(string Name, long Bytes, string Sha256);

/// <param name="Name">Path within the archive, with <c>/</c>.</param>
public sealed record EvidenceFile(string Name, byte[] Content)
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static EvidenceFile Json<T>(string name, T content) => new(name, JsonSerializer.SerializeToUtf8Bytes(content, Readable));
}

/// <summary>What a bundle is about.</summary>
/// <param name="From">Begin of the time around the fault from which measurements are kept.</param>
public sealed record EvidenceCase(Ticket Ticket, IReadOnlyList<Alarm> Alarms, DateTimeOffset From, DateTimeOffset To);

/// <summary>One kind of evidence. A module that knows something about repairs adds its own.</summary>
public interface IEvidenceSource
{
    Task<IReadOnlyList<EvidenceFile>> ReadAsync(EvidenceCase of, CancellationToken ct);
}
