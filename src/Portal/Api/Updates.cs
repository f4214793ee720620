using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;
using Seamless.Fleet.Registry;
using Seamless.Fleet.Updates;
using Seamless.Portal.Accounts;
using Seamless.Telemetry;
using Seamless.Telemetry.Updates;

namespace Seamless.Portal.Api;

/// <param name="Id">Hash of the signed release.</param>
public sealed record ArtefactView(
    string Id, string Name, string Version, long ReleaseCounter, IReadOnlyList<string> HwIds, long Size, string Sha256, DateTimeOffset Expires, string? MinAgent, string? Notes,
    DateTimeOffset UploadedAt, string UploadedBy);

/// <param name="Tag"><c>name=value</c>.</param>
/// <param name="Version">What runs there now.</param>
public sealed record CampaignTarget(string? Type = null, string? Site = null, string? Tag = null, string? Version = null);

/// <summary>What is left out is as documented: docs/reference/updates.md.</summary>
/// <param name="Window">When devices may install, <c>HH:mm-HH:mm</c> at their site.</param>
public sealed record CampaignOrder(
    string Name, string Artefact, CampaignTarget? Target = null, string? Window = null, int? Canary = null, IReadOnlyList<double>? Shares = null, double? SoakMinutes = null,
    double? MinSuccess = null, double? FailureLimit = null, double? AbortRate = null, int? AbortAfter = null, double? MaxMissed = null, double? RegressionP = null,
    double? RegressionRatio = null, int? MaxInFlight = null, double? OfferValidHours = null)
{
    internal Outcome<CampaignDefinition> ToDefinition()
    {
        var usual = CampaignRules.Default;
        if (SoakMinutes is not (null or (>= 0 and <= 43_200))) return Refusal.Invalid("soakMinutes must be 0 to 43200");
        if (OfferValidHours is not (null or (> 0 and <= 2160))) return Refusal.Invalid("offerValidHours must be above 0, at most 2160");
        if (Window is not null && WindowOf(Window) is null) return Refusal.Invalid($"window '{Window}' is not HH:mm-HH:mm");
        return new CampaignDefinition(
            Name ?? "", Artefact ?? "", new TargetFilter(Target?.Type, Target?.Site, Target?.Tag, Target?.Version),
            new CampaignRules(
                Canary ?? usual.Canary, Shares ?? usual.Shares, SoakMinutes is { } soak ? TimeSpan.FromMinutes(soak) : usual.Soak, MinSuccess ?? usual.MinSuccess, FailureLimit ?? usual.FailureLimit,
                AbortRate ?? usual.AbortRate, AbortAfter ?? usual.AbortAfter, MaxMissed ?? usual.MaxMissed, RegressionP ?? usual.RegressionP, RegressionRatio ?? usual.RegressionRatio,
                MaxInFlight ?? usual.MaxInFlight, OfferValidHours is { } hours ? TimeSpan.FromHours(hours) : usual.OfferValid),
            Window is null ? null : WindowOf(Window));
    }

    private static DailyWindow? WindowOf(string text) =>
        text.Split('-') is [var from, var to] && TimeOnly.TryParseExact(from, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var begin)
            && TimeOnly.TryParseExact(to, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var end)
            ? new DailyWindow((int)begin.ToTimeSpan().TotalMinutes, (int)end.ToTimeSpan().TotalMinutes)
            : null;
}

public sealed record WaveView(string Name, int Devices, int Pending, int UnderWay, int Succeeded, int Failed, int Missed, int Other);

/// <param name="Rate">Per 1000 device-hours.</param>
public sealed record ComparisonView(string Kind, int Count, double Rate, int ControlCount, double ControlRate, double P);

/// <param name="Wave">Of those listed, counted from 0.</param>
/// <param name="Waiting">Why nothing moves, or why it ended.</param>
public sealed record CampaignView(
    string Id, string Name, string Artefact, CampaignTarget Target, CampaignState State, int Wave, DateTimeOffset? SoakUntil, string? Waiting, IReadOnlyList<WaveView> Waves,
    IReadOnlyList<ComparisonView> Comparisons, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? EndedAt);

public sealed record DirectorKeyView(string Pem);

public sealed record TrustView(int Version, int ReleaseKeys, int DirectorKeys);

/// <summary>Releases, campaigns, and the payloads that devices fetch.</summary>
internal static class Updates
{
    private const long MostBytes = 1L << 30;

    public static void MapUpdates(this RouteGroupBuilder api)
    {
        var updates = api.MapGroup("/updates").WithTags("Updates");
        updates.MapGet("/director-key", (IUpdates all) => new DirectorKeyView(PemEncoding.WriteString("PUBLIC KEY", all.DirectorKey)))
            .WithName("getDirectorKey").RequireAuthorization(Policies.Read).WithSummary("The platform's public key of the director role.");
        updates.MapGet("/keys", (ClaimsPrincipal user, IUpdates all) => all.TrustedKeysOf(user.Tenant()) is { } document ? TypedResults.Ok(document) : Problems.NotFound("nobody is trusted to release yet: seamless update trust"))
            .WithName("getTrustedKeys").RequireAuthorization(Policies.Read).Produces<SignedDocument>().WithSummary("The signed document of who may release and assign.");
        updates.MapPut("/keys", async (SignedDocument document, ClaimsPrincipal user, IUpdates all, CancellationToken ct) =>
                (await all.TrustAsync(user.Tenant(), document, user.Actor(), ct)).ToResult(keys => new TrustView(keys.Version, keys.Release.Count, keys.Director.Count)))
            .WithName("putTrustedKeys").RequireAuthorization(Policies.Admin).Produces<TrustView>().WithSummary("The first document, or the next: signed by the release keys before and by its own.");
        updates.MapGet("/versions", (ClaimsPrincipal user, IUpdates all, CancellationToken ct) => all.ListVersionsAsync(user.Tenant(), ct))
            .WithName("listVersions").RequireAuthorization(Policies.Read).WithSummary("How many devices of each type run which version.");
        updates.MapGet("/artefacts", async ([AsParameters] PageQuery page, ClaimsPrincipal user, IUpdates all, CancellationToken ct) => (await all.ListArtefactsAsync(user.Tenant(), ct)).SliceInOrder(page, a => a.Id, View))
            .WithName("listArtefacts").RequireAuthorization(Policies.Read).WithSummary("Releases, newest first.");
        updates.MapPost("/artefacts", PublishAsync).WithName("publishArtefact").RequireAuthorization(Policies.Operate).Accepts<IFormFile>("multipart/form-data").Produces<ArtefactView>(StatusCodes.Status201Created)
            .WithSummary("A signed release: the parts release and payload.");
        updates.MapGet("/payloads/{artefact}", DownloadAsync).WithName("getPayload").AllowAnonymous().Produces(StatusCodes.Status200OK, contentType: "application/octet-stream").Produces(StatusCodes.Status206PartialContent, contentType: "application/octet-stream")
            .WithSummary("For devices, by their own name and token (Basic): the payload they have been offered; ranges.");
        MapCampaigns(updates.MapGroup("/campaigns"));
    }

    private static void MapCampaigns(RouteGroupBuilder campaigns)
    {
        campaigns.MapGet("/", async ([AsParameters] PageQuery page, ClaimsPrincipal user, IUpdates all, CancellationToken ct) => (await all.ListAsync(user.Tenant(), ct)).SliceInOrder(page, c => c.Id, View))
            .WithName("listCampaigns").RequireAuthorization(Policies.Read).WithSummary("Campaigns, newest first.");
        campaigns.MapPost("/", CreateAsync).WithName("createCampaign").RequireAuthorization(Policies.Operate).Produces<CampaignView>(StatusCodes.Status201Created)
            .WithSummary("A draft; start begins with its first wave. The same again is the same campaign.");
        campaigns.MapGet("/{id}", async (string id, ClaimsPrincipal user, IUpdates all, CancellationToken ct) => await all.FindAsync(user.Tenant(), id, ct) is { } found ? TypedResults.Ok(View(found)) : Unknown(id))
            .WithName("getCampaign").RequireAuthorization(Policies.Read).Produces<CampaignView>().WithSummary("One campaign with its waves and how they compare.");
        campaigns.MapGet("/{id}/devices", ListDevicesAsync).WithName("listCampaignDevices").RequireAuthorization(Policies.Read).Produces<Page<DeviceUpdate>>().WithSummary("Each device's wave and state.");
        Act("start", "Plans the waves and begins.", (all, tenant, id, actor, ct) => all.StartAsync(tenant, id, actor, ct));
        Act("pause", "No more offers; what is under way goes on.", (all, tenant, id, actor, ct) => all.PauseAsync(tenant, id, actor, ct));
        Act("resume", "Goes on; a wave that was judged not to pass is let pass.", (all, tenant, id, actor, ct) => all.ResumeAsync(tenant, id, actor, ct));
        Act("abort", "Ends it for good; devices that do not install yet let go.", (all, tenant, id, actor, ct) => all.AbortAsync(tenant, id, actor, ct));

        void Act(string what, string summary, Func<IUpdates, string, string, string, CancellationToken, Task<Outcome<Campaign>>> act) =>
            campaigns.MapPost($"/{{id}}/{what}", async (string id, ClaimsPrincipal user, IUpdates all, CancellationToken ct) => (await act(all, user.Tenant(), id, user.Actor(), ct)).ToResult(View))
                .WithName($"{what}Campaign").RequireAuthorization(Policies.Operate).Produces<CampaignView>().WithSummary(summary);
    }

    internal static CampaignView View(Campaign campaign) => new(
        campaign.Id, campaign.Definition.Name, campaign.Definition.Artefact,
        new CampaignTarget(campaign.Definition.Target.Type, campaign.Definition.Target.Site, campaign.Definition.Target.Tag, campaign.Definition.Target.Version), campaign.State, campaign.Current,
        campaign.SoakUntil, campaign.Waiting, [.. campaign.Waves.Select(w => new WaveView(w.Name, w.Devices, w.Pending, w.Offered, w.Succeeded, w.Failed, w.Missed, w.Other))],
        [.. campaign.Comparisons.Select(c => new ComparisonView(c.Kind, c.Count, c.Rate * 1000, c.ControlCount, c.ControlRate * 1000, c.P))], campaign.CreatedAt, campaign.CreatedBy, campaign.EndedAt);

    internal static ArtefactView View(Artefact a) => new(
        a.Id, a.Manifest.Name, a.Manifest.Version, a.Manifest.ReleaseCounter, a.Manifest.HwIds, a.Manifest.Size, a.Manifest.Sha256, a.Manifest.Expires, a.Manifest.MinAgent, a.Manifest.Notes, a.UploadedAt, a.UploadedBy);

    private static IResult Unknown(string id) => Problems.NotFound($"there is no campaign {id}");

    private static async Task<IResult> CreateAsync(CampaignOrder order, ClaimsPrincipal user, IUpdates all, CancellationToken ct)
    {
        var definition = order.ToDefinition();
        if (!definition.Succeeded) return Problems.Of(definition.Refusal);
        var created = await all.CreateAsync(user.Tenant(), definition.Value, user.Actor(), ct);
        return created.Succeeded ? TypedResults.Created($"/api/v1/updates/campaigns/{created.Value.Id}", View(created.Value)) : Problems.Of(created.Refusal);
    }

    private static async Task<IResult> ListDevicesAsync(string id, [AsParameters] PageQuery page, ClaimsPrincipal user, IUpdates all, CancellationToken ct)
    {
        if (await all.FindAsync(user.Tenant(), id, ct) is null) return Unknown(id);
        return TypedResults.Ok((await all.ListDevicesAsync(user.Tenant(), id, page.Cursor, page.Fetch, ct)).ToPage(page, d => d.Device, d => d));
    }

    private static async Task<IResult> PublishAsync(HttpContext http, IUpdates all, CancellationToken ct)
    {
        var (form, wrong) = await TrainingEndpoints.ReadAsync(http.Request, MostBytes, new Refusal("too-large", $"a payload may have {MostBytes >> 20} MB"), ct);
        if (form is null) return Problems.Of(wrong!);
        if (form.Files.GetFile("release") is not { Length: > 0 and <= 2 * SignedDocument.MostBytes } part) return Problems.Invalid("release: the form has no such part, the signed manifest as seamless update sign writes it");
        if (form.Files.GetFile("payload") is not { } payload) return Problems.Invalid("payload: the form has no such part");
        using var bytes = new MemoryStream();
        await part.CopyToAsync(bytes, ct);
        var release = UpdateDocuments.Read(bytes.ToArray(), UpdateJson.Default.SignedDocument);
        if (!release.Succeeded) return Problems.Invalid($"release: {release.Refusal.Reason}");
        await using var content = payload.OpenReadStream();
        var published = await all.PublishAsync(http.User.Tenant(), release.Value, content, http.User.Actor(), ct);
        return published.Succeeded ? TypedResults.Created($"/api/v1/updates/artefacts/{published.Value.Id}", View(published.Value)) : Problems.Of(published.Refusal);
    }

    private static async Task<IResult> DownloadAsync(string artefact, HttpRequest request, IDeviceRegistry devices, IUpdates all, CancellationToken ct)
    {
        if (await DeviceOfAsync(request, devices, ct) is not { } device)
        {
            request.HttpContext.Response.Headers.WWWAuthenticate = "Basic";
            return TypedResults.Problem("Send the device's name and token as Basic authentication.", statusCode: StatusCodes.Status401Unauthorized);
        }
        return await all.FindPayloadAsync(device.Key, artefact, ct) is { } file && File.Exists(file)
            ? TypedResults.PhysicalFile(file, "application/octet-stream", enableRangeProcessing: true, entityTag: new EntityTagHeaderValue($"\"{artefact}\""))
            : Problems.NotFound("this device has not been offered this release, or no longer");
    }

    private static async Task<DevicePrincipal?> DeviceOfAsync(HttpRequest request, IDeviceRegistry devices, CancellationToken ct)
    {
        const string Prefix = "Basic ";
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) return null;
        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Prefix.Length..], bytes, out var length)) return null;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        // From the right: a device's name may hold a colon, a token never does.
        var colon = text.LastIndexOf(':');
        return colon > 0 ? await devices.AuthenticateAsync(text[..colon], text[(colon + 1)..], ct) : null;
    }
}
