using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Seamless.Fleet.Updates;
using Seamless.Portal.Api;
using Seamless.Telemetry.Updates;

namespace Seamless.Portal.Tests.Api;

/// <summary>Releases and campaigns over the API: who may what, and what a device gets.</summary>
public sealed class UpdatesTests(RunningPlatform running)
{
    private static readonly byte[] Payload = Encoding.ASCII.GetBytes("0123456789");

    [Fact]
    public async Task A_signed_release_is_offered_by_a_campaign_and_its_payload_given_to_the_device_it_was_offered_to_alone()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var thief = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var director = (string)(await JsonAsync(running.Admin, "/api/v1/updates/director-key"))["pem"]!;
        using var platform = ECDsa.Create();
        platform.ImportFromPem(director);
        var keys = new TrustedKeys(1, [key.ExportSubjectPublicKeyInfo()], [platform.ExportSubjectPublicKeyInfo()]);
        using var trusted = await running.Admin.PutAsJsonAsync("/api/v1/updates/keys", UpdateDocuments.Sign(TrustedKeys.Type, keys, UpdateJson.Default.TrustedKeys, key), ApiJson.Options);
        Assert.Equal(HttpStatusCode.OK, trusted.StatusCode);

        using var forged = await UploadAsync(thief);
        Assert.Equal(HttpStatusCode.Conflict, forged.StatusCode);
        Assert.Contains("not signed by 1 of the 1 trusted release keys", (string)(await RunningPlatform.BodyAsync(forged))["detail"]!, StringComparison.Ordinal);
        using var taken = await UploadAsync(key);
        Assert.Equal(HttpStatusCode.Created, taken.StatusCode);
        var artefact = (string)(await RunningPlatform.BodyAsync(taken))["id"]!;

        var (offered, other) = (await DeviceAsync("updated-1", "updatable"), await DeviceAsync("updated-2", "other"));
        using var early = await PayloadAsync(artefact, "updated-1", offered);
        Assert.Equal(HttpStatusCode.NotFound, early.StatusCode);
        using var odd = await running.Admin.PostAsync("/api/v1/updates/campaigns", RunningPlatform.Json($$"""{"name":"odd","artefact":"{{artefact}}","window":"late"}"""));
        Assert.Equal(HttpStatusCode.BadRequest, odd.StatusCode);
        using var draft = await running.Admin.PostAsync("/api/v1/updates/campaigns", RunningPlatform.Json($$"""{"name":"api","artefact":"{{artefact}}","target":{"type":"updatable"} }"""));
        Assert.Equal(HttpStatusCode.Created, draft.StatusCode);
        var id = (string)(await RunningPlatform.BodyAsync(draft))["id"]!;
        using var started = await running.Admin.PostAsync($"/api/v1/updates/campaigns/{id}/start", null);
        Assert.Equal(HttpStatusCode.OK, started.StatusCode);
        await running.Platform.Services.GetRequiredService<IUpdates>().AdvanceAsync(TimeProvider.System.GetUtcNow(), TestContext.Current.CancellationToken);

        using var whole = await PayloadAsync(artefact, "updated-1", offered);
        Assert.Equal("0123456789", await whole.Content.ReadAsStringAsync());
        using var part = await PayloadAsync(artefact, "updated-1", offered, from: 4);
        Assert.Equal((HttpStatusCode.PartialContent, "456789"), (part.StatusCode, await part.Content.ReadAsStringAsync()));
        using var foreign = await PayloadAsync(artefact, "updated-2", other);
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        using var wrong = await PayloadAsync(artefact, "updated-1", other);
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        using var byKey = await running.Admin.GetAsync($"/api/v1/updates/payloads/{artefact}");
        Assert.Equal(HttpStatusCode.Unauthorized, byKey.StatusCode);

        var devices = await JsonAsync(running.Admin, $"/api/v1/updates/campaigns/{id}/devices");
        Assert.Equal("offered", (string)Assert.Single(devices["items"]!.AsArray())!["state"]!);
        using var aborted = await running.Admin.PostAsync($"/api/v1/updates/campaigns/{id}/abort", null);
        Assert.Equal("aborted", (string)(await RunningPlatform.BodyAsync(aborted))["state"]!);
        using var again = await running.Admin.PostAsync($"/api/v1/updates/campaigns/{id}/resume", null);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        using var late = await PayloadAsync(artefact, "updated-1", offered);
        Assert.Equal(HttpStatusCode.NotFound, late.StatusCode);
        var audit = (await JsonAsync(running.Admin, "/api/v1/audit?limit=1000"))["items"]!.AsArray().Select(entry => (string)entry!["action"]!).ToHashSet();
        Assert.Superset(new HashSet<string> { "update.trust", "update.publish", "update.campaign.create", "update.campaign.start", "update.campaign.abort" }, audit);

        async Task<HttpResponseMessage> UploadAsync(ECDsa by)
        {
            var manifest = new ReleaseManifest("seamless-agent", "9.0.0", 9, ["updatable"], Payload.Length, Convert.ToHexStringLower(SHA256.HashData(Payload)), 10, "run", TimeProvider.System.GetUtcNow().AddDays(1));
            using var form = new MultipartFormDataContent
            {
                { new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(UpdateDocuments.Sign(ReleaseManifest.Type, manifest, UpdateJson.Default.ReleaseManifest, by), UpdateJson.Default.SignedDocument)), "release", "r" },
                { new ByteArrayContent(Payload), "payload", "p" },
            };
            return await running.Admin.PostAsync("/api/v1/updates/artefacts", form);
        }
    }

    private async Task<string> DeviceAsync(string id, string type)
    {
        using var added = await running.Admin.PostAsync("/api/v1/devices", RunningPlatform.Json($$"""{"id":"{{id}}","type":"{{type}}"}"""));
        Assert.True(added.IsSuccessStatusCode, await added.Content.ReadAsStringAsync());
        using var token = await running.Admin.PostAsync($"/api/v1/devices/{id}/token", null);
        return (string)(await RunningPlatform.BodyAsync(token))["token"]!;
    }

    private async Task<HttpResponseMessage> PayloadAsync(string artefact, string device, string token, long? from = null)
    {
        using var client = running.Client(null);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/updates/payloads/{artefact}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{device}:{token}")));
        if (from is { } first) request.Headers.Range = new RangeHeaderValue(first, null);
        return await client.SendAsync(request);
    }

    private static async Task<JsonNode> JsonAsync(HttpClient client, string path) => JsonNode.Parse(await client.GetStringAsync(path))!;
}
