namespace Seamless.Telemetry.Updates;

/// <summary>What a release is, for whom, and until when. Signed by the release role, whose key is kept off the network.</summary>
/// <param name="ReleaseCounter">Rises with each release of <paramref name="Name"/>; a device never installs one that is not above its own.</param>
/// <param name="HwIds">Hardware ids it may be installed on; a device's equipment type unless its tag <c>hardware</c> says otherwise.</param>
/// <param name="Size">Bytes of the payload, a gzipped tar.</param>
/// <param name="Sha256">Of the payload, lower-case hex.</param>
/// <param name="UnpackedSize">Bytes of all its files together; unpacking stops above it.</param>
/// <param name="Entry">The program to start, relative to the payload's root.</param>
/// <param name="Expires">No device installs it after this.</param>
/// <param name="MinAgent">The version that has to run already, as <c>1.2.3</c>; null for any.</param>
public sealed record ReleaseManifest(
    string Name, string Version, long ReleaseCounter, IReadOnlyList<string> HwIds, long Size, string Sha256, long UnpackedSize, string Entry,
    DateTimeOffset Expires, string? MinAgent = null, string? Notes = null)
{
    public const string Type = "release";

    /// <summary>Null when nothing is, otherwise a sentence for the one who made it.</summary>
    public string? WhatIsWrong() => this switch
    {
        _ when !DeviceKey.IsValidName(Name) => $"name '{Name}' is not a name: 1–128 characters of A–Z a–z 0–9 _ . : -",
        _ when !System.Version.TryParse(Version, out _) => $"version '{Version}' is not like 1.2.3",
        _ when ReleaseCounter < 1 => "releaseCounter must be 1 or more",
        _ when HwIds is not { Count: > 0 and <= 64 } || HwIds.Any(id => !DeviceKey.IsValidName(id)) => "hwIds must name 1 to 64 hardware ids",
        _ when Size < 1 || UnpackedSize < 1 => "size and unpackedSize must be 1 or more",
        _ when Sha256 is not { Length: 64 } || !Sha256.All(char.IsAsciiHexDigitLower) => "sha256 must be 64 lower-case hex digits",
        _ when !IsInside(Entry) => $"entry '{Entry}' must be a file within the payload",
        _ when MinAgent is not null && !System.Version.TryParse(MinAgent, out _) => $"minAgent '{MinAgent}' is not like 1.2.3",
        _ => null,
    };

    private static bool IsInside(string? path) =>
        path is { Length: > 0 and <= 256 } && !Path.IsPathRooted(path) && !path.Contains('\\', StringComparison.Ordinal) && path.Split('/').All(part => part is not ("" or "." or ".."));
}

/// <summary>That this device shall install this release now. Signed by the director role, the platform.</summary>
/// <param name="Manifest">Hash of the release's signed bytes: release and assignment cannot be mixed.</param>
/// <param name="Counter">Rises with each assignment of a device.</param>
/// <param name="Window">When it may install; null for any time.</param>
public sealed record UpdateAssignment(
    string Tenant, string Device, string Manifest, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt, long Counter, string Campaign, DailyWindow? Window = null)
{
    public const string Type = "assignment";
}

/// <summary>A part of each day, in minutes of the UTC day; it may span midnight.</summary>
public readonly record struct DailyWindow(int FromMinute, int ToMinute)
{
    public bool Contains(DateTimeOffset at)
    {
        var minute = (int)at.UtcDateTime.TimeOfDay.TotalMinutes;
        return FromMinute <= ToMinute ? minute >= FromMinute && minute < ToMinute : minute >= FromMinute || minute < ToMinute;
    }
}

/// <summary>Who may sign what. Version N+1 is signed by the release role of version N and by its own.</summary>
/// <param name="Release">Public keys (SubjectPublicKeyInfo) of who makes releases.</param>
/// <param name="Director">Those of platforms that assign them.</param>
/// <param name="ReleaseThreshold">How many different release keys must have signed.</param>
public sealed record TrustedKeys(int Version, IReadOnlyList<byte[]> Release, IReadOnlyList<byte[]> Director, int ReleaseThreshold = 1)
{
    public const string Type = "keys";

    public bool HasRelease(SignedDocument document, string type) => document.CountSigners(type, Release) >= ReleaseThreshold;
    public bool HasDirector(SignedDocument document) => document.CountSigners(UpdateAssignment.Type, Director) >= 1;

    public string? WhatIsWrong() => this switch
    {
        _ when Version < 1 => "version must be 1 or more",
        _ when Release is not { Count: > 0 } || Director is not { Count: > 0 } => "both roles, release and director, need at least one key",
        _ when ReleaseThreshold < 1 || ReleaseThreshold > Release.DistinctBy(SignedDocument.KeyId).Count() => "releaseThreshold must be between 1 and the number of release keys",
        _ when Release.Any(key => Director.Any(other => other.AsSpan().SequenceEqual(key))) => "a key may have one role: whoever steals the platform's must not be able to release",
        _ => null,
    };

    /// <summary>The next document of trusted keys, or why it is not.</summary>
    public Outcome<TrustedKeys> Next(SignedDocument document)
    {
        var read = UpdateDocuments.Read(document, Type, UpdateJson.Default.TrustedKeys);
        if (!read.Succeeded) return read.Refusal;
        var next = read.Value;
        if (next.WhatIsWrong() is { } wrong) return Refusal.Invalid($"the trusted keys: {wrong}");
        if (next.Version != Version + 1) return new Refusal("rollback", $"the trusted keys have version {next.Version}; after {Version} comes {Version + 1}");
        if (!HasRelease(document, Type)) return new Refusal("signature", $"trusted keys {next.Version} are not signed by the release keys of version {Version}");
        return next.HasRelease(document, Type) ? next : new Refusal("signature", $"trusted keys {next.Version} are not signed by their own release keys");
    }
}

/// <summary>What goes to the device as the arguments of the command <c>update</c>.</summary>
/// <param name="Keys">Trusted keys that the device may not have yet, oldest first.</param>
public sealed record UpdateOffer(SignedDocument Assignment, SignedDocument Release, IReadOnlyList<SignedDocument> Keys)
{
    public const string Command = "update";

    /// <summary>Asks to let go of an offer that is not being installed yet.</summary>
    public const string StopCommand = "update-stop";
}
