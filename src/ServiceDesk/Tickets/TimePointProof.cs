using System.Text.RegularExpressions;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Tickets;

/// <summary>Photos and signature that came with a milestone.</summary>
internal sealed partial record TimePointProof(IReadOnlyList<string> Photos, string? Signature)
{
    private const int MostPhotos = 20;
    private const int LongestSignature = 200;

    /// <summary>Reads <c>photos</c> and <c>signature</c> of an action.</summary>
    public static Outcome<TimePointProof> Read(TicketAction action)
    {
        var photos = action.Args.GetValueOrDefault("photos", "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (photos.Length > MostPhotos) return Refusal.Invalid("photos-too-many", $"'photos' names {photos.Length} pictures; {MostPhotos} at most");
        if (Array.Find(photos, photo => !Sha256().IsMatch(photo)) is { } wrong) return Refusal.Invalid("photo-unreadable", $"'{wrong}' is no photo; 'photos' are SHA-256 hashes of 64 hexadecimal digits, with commas between them");
        var signature = action.Args.GetValueOrDefault("signature")?.Trim();
        if (signature is { Length: > LongestSignature }) return Refusal.Invalid("signature-too-long", $"'signature' has at most {LongestSignature} characters: the number of the slip, or the SHA-256 of its picture");
        return new TimePointProof([.. photos.Select(photo => photo.ToLowerInvariant())], signature is { Length: > 0 } ? signature : null);
    }

    /// <returns>Null when the device sent nothing that could be kept.</returns>
    public EntryProof? With(DateTimeOffset? deviceAt) => deviceAt is null && Photos.Count == 0 && Signature is null ? null : new EntryProof(deviceAt, Photos, Signature);

    [GeneratedRegex("^[0-9a-fA-F]{64}$")]
    private static partial Regex Sha256();
}
