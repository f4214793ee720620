using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.Portal.Pages.Viewing;

/// <summary>Who is looking, and how they want to read: language, theme and time zone come from cookies, so that the server renders them right the first time.</summary>
public sealed class Viewer
{
    public const string LanguageCookie = "seamless.lang";
    public const string ThemeCookie = "seamless.theme";
    public const string ZoneCookie = "seamless.zone";

    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-GB");
    private static readonly CultureInfo Chinese = CultureInfo.GetCultureInfo("zh-CN");
    private readonly ClaimsPrincipal _user;

    public Viewer(IHttpContextAccessor accessor, TimeProvider clock)
    {
        var http = accessor.HttpContext ?? throw new InvalidOperationException("A viewer exists only within a request");
        _user = http.User;
        Now = clock.GetUtcNow();
        Culture = LanguageOf(http.Request);
        Theme = http.Request.Cookies[ThemeCookie] is "light" or "dark" ? http.Request.Cookies[ThemeCookie]! : "system";
        Zone = ZoneOf(http.Request.Cookies[ZoneCookie]);
        Here = http.Request.Path + http.Request.QueryString.ToString();
        IsLoginPath = http.Request.Path.StartsWithSegments("/login");
    }

    public DateTimeOffset Now { get; }
    public CultureInfo Culture { get; }
    public string Theme { get; }
    public TimeZoneInfo Zone { get; }

    /// <summary>The page's own address with its query: where forms lead back to.</summary>
    public string Here { get; }
    public bool IsLoginPath { get; }

    public string Language => Culture.Name == "zh-CN" ? "zh-CN" : "en";
    public bool IsSignedIn => _user.Identity?.IsAuthenticated is true;
    public string Name => _user.Identity?.Name ?? "";
    public string Tenant => _user.FindFirstValue("tenant") ?? DeviceKey.DefaultTenant;
    public string? Role => _user.FindFirstValue(ClaimTypes.Role);

    public bool May(string[] roles) => roles.Any(_user.IsInRole);
    public string In(LocalizedText text) => text.In(Culture.Name);
    public DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Zone);

    /// <summary>Three significant digits of what a sensor sent, without an exponent.</summary>
    public string Number(double value) => value switch
    {
        double.NaN => "–",
        _ when Math.Abs(value) >= 1000 => value.ToString("N0", Culture),
        _ when Math.Abs(value) >= 100 => value.ToString("0.#", Culture),
        _ when Math.Abs(value) >= 10 => value.ToString("0.0", Culture),
        0 => "0",
        _ => value.ToString("0.00", Culture),
    };

    public string Percent(double share) => share.ToString("P0", Culture);

    /// <summary>Short within the day, with the date otherwise.</summary>
    public string Time(DateTimeOffset at)
    {
        var local = Local(at);
        var today = Local(Now);
        if (local.Date == today.Date) return local.ToString("HH:mm:ss", Culture);
        return local.ToString(local.Year == today.Year ? (Language == "zh-CN" ? "M月d日 HH:mm" : "d MMM HH:mm") : "yyyy-MM-dd HH:mm", Culture);
    }

    /// <summary>This page with parts of its query changed; null removes a part. The cursor goes: another filter is another list.</summary>
    public string With(params ReadOnlySpan<(string Key, string? Value)> changes)
    {
        var split = Here.IndexOf('?', StringComparison.Ordinal);
        var query = split < 0 ? [] : QueryHelpers.ParseQuery(Here[split..]).ToDictionary(q => q.Key, q => (string?)q.Value.ToString());
        query.Remove("after");
        foreach (var (key, value) in changes) query[key] = value;
        return QueryHelpers.AddQueryString(split < 0 ? Here : Here[..split], query.Where(q => !string.IsNullOrEmpty(q.Value)));
    }

    private static CultureInfo LanguageOf(HttpRequest request)
    {
        if (request.Cookies[LanguageCookie] is { } chosen) return chosen.StartsWith("zh", StringComparison.Ordinal) ? Chinese : English;
        var first = request.GetTypedHeaders().AcceptLanguage.OrderByDescending(l => l.Quality ?? 1).FirstOrDefault();
        return first is not null && first.Value.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? Chinese : English;
    }

    private static TimeZoneInfo ZoneOf(string? id) =>
        id is not null && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : TimeZoneInfo.Utc;
}
