using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Accounts;
using Seamless.Portal.Pages.Viewing;
using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Care.Tips;
using Seamless.Telemetry;

namespace Seamless.Portal.Pages.Actions;

internal static class TipActions
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var tips = app.MapGroup("/care/tips").RequireAuthorization(policy => policy.RequireRole(Duties.Engineering));
        tips.MapPost("/save", async ([FromServices] ActionRequest request, ITips book) =>
        {
            var id = request.Field("id") ?? "";
            var order = OrderOf(request);
            var put = order.Succeeded ? await book.PutAsync(request.Viewer.Tenant, id, order.Value, request.Viewer.Name, request.Aborted) : order.Refusal;
            return await request.AnswerAsync("tip.put", $"tip:{id}", put, elsewhere: put.Succeeded ? $"/care/tips/{Uri.EscapeDataString(id)}" : null);
        });
        tips.MapPost("/{id}/start", async (string id, [FromServices] ActionRequest request, ITips book) =>
            await request.AnswerAsync("tip.start", $"tip:{id}", await book.StartAsync(request.Viewer.Tenant, id, request.Viewer.Name, request.Aborted)));
        tips.MapPost("/{id}/pause", async (string id, [FromServices] ActionRequest request, ITips book) =>
            await request.AnswerAsync("tip.pause", $"tip:{id}", await book.PauseAsync(request.Viewer.Tenant, id, request.Viewer.Name, request.Aborted)));
        tips.MapPost("/{id}/end", async (string id, [FromServices] ActionRequest request, ITips book) =>
            await request.AnswerAsync("tip.end", $"tip:{id}", await book.EndAsync(request.Viewer.Tenant, id, request.Viewer.Name, request.Aborted)));

        var desk = app.MapGroup("/notifications/recipients").RequireAuthorization(policy => policy.RequireRole(Duties.Tickets));
        desk.MapPost("/{id}/no-tips", async (string id, [FromServices] ActionRequest request, ITips book) =>
            await request.AnswerAsync("tip.unsubscribe", $"recipient:{id}", await book.SetOptOutAsync(request.Viewer.Tenant, id, true, request.Viewer.Name, request.Aborted)));
        desk.MapPost("/{id}/tips", async (string id, [FromServices] ActionRequest request, ITips book) =>
            await request.AnswerAsync("tip.subscribe", $"recipient:{id}", await book.SetOptOutAsync(request.Viewer.Tenant, id, false, request.Viewer.Name, request.Aborted)));
    }

    /// <summary>What mail programs post to when their reader presses "unsubscribe" (RFC 8058): no cookie, no form of ours, the signed link is the key. Opened, it leads to the page and changes nothing.</summary>
    public static void MapOneClick(IEndpointRouteBuilder app)
    {
        const string path = "/tips/{token}/one-click";
        app.MapPost(path, async (string token, ITipDoor door, CancellationToken ct) => (await door.UnsubscribeAsync(token, ct)).Succeeded ? Results.Ok() : Results.NotFound())
            .AllowAnonymous().DisableAntiforgery().RequireRateLimiting(AccountsRegistration.TrackLimit).ExcludeFromDescription();
        app.MapGet(path, (string token) => Results.LocalRedirect($"/tips/{Uri.EscapeDataString(token)}"))
            .AllowAnonymous().RequireRateLimiting(AccountsRegistration.TrackLimit).ExcludeFromDescription();
    }

    private static Outcome<TipCampaignOrder> OrderOf(ActionRequest request)
    {
        var conditions = new List<TipCondition>();
        for (var n = 0; request.All($"test{n}").Count > 0; n++)
        {
            if (!Enum.TryParse<TipTest>(request.Field($"test{n}"), out var test)) continue;   // an empty row
            double? limit = null;
            if (request.Field($"limit{n}") is { } text)
            {
                if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return Refusal.Invalid("number-unreadable", $"'{text}' is no number");
                limit = number;
            }
            var name = request.Field($"name{n}");
            conditions.Add(new TipCondition(
                test, Enum.TryParse<TipSide>(request.Field($"side{n}"), out var side) ? side : null, limit, test is TipTest.Metric ? name : null,
                Enum.TryParse<TipMeasure>(request.Field($"measure{n}"), out var measure) ? measure : TipMeasure.Mean, request.Whole($"days{n}", 7), test is TipTest.Fault ? name : null, request.Field($"covered{n}") != "no"));
        }
        return new TipCampaignOrder(
            Both(request, "title"), Both(request, "subject"), new LocalizedText(request.Text("bodyEn").Trim(), request.Text("bodyZh").Trim()),
            new TipScope(Names(request, "types"), Names(request, "models"), Names(request, "sites"), Names(request, "customers")), conditions,
            Enum.TryParse<DayOfWeek>(request.Field("day"), out var day) ? day : DayOfWeek.Tuesday,
            TimeOnly.TryParse(request.Field("at"), CultureInfo.InvariantCulture, out var at) ? at : null, Date(request, "from"), Date(request, "until"), request.Whole("repeatDays", TipCampaignOrder.UsualRepeatDays));
    }

    private static LocalizedText Both(ActionRequest request, string name) => new(request.Field($"{name}En") ?? "", request.Field($"{name}Zh") ?? "");

    private static string[]? Names(ActionRequest request, string name) =>
        request.Field(name)?.Split([',', '，'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } names ? names : null;

    private static DateOnly? Date(ActionRequest request, string name) => DateOnly.TryParseExact(request.Field(name), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;
}
