using System.Security.Cryptography;
using System.Text;
using Seamless.ServiceDesk.Evidence;
using Seamless.ServiceDesk.Kpis;
using Seamless.Telemetry.Updates;

namespace Seamless.ServiceDesk.Tests.Evidence;

public sealed class EvidenceCheckTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task What_was_packed_is_whole_under_the_key_that_signed_it()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var finding = Verify(await PackAsync(key), key);
        Assert.Empty(finding.Problems);
        Assert.Equal(SignedDocument.KeyId(key), finding.KeyId);
    }

    [Fact]
    public async Task No_bytes_at_all_make_it_throw_and_a_changed_byte_never_passes_for_other_content()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var whole = await PackAsync(key);
        var story = await StoryOfAsync(whole);
        var random = new Random(28);
        for (var round = 0; round < 2000; round++)
        {
            var bytes = whole.ToArray();
            for (var changes = random.Next(1, 4); changes > 0; changes--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Next(4) == 0) bytes = bytes[..random.Next(bytes.Length)];
            if (Verify(bytes, key).Whole) Assert.Equal(story, await StoryOfAsync(bytes));   // a date of the archive's directory is nobody's evidence
        }
    }

    private static EvidenceFinding Verify(byte[] bytes, ECDsa key) => EvidenceCheck.Verify(new MemoryStream(bytes), key.ExportSubjectPublicKeyInfo());

    private static async Task<string> StoryOfAsync(byte[] bytes)
    {
        await using var zip = new System.IO.Compression.ZipArchive(new MemoryStream(bytes));
        using var reader = new StreamReader(await zip.GetEntry("milestones.json")!.OpenAsync());
        return await reader.ReadToEndAsync();
    }

    private static async Task<byte[]> PackAsync(ECDsa key)
    {
        EvidenceFile[] files = [new("milestones.json", Encoding.UTF8.GetBytes("""[{"kind":"on-site","actor":"tech-1"}]""")), new("parts.json", "{}"u8.ToArray())];
        var manifest = new EvidenceManifest(EvidenceManifest.CurrentFormat, "T-1001", "default", At, "anna", new LogHead(3, EventChain.Origin), SignedDocument.KeyId(key), [.. files.Select(EvidenceArchive.List)]);
        return await EvidenceArchive.PackAsync(EvidenceFile.Json(EvidenceArchive.Manifest, manifest).Content, files, key, At, default);
    }
}
