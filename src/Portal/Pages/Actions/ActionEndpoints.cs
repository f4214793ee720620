using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Seamless.Fleet.Audit;
using Seamless.Portal.Pages.Live;
using Seamless.Portal.Pages.Viewing;
using Seamless.Telemetry;

namespace Seamless.Portal.Pages.Actions;

/// <summary>What the pages' forms post to. Each does one thing, in the viewer's name, writes the audit, and leads back with a notice.</summary>
internal static class ActionEndpoints
{
    public static void MapActions(this IEndpointRouteBuilder app)
    {
        var actions = app.MapGroup("").ExcludeFromDescription().AddEndpointFilter(RefuseForgery);
        Preferences.Map(actions);
        AlertActions.Map(actions);
        TicketActions.Map(actions);
        CustomerActions.Map(actions);
        MessageActions.Map(actions);
        SessionActions.Map(actions);
        CommerceActions.Map(actions);
        PriceActions.Map(actions);
        BillActions.Map(actions);
        ContactActions.Map(actions);
        CareActions.Map(actions);
        TipActions.Map(actions);
        TipActions.MapOneClick(app);
        KnowledgeActions.Map(actions);
        DeviceActions.Map(actions);
        PartActions.Map(actions);
        OwnPartActions.Map(actions);
        NotificationActions.Map(actions);
        DispatchActions.Map(actions);
        BacktestActions.Map(actions);
        LimitActions.Map(actions);
        MaintenanceActions.Map(actions);
        UpdateActions.Map(actions);
        RuleActions.Map(actions);
        EvaluationActions.Map(actions);
        ModelActions.Map(actions);
        ModelActions.MapUpload(app);
    }

    private static async ValueTask<object?> RefuseForgery(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var antiforgery = context.HttpContext.RequestServices.GetRequiredService<IAntiforgery>();
        return await antiforgery.IsRequestValidAsync(context.HttpContext) ? await next(context) : Results.BadRequest();
    }
}

/// <summary>The request of one action: its form, and the way back.</summary>
internal sealed class ActionRequest(IHttpContextAccessor accessor, Viewer viewer, Words words, IAudit audit, Overview overview)
{
    private readonly HttpContext _http = accessor.HttpContext!;

    public Viewer Viewer => viewer;
    public CancellationToken Aborted => _http.RequestAborted;

    /// <summary>A field of the form, trimmed; null when empty.</summary>
    public string? Field(string name) => _http.Request.Form[name].ToString().Trim() is { Length: > 0 } text ? text : null;

    /// <summary>Every value of a field that may be given several times.</summary>
    public IReadOnlyList<string> All(string name) => [.. _http.Request.Form[name].OfType<string>()];

    /// <summary>A field that is a text of lines, as it was written.</summary>
    public string Text(string name) => _http.Request.Form[name].ToString().ReplaceLineEndings("\n");

    /// <summary>An amount with a point before its cents; a comma is not guessed at.</summary>
    public Outcome<decimal> Amount(string name, decimal otherwise = 0) => Field(name) is not { } text ? otherwise
        : decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var amount) ? amount
        : Refusal.Invalid("amount-unreadable", $"{name}: '{text}' is no amount; write it with a point, such as 86.50");

    public int Whole(string name, int otherwise) => int.TryParse(Field(name), out var number) ? number : otherwise;

    /// <summary>Every field but ours.</summary>
    public IReadOnlyDictionary<string, string> Fields() =>
        _http.Request.Form.Where(f => f.Key is not ("returnUrl" or "__RequestVerificationToken") && f.Value.ToString().Trim().Length > 0)
            .ToDictionary(f => f.Key, f => f.Value.ToString().Trim());

    /// <summary>Audits the outcome and answers: JSON to a script, otherwise back to the page with a notice.</summary>
    /// <param name="elsewhere">Where it leads instead of back.</param>
    /// <param name="said">What the notice says with it, once: nothing keeps it.</param>
    public async Task<IResult> AnswerAsync<T>(string action, string subject, Outcome<T> outcome, string? detail = null, string? elsewhere = null, string? said = null)
    {
        await audit.RecordAsync(viewer.Tenant, viewer.Name, action, subject, _http.Connection.RemoteIpAddress?.ToString(),
            outcome.Succeeded ? "ok" : outcome.Refusal.Code, outcome.Succeeded ? detail : outcome.Refusal.Reason, Aborted);
        overview.Forget(viewer.Tenant);
        var notice = outcome.Succeeded ? new Notice(false, words[$"done.{action}", said]) : new Notice(true, words.Refused(outcome.Refusal));
        if (_http.Request.Headers.Accept.ToString().Contains("application/json", StringComparison.Ordinal))
        {
            // A form that keeps what was typed leads on by itself, and the page that follows has the notice.
            var leadsOn = _http.Request.Headers.ContainsKey("X-Seamless-Form") && !notice.Refused;
            if (leadsOn) notice.Leave(_http);
            return Results.Json(new { notice.Refused, Text = viewer.Said(notice.Text), At = leadsOn ? elsewhere ?? LocalOrHome(Field("returnUrl")) : elsewhere }, statusCode: notice.Refused ? StatusCodes.Status409Conflict : StatusCodes.Status200OK);
        }
        notice.Leave(_http);
        return Back(elsewhere);
    }

    /// <summary>To the page the form stood on; only ever within this site.</summary>
    public IResult Back(string? elsewhere = null) => new SeeOther(elsewhere ?? LocalOrHome(Field("returnUrl")));

    public static string LocalOrHome(string? url) =>
        url is { Length: > 0 } && url[0] == '/' && (url.Length == 1 || (url[1] is not ('/' or '\\'))) ? url : "/";

    /// <summary>303: the browser follows with a GET, so reloading never posts twice.</summary>
    private sealed class SeeOther(string url) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = url;
            return Task.CompletedTask;
        }
    }
}

internal static class Preferences
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/preferences", ([FromServices] ActionRequest request, HttpContext http) =>
        {
            Keep(http, Viewer.LanguageCookie, request.Field("language"), "en", "zh-CN");
            Keep(http, Viewer.ThemeCookie, request.Field("theme"), "light", "dark", "system");
            return request.Back();
        }).AllowAnonymous();

    private static void Keep(HttpContext http, string cookie, string? value, params ReadOnlySpan<string> allowed)
    {
        if (value is null || !allowed.Contains(value)) return;
        http.Response.Cookies.Append(cookie, value, new CookieOptions { MaxAge = TimeSpan.FromDays(400), SameSite = SameSiteMode.Lax, HttpOnly = true, Path = "/" });
    }
}
