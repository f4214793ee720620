using System.CommandLine;
using System.Formats.Tar;
using System.IO.Compression;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Seamless.Portal.Api;
using Seamless.Portal.Commands.Settings;
using Seamless.Telemetry;
using Seamless.Telemetry.Updates;

namespace Seamless.Portal.Commands;

/// <summary><c>update</c>: keys, signed releases, campaigns. What signs works on files alone: the release key need never be on the platform's machine.</summary>
internal static class UpdateVerbs
{
    private const string Path = "api/v1/updates";

    public static Command Create() =>
        Verb.Create("update", "Signed releases of the program at the machines, and campaigns that bring them there.", "update sign dist --name seamless-agent --version 1.1.0 --counter 11 --hardware pump --entry seamless-agent --key release.pem --out release-1.1.0")
            .With(Key(), Trust(), Sign(), Publish(), Versions(), CampaignVerbs.Create());

    private static Command Key()
    {
        var output = new Option<FileInfo?>("--out") { Description = "Where the private key goes; the public one beside it as .pub.pem.", HelpName = "FILE" };
        var director = new Option<bool>("--director") { Description = "Print the platform's own public key instead." };
        return Verb.Create("key", "A new release key, or the platform's director key.", "update key --out release.pem", "update key --director")
            .With(output, director)
            .Run(async (parsed, settings, ct) =>
            {
                if (parsed.GetValue(director)) return await PlatformClient.AskAsync<DirectorKeyView>(settings, (http, token) => http.GetAsync($"{Path}/director-key", token), key => Console.WriteLine(key.Pem), ct);
                if (parsed.GetValue(output) is not { } file) return Terminal.Misused("name the file with --out FILE, or ask for --director");
                if (file.Exists) return Terminal.Misused($"{file.FullName} exists already; a key is never written over");
                using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
                await WritePrivateAsync(file.FullName, key.ExportPkcs8PrivateKeyPem(), ct);
                var open = System.IO.Path.ChangeExtension(file.FullName, ".pub.pem");
                await File.WriteAllTextAsync(open, key.ExportSubjectPublicKeyInfoPem() + "\n", ct);
                Console.WriteLine(open);
                return Terminal.Success;
            });
    }

    private static Command Trust()
    {
        var release = new Option<FileInfo[]>("--release") { Description = "Public key of who may release; several: the option again.", HelpName = "FILE" };
        var director = new Option<FileInfo[]>("--director") { Description = "Public key of a platform.", HelpName = "FILE" };
        var threshold = new Option<int>("--threshold") { Description = "How many release keys must sign.", DefaultValueFactory = _ => 1 };
        var version = new Option<int>("--version-number") { Description = "1 for the first; the one before plus 1 for the next.", DefaultValueFactory = _ => 1, HelpName = "N" };
        var keys = new Option<FileInfo[]>("--key") { Description = "Private release keys that sign it: of the version before and of this one.", HelpName = "FILE" };
        var output = new Option<FileInfo>("--out") { Description = "The signed document, for the agents' updates.keys.", Required = true, HelpName = "FILE" };
        var upload = new Option<bool>("--upload") { Description = "Give it to the platform as well." };
        return Verb.Create("trust", "The signed document of who may release and assign.", "update trust --release release.pub.pem --director director.pem --key release.pem --out keys.json --upload")
            .With(release, director, threshold, version, keys, output, upload)
            .Run(async (parsed, settings, ct) =>
            {
                var trusted = new TrustedKeys(parsed.GetValue(version), [.. (parsed.GetValue(release) ?? []).Select(PublicKey)], [.. (parsed.GetValue(director) ?? []).Select(PublicKey)], parsed.GetValue(threshold));
                if (trusted.WhatIsWrong() is { } wrong) return Terminal.Misused(wrong);
                var document = Signed(UpdateDocuments.Sign(TrustedKeys.Type, trusted, UpdateJson.Default.TrustedKeys), parsed.GetValue(keys) ?? []);
                if (!trusted.HasRelease(document, TrustedKeys.Type)) return Terminal.Misused("it must be signed by its own release keys: give them with --key");
                var target = parsed.GetRequiredValue(output);
                await File.WriteAllBytesAsync(target.FullName, JsonSerializer.SerializeToUtf8Bytes(document, UpdateJson.Default.SignedDocument), ct);
                Console.WriteLine(target.FullName);
                return parsed.GetValue(upload)
                    ? await PlatformClient.AskAsync<TrustView>(settings, (http, token) => http.PutAsJsonAsync($"{Path}/keys", document, ApiJson.Options, token), _ => { }, ct)
                    : Terminal.Success;
            });
    }

    private static Command Sign()
    {
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "The program's folder." };
        var name = new Option<string>("--name") { Description = "The product.", DefaultValueFactory = _ => "seamless-agent" };
        var version = new Option<string>("--release-version", "--version") { Description = "As 1.2.3.", Required = true, HelpName = "V" };
        var counter = new Option<long>("--counter") { Description = "Above that of every earlier release, also when an older program goes out again.", Required = true, HelpName = "N" };
        var hardware = new Option<string>("--hardware") { Description = "Hardware ids, usually equipment types; several with commas.", Required = true, HelpName = "ID,…" };
        var entry = new Option<string>("--entry") { Description = "The program to start.", DefaultValueFactory = _ => "seamless-agent" };
        var days = new Option<int>("--days") { Description = "How long it may be installed.", DefaultValueFactory = _ => 365 };
        var minAgent = new Option<string?>("--min-agent") { Description = "The version that must run before.", HelpName = "V" };
        var notes = new Option<string?>("--notes") { Description = "For people." };
        var keys = new Option<FileInfo[]>("--key") { Description = "Private release key; several: the option again.", Required = true, HelpName = "FILE" };
        var output = new Option<string>("--out") { Description = "PREFIX.tar.gz and PREFIX.release.json.", Required = true, HelpName = "PREFIX" };
        return Verb.Create("sign", "Pack a program's folder and sign it, on whatever machine the release key is kept.", "update sign dist --version 1.1.0 --counter 11 --hardware pump --key release.pem --out agent-1.1.0")
            .With(folder, name, version, counter, hardware, entry, days, minAgent, notes, keys, output)
            .Run(async (parsed, _, ct) =>
            {
                var (source, prefix) = (parsed.GetRequiredValue(folder), parsed.GetRequiredValue(output));
                if (!source.Exists) return Terminal.Misused($"{source.FullName}: there is no such folder");
                var payload = $"{prefix}.tar.gz";
                await PackAsync(source, payload, ct);
                await using var packed = File.OpenRead(payload);
                var manifest = new ReleaseManifest(
                    parsed.GetRequiredValue(name), parsed.GetRequiredValue(version), parsed.GetRequiredValue(counter), parsed.GetRequiredValue(hardware).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), packed.Length,
                    Convert.ToHexStringLower(await SHA256.HashDataAsync(packed, ct)), Math.Max(1, source.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length)), parsed.GetRequiredValue(entry),
                    TimeProvider.System.GetUtcNow().AddDays(parsed.GetValue(days)), parsed.GetValue(minAgent), parsed.GetValue(notes));
                if (manifest.WhatIsWrong() is { } wrong) return Terminal.Misused(wrong);
                if (!File.Exists(System.IO.Path.Combine(source.FullName, manifest.Entry))) return Terminal.Misused($"{source.FullName} has no file {manifest.Entry}; name the program with --entry");
                var document = Signed(UpdateDocuments.Sign(ReleaseManifest.Type, manifest, UpdateJson.Default.ReleaseManifest), parsed.GetRequiredValue(keys));
                await File.WriteAllBytesAsync($"{prefix}.release.json", JsonSerializer.SerializeToUtf8Bytes(document, UpdateJson.Default.SignedDocument), ct);
                Console.WriteLine(payload);
                Console.WriteLine($"{prefix}.release.json");
                return Terminal.Success;
            });
    }

    private static Command Publish()
    {
        var prefix = new Argument<string>("PREFIX") { Description = "As update sign wrote it." };
        return Verb.Create("publish", "Give a signed release to the platform; prints its id alone on the last line.", "update publish agent-1.1.0")
            .With(prefix, Verb.Json)
            .Run(async (parsed, settings, ct) =>
            {
                var (release, payload) = ($"{parsed.GetRequiredValue(prefix)}.release.json", $"{parsed.GetRequiredValue(prefix)}.tar.gz");
                if (((string[])[release, payload]).FirstOrDefault(file => !File.Exists(file)) is { } missing) return Terminal.Misused($"{missing}: there is no such file; make it with: seamless update sign");
                await using var content = File.OpenRead(payload);
                using var form = new MultipartFormDataContent
                {
                    { new ByteArrayContent(await File.ReadAllBytesAsync(release, ct)), "release", "release.json" },
                    { new StreamContent(content), "payload", "payload.tar.gz" },
                };
                return await PlatformClient.AskAsync<ArtefactView>(settings, (http, token) => http.PostAsync($"{Path}/artefacts", form, token), artefact =>
                {
                    if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(artefact);
                    else Console.WriteLine(artefact.Id);
                }, ct);
            });
    }

    private static Command Versions() =>
        Verb.Create("versions", "How many devices of each type run which version.", "update versions --json")
            .With(Verb.Json)
            .Run((parsed, settings, ct) => PlatformClient.AskAsync<List<Seamless.Fleet.Updates.VersionCount>>(settings, (http, token) => http.GetAsync($"{Path}/versions", token), counts =>
            {
                if (parsed.GetValue(Verb.Json)) Terminal.PrintJson(counts);
                else Terminal.PrintTable(["TYPE", "VERSION", "DEVICES"], counts.Select(c => (IReadOnlyList<string>)[c.Type, c.Version ?? "(unknown)", $"{c.Devices}"]));
            }, ct));

    /// <summary>The same folder gives the same bytes: names in order, no times, no owners.</summary>
    private static async Task PackAsync(DirectoryInfo source, string payload, CancellationToken ct)
    {
        await using var file = File.Create(payload);
        await using var zip = new GZipStream(file, CompressionLevel.SmallestSize);
        await using var tar = new TarWriter(zip, TarEntryFormat.Pax);
        foreach (var found in source.EnumerateFiles("*", SearchOption.AllDirectories).OrderBy(f => f.FullName, StringComparer.Ordinal))
        {
            await using var content = found.OpenRead();
            var entry = new PaxTarEntry(TarEntryType.RegularFile, System.IO.Path.GetRelativePath(source.FullName, found.FullName).Replace('\\', '/')) { DataStream = content, ModificationTime = DateTimeOffset.UnixEpoch };
            if (!OperatingSystem.IsWindows()) entry.Mode = found.UnixFileMode;
            await tar.WriteEntryAsync(entry, ct);
        }
    }

    private static SignedDocument Signed(SignedDocument document, IReadOnlyList<FileInfo> keys)
    {
        foreach (var file in keys)
        {
            using var key = Load(file);
            document = document.SignedBy(key);
        }
        return document;
    }

    private static byte[] PublicKey(FileInfo file)
    {
        using var key = Load(file);
        return key.ExportSubjectPublicKeyInfo();
    }

    private static ECDsa Load(FileInfo file)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(file.FullName));
            if (key.KeySize == 256) return key;
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or CryptographicException)
        {
            // said below
        }
        key.Dispose();
        throw new InvalidOperationException($"{file.FullName} is no key of ECDSA P-256 in PEM");
    }

    private static async Task WritePrivateAsync(string file, string pem, CancellationToken ct)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var writer = new StreamWriter(file, options);
        await writer.WriteAsync((pem + "\n").AsMemory(), ct);
    }
}
