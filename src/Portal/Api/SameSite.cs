using Microsoft.AspNetCore.Authentication.Cookies;

namespace Seamless.Portal.Api;

/// <summary>Keeps other sites from using a visitor's cookie: a change through the API by cookie must come from our own pages. API keys need no such guard.</summary>
internal static class SameSite
{
    public static void UseSameSiteGuard(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (IsChangeByCookie(context) && !ComesFromOurPages(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }
        await next(context);
    });

    private static bool IsChangeByCookie(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/api")
        && !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method)
        && context.User.Identity?.AuthenticationType == CookieAuthenticationDefaults.AuthenticationScheme;

    private static bool ComesFromOurPages(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"] == "same-origin"
        || (Uri.TryCreate(request.Headers.Origin, UriKind.Absolute, out var origin) && origin.Authority == request.Host.Value);
}
