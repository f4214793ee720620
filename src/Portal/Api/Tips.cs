using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Accounts;
using Seamless.ServiceDesk.Care.Tips;
using Seamless.Telemetry;

namespace Seamless.Portal.Api;

/// <summary>A campaign with what has become of its tips.</summary>
public sealed record TipCampaignView(TipCampaign Campaign, TipFigures Figures);

/// <summary>Weekly tips: campaigns, whom they reach, who wants none.</summary>
internal static class Tips
{
    private static readonly TipFigures None = new(0, 0, 0, 0, 0);

    public static void MapTips(this RouteGroupBuilder api)
    {
        var tips = api.MapGroup("/care/tips").WithTags("Care");
        tips.MapGet("/", ListAsync).WithName("listTips").RequireAuthorization(Policies.Read).Produces<Page<TipCampaignView>>().WithSummary("Campaigns of weekly tips, with how many were sent, delivered, failed, and unsubscribed by.");
        tips.MapGet("/{id}", FindAsync).WithName("getTip").RequireAuthorization(Policies.Read).Produces<TipCampaignView>().WithSummary("One campaign with its figures.");
        tips.MapPut("/{id}", PutAsync).WithName("putTip").RequireAuthorization(Policies.Operate).Produces<TipCampaign>()
            .WithSummary("A campaign, whole: texts, scope, conditions, day and time. New it is a draft; refused while it runs and once it has ended.");
        tips.MapPost("/{id}/start", (string id, ClaimsPrincipal user, ITips book, CancellationToken ct) => ChangeAsync(book.StartAsync(user.Tenant(), id, user.Actor(), ct)))
            .WithName("startTip").RequireAuthorization(Policies.Operate).Produces<TipCampaign>().WithSummary("Sends from its next hour on; what lies behind is not made up for.");
        tips.MapPost("/{id}/pause", (string id, ClaimsPrincipal user, ITips book, CancellationToken ct) => ChangeAsync(book.PauseAsync(user.Tenant(), id, user.Actor(), ct)))
            .WithName("pauseTip").RequireAuthorization(Policies.Operate).Produces<TipCampaign>().WithSummary("Sends nothing until it is started again; what waits is not sent.");
        tips.MapPost("/{id}/end", (string id, ClaimsPrincipal user, ITips book, CancellationToken ct) => ChangeAsync(book.EndAsync(user.Tenant(), id, user.Actor(), ct)))
            .WithName("endTip").RequireAuthorization(Policies.Operate).Produces<TipCampaign>().WithSummary("For good; what waits is not sent.");
        tips.MapGet("/{id}/preview", PreviewAsync).WithName("previewTip").RequireAuthorization(Policies.Read).Produces<TipPreview>().WithSummary("Who would have it if today were the day, and why the others would not. Sends nothing.");
        tips.MapGet("/{id}/deliveries", DeliveriesAsync).WithName("listTipDeliveries").RequireAuthorization(Policies.Read).Produces<Page<TipDelivery>>().WithSummary("What has become of each of its tips, newest first.");
        var policy = api.MapGroup("/care/tip-policy").WithTags("Care");
        policy.MapGet("/", (ClaimsPrincipal user, ITips book, CancellationToken ct) => book.PolicyAsync(user.Tenant(), ct)).WithName("getTipPolicy").RequireAuthorization(Policies.Read).WithSummary("How many tips a recipient has in a week at most.");
        policy.MapPut("/", PutPolicyAsync).WithName("putTipPolicy").RequireAuthorization(Policies.Admin).Produces<TipPolicy>().WithSummary("The same, set.");
        var optOuts = api.MapGroup("/care/tip-opt-outs").WithTags("Care");
        optOuts.MapGet("/", OptOutsAsync).WithName("listTipOptOuts").RequireAuthorization(Policies.Read).Produces<Page<TipOptOut>>().WithSummary("Recipients who want no tips.");
        optOuts.MapPut("/{recipient}", (string recipient, ClaimsPrincipal user, ITips book, CancellationToken ct) => SetOptOutAsync(recipient, true, user, book, ct))
            .WithName("addTipOptOut").RequireAuthorization(Policies.Dispatch).Produces<RecipientView>().WithSummary("A recipient told us that they want no tips.");
        optOuts.MapDelete("/{recipient}", (string recipient, ClaimsPrincipal user, ITips book, CancellationToken ct) => SetOptOutAsync(recipient, false, user, book, ct))
            .WithName("removeTipOptOut").RequireAuthorization(Policies.Dispatch).Produces<RecipientView>().WithSummary("… or that they want them again.");
    }

    private static async Task<Page<TipCampaignView>> ListAsync([AsParameters] PageQuery page, ClaimsPrincipal user, ITips book, CancellationToken ct)
    {
        var figures = await book.FiguresAsync(user.Tenant(), ct);
        return (await book.ListAsync(user.Tenant(), ct)).Slice(page, c => c.Id, c => new TipCampaignView(c, figures.GetValueOrDefault(c.Id, None)));
    }

    private static async Task<IResult> FindAsync(string id, ClaimsPrincipal user, ITips book, CancellationToken ct) => await book.FindAsync(user.Tenant(), id, ct) is { } campaign
        ? TypedResults.Ok(new TipCampaignView(campaign, (await book.FiguresAsync(user.Tenant(), ct)).GetValueOrDefault(id, None))) : Unknown(id);

    private static async Task<IResult> PutAsync(string id, [FromBody] TipCampaignOrder order, ClaimsPrincipal user, ITips book, CancellationToken ct) =>
        (await book.PutAsync(user.Tenant(), id, order, user.Actor(), ct)).ToResult(campaign => campaign);

    private static async Task<IResult> ChangeAsync(Task<Outcome<TipCampaign>> change) => (await change).ToResult(campaign => campaign);

    private static async Task<IResult> PreviewAsync(string id, ClaimsPrincipal user, ITips book, CancellationToken ct) => (await book.PreviewAsync(user.Tenant(), id, ct)).ToResult(preview => preview);

    private static async Task<IResult> DeliveriesAsync(string id, [AsParameters] PageQuery page, ClaimsPrincipal user, ITips book, CancellationToken ct) => await book.FindAsync(user.Tenant(), id, ct) is null
        ? Unknown(id) : TypedResults.Ok((await book.DeliveriesAsync(user.Tenant(), id, ct)).SliceInOrder(page, d => d.Id, d => d));

    private static async Task<IResult> PutPolicyAsync([FromBody] TipPolicy policy, ClaimsPrincipal user, ITips book, CancellationToken ct) =>
        (await book.SetPolicyAsync(user.Tenant(), policy, user.Actor(), ct)).ToResult(set => set);

    private static async Task<Page<TipOptOut>> OptOutsAsync([AsParameters] PageQuery page, ClaimsPrincipal user, ITips book, CancellationToken ct) =>
        (await book.OptOutsAsync(user.Tenant(), ct)).Slice(page, o => o.Recipient, o => o);

    private static async Task<IResult> SetOptOutAsync(string recipient, bool optedOut, ClaimsPrincipal user, ITips book, CancellationToken ct) =>
        (await book.SetOptOutAsync(user.Tenant(), recipient, optedOut, user.Actor(), ct)).ToResult(RecipientView.Of);

    private static IResult Unknown(string id) => Problems.Of(Refusal.NotFound("tip-unknown", $"there is no tip campaign '{id}'"));
}
