using System.Security.Cryptography;
using System.Text.Json;
using Seamless.Storage.Operations;
using Seamless.Telemetry;
using Seamless.Telemetry.Updates;

namespace Seamless.Fleet.Updates;

/// <summary>The platform's own key, and whom its devices trust. Files under <c>updates/</c> of the data directory.</summary>
/// <remarks><c>director.pem</c> is readable by its owner alone. <c>keys/TENANT/N.json</c> are all documents there were: a device that was away needs each of them.</remarks>
internal sealed class KeyRing(string folder)
{
    private readonly Lock _gate = new();
    private ECDsa? _director;

    public ECDsa Director
    {
        get
        {
            lock (_gate) return _director ??= SigningKeyFile.LoadOrMake(Path.Combine(folder, "director.pem"));
        }
    }

    public SignedDocument? Newest(string tenant) => After(tenant, 0) is { Count: > 0 } all ? all[^1] : null;

    public TrustedKeys? Trusted(string tenant) => Newest(tenant) is { } document ? Read(document).Value : null;

    /// <summary>The documents after a version, oldest first.</summary>
    public IReadOnlyList<SignedDocument> After(string tenant, int version)
    {
        var documents = new List<SignedDocument>();
        for (var next = version + 1; File.Exists(FileOf(tenant, next)); next++)
            documents.Add(JsonSerializer.Deserialize(File.ReadAllBytes(FileOf(tenant, next)), UpdateJson.Default.SignedDocument)!);
        return documents;
    }

    public Outcome<TrustedKeys> Take(string tenant, SignedDocument document)
    {
        lock (_gate)
        {
            if (Newest(tenant) is { } newest && newest.Hash == document.Hash) return Read(document);
            var next = Trusted(tenant) is { } keys ? keys.Next(document) : First(document);
            if (!next.Succeeded) return next;
            if (!next.Value.Director.Any(key => key.AsSpan().SequenceEqual(Director.ExportSubjectPublicKeyInfo())))
                return Refusal.Invalid("this platform's director key is not among them, so it could assign nothing; get it with: seamless update key --director");
            Directory.CreateDirectory(Path.GetDirectoryName(FileOf(tenant, 1))!);
            var fresh = FileOf(tenant, next.Value.Version) + ".new";
            File.WriteAllBytes(fresh, JsonSerializer.SerializeToUtf8Bytes(document, UpdateJson.Default.SignedDocument));
            File.Move(fresh, FileOf(tenant, next.Value.Version), overwrite: true);
            return next;
        }
    }

    private static Outcome<TrustedKeys> First(SignedDocument document)
    {
        var read = Read(document);
        if (!read.Succeeded) return read;
        if (read.Value.WhatIsWrong() is { } wrong) return Refusal.Invalid($"the trusted keys: {wrong}");
        if (read.Value.Version != 1) return Refusal.Invalid($"the first trusted keys have version 1, these have {read.Value.Version}");
        return read.Value.HasRelease(document, TrustedKeys.Type) ? read : Refusal.Because("the trusted keys are not signed by their own release keys");
    }

    private static Outcome<TrustedKeys> Read(SignedDocument document) => UpdateDocuments.Read(document, TrustedKeys.Type, UpdateJson.Default.TrustedKeys);

    // A tenant's name may hold what a file system gives a meaning to.
    private string FileOf(string tenant, int version) => Path.Combine(folder, "keys", tenant.Replace(':', '='), $"{version}.json");
}
