using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MQTTnet;
using Seamless.EndToEnd.Tests.Rig;
using Seamless.Telemetry.Updates;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>What a customer helps themselves to at night, without a login and without anybody at the desk.</summary>
public sealed class WebSupportTests : IAsyncLifetime
{
    private static readonly byte[] Payload = Encoding.ASCII.GetBytes("0123456789");
    private SimulatedPlatform _platform = null!;   // started before each test

    [Fact]
    [Trait("Scenario", "60")]
    public async Task Incident_articles_subscription_enhancement_versions_and_downloads_need_no_agent()
    {
        var ticket = await _platform.PostAsync("/api/v1/tickets", new { device = "pump-1", title = new { en = "Water under the pump", zhCN = "泵下有水" }, faultCode = "seal-leak" });
        var (number, door) = ((string)ticket["id"]!, $"/api/v1/track/{(string)ticket["trackingCode"]!}");
        var article = await PublishedAsync("Seal leaks", audience: "public");
        var secret = await PublishedAsync("Margins of seals", audience: "internal");

        // While it is open: each step, and what to do meanwhile. What is for us alone is not found.
        var incident = await GuestAsync($"{door}/incident");
        Assert.Equal("opened", (string)incident["steps"]![0]!["kind"]!);
        Assert.Null(incident["solution"]);
        Assert.Equal(article, (string)Assert.Single(incident["articles"]!.AsArray())!["id"]!);
        Assert.Equal([article], (await GuestAsync($"{door}/articles?q=seal"))["items"]!.AsArray().Select(a => (string)a!["id"]!));
        Assert.Equal("Close the valve", (string)(await GuestAsync($"{door}/articles/{article}"))["steps"]![0]!);
        Assert.Equal(HttpStatusCode.NotFound, (await _platform.GuestAsync(HttpMethod.Get, $"{door}/articles/{secret}")).Status);

        // They follow the article; once it changes it stands on their page.
        Assert.False((bool)(await GuestAsync($"{door}/articles/{article}/subscription", HttpMethod.Put))["items"]![0]!["updated"]!);
        await _platform.PassAsync(TimeSpan.FromHours(1));
        await _platform.PutAsync($"/api/v1/articles/{article}/texts/en", Words("Seal leaks", "Stop the pump first"), by: "lin");
        await ReviewAsync(article);
        Assert.True((bool)(await GuestAsync($"{door}/subscriptions"))["items"]![0]!["updated"]!);
        Assert.Contains((await GuestAsync(door))["milestones"]!.AsArray(), m => (string)m!["kind"]! == "article-updated");
        Assert.Empty((await GuestAsync($"{door}/articles/{article}/subscription", HttpMethod.Delete))["items"]!.AsArray());

        // What the product should do better goes to the product, and its answer is read here.
        var asked = (await _platform.GuestAsync(HttpMethod.Post, $"{door}/enhancements", new { text = "Show the seal's age" })).Body!["requests"]![0]!;
        var request = Assert.Single((await _platform.GetAsync("/api/v1/requests"))["items"]!.AsArray())!;
        Assert.Equal(((string)asked["number"]!, "product"), ((string)request["number"]!, (string)request["department"]!));

        // Versions, and the release that customers may have.
        var (given, kept) = await ReleasesAsync();
        var versions = await GuestAsync($"{door}/versions");
        Assert.Equal(("1.0.0", "1.2.0", false), ((string)versions["own"]!["version"]!, (string)versions["own"]!["newest"]!, (bool)versions["own"]!["upToDate"]!));
        Assert.Equal([("1.0.0", 1), ("1.2.0", 1)], versions["fleet"]!.AsArray().Select(v => ((string)v!["version"]!, (int)v["devices"]!)));
        Assert.Equal([given], (await GuestAsync($"{door}/downloads"))["items"]!.AsArray().Select(d => (string)d!["artefact"]!));
        Assert.Equal((HttpStatusCode.OK, "0123456789"), await _platform.AsGuestAsync($"{door}/downloads/{given}"));
        Assert.Equal(HttpStatusCode.NotFound, (await _platform.GuestAsync(HttpMethod.Get, $"{door}/downloads/{kept}")).Status);

        // Solved: what it was and what ended it.
        await _platform.PostAsync($"/api/v1/tickets/{number}/actions/resolve", new { mode = "ELU", mechanism = "1.1 Leakage", cause = "Expected wear and tear", faultCode = "seal-leak" });
        var solution = (await GuestAsync($"{door}/incident"))["solution"]!;
        Assert.Equal(("Mechanical seal leaks", "Replace the mechanical seal"), ((string)solution["cause"]!, (string)solution["remedy"]!));

        var nothing = new HashSet<string>();
        foreach (var path in (string[])["incident", $"articles/{article}", "versions", $"downloads/{given}"])
            nothing.Add((string)(await _platform.GuestAsync(HttpMethod.Get, $"/api/v1/track/{number}/{path}?serial=SN-0")).Body!["detail"]!);
        Assert.Single(nothing);   // who guesses learns nothing
    }

    public async ValueTask InitializeAsync()
    {
        _platform = await SimulatedPlatform.StartAsync(new DateTimeOffset(2026, 3, 16, 2, 0, 0, TimeSpan.Zero));
        await _platform.IntroduceAsync("lin", "technician");
        await _platform.IntroduceAsync("mo", "engineer");
        await DeviceAsync("pump-1", "1.0.0");
        await DeviceAsync("pump-2", "1.2.0");
    }

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    private async Task<JsonNode> GuestAsync(string path, HttpMethod? method = null)
    {
        var (status, body) = await _platform.GuestAsync(method ?? HttpMethod.Get, path);
        Assert.True(status is HttpStatusCode.OK, $"{path}: {status} {body}");
        return body!;
    }

    /// <summary>A machine that tells its version when it comes online.</summary>
    private async Task DeviceAsync(string id, string version)
    {
        await _platform.PostAsync("/api/v1/devices", new { id, type = "pump", site = "works", customer = "acme", serial = $"SN-{id}" });
        var token = (string)(await _platform.PostAsync($"/api/v1/devices/{id}/token", new { }))["token"]!;
        using var machine = new MqttClientFactory().CreateMqttClient();
        await machine.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", _platform.MqttPort).WithCredentials(id, token).WithClientId(id).Build());
        await machine.PublishStringAsync($"v1/default/{id}/state", $$"""{"status":"online","agent":"{{version}}"}""", MQTTnet.Protocol.MqttQualityOfServiceLevel.AtLeastOnce);
        await machine.DisconnectAsync();
    }

    private static object Words(string title, string step) => new { title, problem = "Water under the pump", steps = new[] { step, "Call us" }, resolution = "A new seal" };

    private async Task<string> PublishedAsync(string title, string audience)
    {
        var article = (string)(await _platform.PostAsync(
            "/api/v1/articles", new { language = "en", title, problem = "Water under the pump", steps = new[] { "Close the valve" }, resolution = "A new seal", type = "pump", faultCode = "seal-leak", audience }, by: "lin"))["id"]!;
        await ReviewAsync(article);
        return article;
    }

    private async Task ReviewAsync(string article)
    {
        await _platform.PostAsync($"/api/v1/articles/{article}/actions/submit", new { }, by: "lin");
        await _platform.PostAsync($"/api/v1/articles/{article}/actions/publish", new { }, by: "mo");
    }

    /// <summary>Two signed releases, of which customers may have the first.</summary>
    private async Task<(string Given, string Kept)> ReleasesAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var director = ECDsa.Create();
        director.ImportFromPem((string)(await _platform.GetAsync("/api/v1/updates/director-key"))["pem"]!);
        var keys = new TrustedKeys(1, [key.ExportSubjectPublicKeyInfo()], [director.ExportSubjectPublicKeyInfo()]);
        await _platform.PutAsync("/api/v1/updates/keys", JsonSerializer.SerializeToNode(UpdateDocuments.Sign(TrustedKeys.Type, keys, UpdateJson.Default.TrustedKeys, key), UpdateJson.Default.SignedDocument)!);
        var (given, kept) = (await UploadAsync("1.1.0", 1), await UploadAsync("1.2.0", 2));
        await _platform.PutAsync("/api/v1/articles/policy", new { downloads = new[] { given } });
        return (given, kept);

        async Task<string> UploadAsync(string version, long counter)
        {
            var manifest = new ReleaseManifest("seamless-agent", version, counter, ["pump"], Payload.Length, Convert.ToHexStringLower(SHA256.HashData(Payload)), 10, "run", _platform.Now.AddDays(30));
            var signed = UpdateDocuments.Sign(ReleaseManifest.Type, manifest, UpdateJson.Default.ReleaseManifest, key);
            return (string)(await _platform.UploadAsync("/api/v1/updates/artefacts", ("release", JsonSerializer.SerializeToUtf8Bytes(signed, UpdateJson.Default.SignedDocument)), ("payload", Payload)))["id"]!;
        }
    }
}
