using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Seamless.EndToEnd.Tests.Rig;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>A dispute about a repair is decided by a file that needs no trust in whoever hands it over.</summary>
public sealed class EvidenceTests(SharedPlatform shared) : IClassFixture<SharedPlatform>, IDisposable
{
    private static readonly string Photo = new('a', 64);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("seamless-evidence-");
    private readonly SimulatedPlatform _platform = shared.Platform;

    [Fact]
    [Trait("Scenario", "28")]
    public async Task The_evidence_of_a_repair_verifies_offline_and_whatever_is_done_to_it_is_found_out()
    {
        var number = await RepairAsync("pump-1");
        var content = await _platform.BytesAsync($"/api/v1/tickets/{number}/evidence");
        var bundle = await FileAsync("bundle.zip", content);
        var key = await FileAsync("platform.pem", await _platform.BytesAsync("/api/v1/evidence/key"));

        Assert.Contains($"whole: {number}", await Programs.RunAsync("seamless", "evidence", "verify", bundle, "--key", key), StringComparison.Ordinal);
        Assert.Contains("compare its id", await Programs.RunAsync("seamless", "evidence", "verify", bundle), StringComparison.Ordinal);
        await KnowsTheStoryAsync(content, number);

        await FailsAsync("milestones.json was altered", Changed(content, zip => Replace(zip, "milestones.json", Read(zip, "milestones.json").Replace("slip 4711", "slip 4712", StringComparison.Ordinal))), key);
        await FailsAsync("parts.json is missing", Changed(content, zip => zip.GetEntry("parts.json")!.Delete()), key);
        await FailsAsync("invoice.json was added", Changed(content, zip => Replace(zip, "invoice.json", "{}")), key);
        await FailsAsync("is not what key", Changed(content, zip => Replace(zip, "manifest.json", Read(zip, "manifest.json").Replace("2026-03-02", "2026-03-03", StringComparison.Ordinal))), key);
        await FailsAsync("cut short or damaged", content[..(content.Length / 2)], key);
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await FailsAsync("the key to check with is", content, await FileAsync("stranger.pem", Encoding.ASCII.GetBytes(stranger.ExportSubjectPublicKeyInfoPem())));
    }

    [Fact]
    public async Task Evidence_is_for_those_who_work_on_tickets_and_each_bundle_is_written_down()
    {
        var number = await RepairAsync("pump-2");
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await _platform.AsGuestAsync($"/api/v1/tickets/{number}/evidence")).Status);
        await _platform.BytesAsync($"/api/v1/tickets/{number}/evidence");
        Assert.Contains((await _platform.GetAsync("/api/v1/audit"))["items"]!.AsArray(), entry => (string)entry!["action"]! == "evidence.export");
        Assert.Contains($"\"kind\":\"evidence\"", await _platform.TextAsync("/api/v1/kpis/log"), StringComparison.Ordinal);
        Assert.Contains("64 hexadecimal digits", (string)(await _platform.PostAsync($"/api/v1/tickets/{await _platform.OpenTicketAsync()}/actions/acknowledge", new { photos = "cat.jpg" }, 400))["detail"]!, StringComparison.Ordinal);
    }

    /// <summary>What happened, from the files alone.</summary>
    private async Task KnowsTheStoryAsync(byte[] content, string number)
    {
        using var zip = new ZipArchive(new MemoryStream(content));
        var resolved = JsonNode.Parse(Read(zip, "milestones.json"))!.AsArray().Single(entry => (string)entry!["kind"]! == "resolved")!;
        Assert.Equal((Photo, "slip 4711", 39.9), ((string)resolved["photos"]![0]!, (string)resolved["signature"]!, (double)resolved["place"]!["latitude"]!));
        Assert.Equal(TimeSpan.FromMinutes(9), Time(resolved["deviceTime"]!) - Time(resolved["happenedAt"]!));   // the telephone's clock ran ahead
        Assert.Contains("vibration", Read(zip, "telemetry.csv"), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("bearing-wear", (string)JsonNode.Parse(Read(zip, "diagnosis.json"))!["causes"]![0]!["code"]!);
        Assert.NotEmpty(JsonNode.Parse(Read(zip, "parts.json"))!["custody"]!.AsArray());
        Assert.Equal("loud since Monday", (string)JsonNode.Parse(Read(zip, "thread.json"))!["complaints"]![0]!["text"]!);

        // The events stand in the platform's own log, and its chain goes on from the head that the manifest names.
        var log = await _platform.TextAsync("/api/v1/kpis/log");
        Assert.All(Read(zip, "events.ndjson").TrimEnd().Split('\n'), line => Assert.Contains((string)JsonNode.Parse(line)!["hash"]!, log, StringComparison.Ordinal));
        var head = JsonNode.Parse(Read(zip, "manifest.json"))!["logHead"]!;
        Assert.True((bool)(await _platform.GetAsync($"/api/v1/kpis/log/check?number={head["number"]}&hash={head["hash"]}"))["whole"]!);
        Assert.DoesNotContain((string)(await _platform.TicketAsync(number))["trackingCode"]!, Read(zip, "ticket.json"), StringComparison.Ordinal);
    }

    private async Task<string> RepairAsync(string device)
    {
        await _platform.PostAsync("/api/v1/devices", new { id = device, type = "pump", site = "s1", customer = "acme" });
        await _platform.PostAsync($"/api/v1/devices/{device}/telemetry", new { ts = _platform.Now.ToUnixTimeMilliseconds(), values = new { vibration = 7.5 } });
        var number = (string)(await _platform.PostAsync("/api/v1/tickets", new { device, faultCode = "bearing-wear", priority = "p2", title = new { en = "Pump is loud", zhCN = "水泵噪声大" } }))["id"]!;
        await _platform.PostAsync("/api/v1/complaints", new { type = "quality", ticket = number, text = "loud since Monday" });
        await _platform.PassAsync(TimeSpan.FromHours(1));
        await _platform.PostAsync($"/api/v1/tickets/{number}/actions/acknowledge", new { });
        await _platform.PostAsync($"/api/v1/tickets/{number}/actions/depart", new { });
        await _platform.PassAsync(TimeSpan.FromHours(1));
        await _platform.PostAsync($"/api/v1/tickets/{number}/actions/arrive", new { });
        await _platform.PassAsync(TimeSpan.FromHours(1));
        var fast = _platform.Now.AddMinutes(9);
        await _platform.PostAsync($"/api/v1/tickets/{number}/actions/resolve", new { at = $"{fast.AddMinutes(-2):O}", sentAt = $"{fast:O}", latitude = "39.9", longitude = "116.4", photos = Photo, signature = "slip 4711" });
        await _platform.PassAsync(TimeSpan.FromSeconds(1));
        return number;
    }

    private async Task FailsAsync(string why, byte[] content, string key)
    {
        var file = await FileAsync("tried.zip", content);
        Assert.Contains(why, await Programs.FailAsync("seamless", "evidence", "verify", file, "--key", key), StringComparison.Ordinal);
    }

    private async Task<string> FileAsync(string name, byte[] content)
    {
        var file = Path.Combine(_folder.FullName, name);
        await File.WriteAllBytesAsync(file, content);
        return file;
    }

    private static byte[] Changed(byte[] content, Action<ZipArchive> change)
    {
        var memory = new MemoryStream();
        memory.Write(content);
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Update, leaveOpen: true)) change(zip);
        return memory.ToArray();
    }

    private static void Replace(ZipArchive zip, string name, string text)
    {
        zip.GetEntry(name)?.Delete();
        using var writer = new StreamWriter(zip.CreateEntry(name).Open());
        writer.Write(text);
    }

    private static string Read(ZipArchive zip, string name)
    {
        using var reader = new StreamReader(zip.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }

    private static DateTimeOffset Time(JsonNode text) => DateTimeOffset.Parse((string)text!, System.Globalization.CultureInfo.InvariantCulture);

    public void Dispose() => _folder.Delete(recursive: true);
}
