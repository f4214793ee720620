using Seamless.Telemetry;
using Seamless.Telemetry.Updates;

namespace Seamless.DeviceAgent.Updates;

/// <summary>What this machine is, for the question whether a release is meant for it.</summary>
/// <param name="Product">The name its releases have.</param>
/// <param name="MostBytes">What a payload, and what it unpacks to, may take at most.</param>
public sealed record UpdateTarget(DeviceKey Device, string Product, string Hardware, long MostBytes);

/// <summary>What both roles have said, found to be true.</summary>
/// <param name="Manifest">Hash of the release.</param>
public sealed record AcceptedOffer(UpdateAssignment Assignment, ReleaseManifest Release, string Manifest, TrustedKeys Keys);

/// <summary>Decides whether an offer may be installed. Pure: the same offer, memory and time give the same answer.</summary>
/// <remarks>
/// The release role says what may run on which hardware, the director that this device shall have it now. Who holds one of the two keys can install nothing,
/// and who holds both can install nothing older than what runs. Codes of refusal are names for programs; they are listed in docs/reference/updates.md.
/// </remarks>
public static class OfferCheck
{
    /// <param name="now">The machine's clock; <see cref="UpdateMemory.TimeFloor"/> holds where it stands behind what signed documents have said.</param>
    public static Outcome<AcceptedOffer> Check(UpdateOffer offer, UpdateMemory memory, UpdateTarget target, Release running, DateTimeOffset now)
    {
        var keys = Newest(offer, memory.Keys);
        if (!keys.Succeeded) return keys.Refusal;
        if (!keys.Value.HasDirector(offer.Assignment)) return new Refusal("signature", "the assignment is not signed by a director this device trusts");
        if (!keys.Value.HasRelease(offer.Release, ReleaseManifest.Type)) return new Refusal("signature", $"the release is not signed by {keys.Value.ReleaseThreshold} of the release keys this device trusts");
        var assignment = UpdateDocuments.Read(offer.Assignment, UpdateAssignment.Type, UpdateJson.Default.UpdateAssignment);
        if (!assignment.Succeeded) return assignment.Refusal;
        var release = UpdateDocuments.Read(offer.Release, ReleaseManifest.Type, UpdateJson.Default.ReleaseManifest);
        if (!release.Succeeded) return release.Refusal;
        var accepted = new AcceptedOffer(assignment.Value, release.Value, offer.Release.Hash, keys.Value);
        return WhatIsWrong(accepted, memory, target, running, Latest(now, memory.TimeFloor)) is { } refusal ? refusal : accepted;
    }

    /// <summary>What may have changed while the machine was off or waited: asked again before it is installed.</summary>
    public static Refusal? Expired(AcceptedOffer offer, DateTimeOffset now) =>
        now >= offer.Assignment.ExpiresAt ? new Refusal("expired", $"the assignment was good until {offer.Assignment.ExpiresAt:O}, now is {now:O}")
        : now >= offer.Release.Expires ? new Refusal("expired", $"the release was good until {offer.Release.Expires:O}, now is {now:O}")
        : null;

    private static Refusal? WhatIsWrong(AcceptedOffer offer, UpdateMemory memory, UpdateTarget target, Release running, DateTimeOffset now)
    {
        var (assignment, release) = (offer.Assignment, offer.Release);
        if (release.WhatIsWrong() is { } wrong) return Refusal.Invalid($"the release: {wrong}");
        if (new DeviceKey(assignment.Tenant, assignment.Device) != target.Device) return new Refusal("wrong-device", $"the assignment is for {assignment.Tenant}/{assignment.Device}");
        if (assignment.Manifest != offer.Manifest) return new Refusal("mix-and-match", "the assignment is for another release than the one it came with");
        // After a change of the director's keys it may count anew: whoever had stolen the old ones may have driven the counter to its end.
        var counted = memory.Keys.Version == offer.Keys.Version || SameKeys(memory.Keys.Director, offer.Keys.Director) ? memory.Counter : 0;
        if (assignment.Counter <= counted) return new Refusal("replay", $"assignment {assignment.Counter} is not newer than {counted}, which this device has had");
        if (Expired(offer, now) is { } expired) return expired;
        if (release.Name != target.Product) return new Refusal("wrong-product", $"the release is of '{release.Name}', here runs '{target.Product}'");
        if (!release.HwIds.Contains(target.Hardware)) return new Refusal("wrong-hardware", $"the release is for {string.Join(", ", release.HwIds)}, this is '{target.Hardware}'");
        if (release.ReleaseCounter <= running.ReleaseCounter) return new Refusal("rollback", $"release {release.ReleaseCounter} is not above {running.ReleaseCounter}, which runs; an older program goes out again under a higher counter");
        if (memory.Failed.Contains(offer.Manifest)) return new Refusal("failed-before", "this release was rolled back here; a new one is needed");
        if (Math.Max(release.Size, release.UnpackedSize) > target.MostBytes) return new Refusal("too-large", $"the release takes {Math.Max(release.Size, release.UnpackedSize)} bytes; this device allows {target.MostBytes}");
        if (release.MinAgent is { } least && Version.Parse(least) > Version.Parse(running.Version)) return new Refusal("too-old", $"the release needs version {least}, {running.Version} runs");
        return null;
    }

    /// <summary>The keys after every newer document that the offer brings.</summary>
    private static Outcome<TrustedKeys> Newest(UpdateOffer offer, TrustedKeys keys)
    {
        foreach (var document in offer.Keys)
        {
            var read = UpdateDocuments.Read(document, TrustedKeys.Type, UpdateJson.Default.TrustedKeys);
            if (read is { Succeeded: true, Value.Version: var version } && version <= keys.Version) continue;
            var next = keys.Next(document);
            if (!next.Succeeded) return next.Refusal;
            keys = next.Value;
        }
        return keys;
    }

    private static bool SameKeys(IReadOnlyList<byte[]> some, IReadOnlyList<byte[]> others) =>
        some.Select(SignedDocument.KeyId).ToHashSet().SetEquals(others.Select(SignedDocument.KeyId));

    internal static DateTimeOffset Latest(DateTimeOffset some, DateTimeOffset other) => some > other ? some : other;
}
