using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;
using Seamless.Fleet.Audit;
using Seamless.Telemetry;

namespace Seamless.Portal.Accounts;

/// <summary>Where the forms of the login, logout and set-up pages are posted to. The pages themselves are the portal's.</summary>
public static class AccountEndpoints
{
    public static void MapAccounts(this IEndpointRouteBuilder app)
    {
        // The pages answer GET (and, as Razor components, would answer POST) at the same addresses: these go first.
        var account = app.MapGroup("/account").ExcludeFromDescription().WithOrder(-1);
        account.MapPost("/login", LoginAsync).AllowAnonymous().RequireRateLimiting(AccountsRegistration.LoginLimit);
        account.MapPost("/setup", SetUpAsync).AllowAnonymous().RequireRateLimiting(AccountsRegistration.LoginLimit);
        account.MapPost("/logout", LogoutAsync).RequireAuthorization();
    }

    private static async Task<IResult> LoginAsync(
        [FromForm] string username, [FromForm] string password, [FromForm] string? returnUrl,
        HttpContext context, IUsers users, IAudit audit, CancellationToken ct)
    {
        var user = await users.AuthenticateAsync(username, password, ct);
        await audit.RecordAsync(user?.Tenant ?? DeviceKey.DefaultTenant, username, "account.login", $"user:{username}", Address(context), user is null ? "refused" : "done", null, ct);
        if (user is null) return Results.LocalRedirect($"/account/login?failed=1&returnUrl={Uri.EscapeDataString(Local(returnUrl))}");
        await SignInAsync(context, user);
        return Results.LocalRedirect(Local(returnUrl));
    }

    /// <summary>The first administrator: only while there is no user, and only for who holds the key printed at the first start.</summary>
    private static async Task<IResult> SetUpAsync(
        [FromForm] string apiKey, [FromForm] string username, [FromForm] string password,
        HttpContext context, IUsers users, IApiKeys keys, CancellationToken ct)
    {
        if (await users.AnyAsync(ct)) return Results.LocalRedirect("/account/login");
        var key = await keys.AuthenticateAsync(apiKey.Trim(), ct);
        if (key?.Role != Roles.Admin) return Results.LocalRedirect("/account/setup?failed=key");
        var added = await users.AddAsync(key.Tenant, username, password, Roles.Admin, "set-up", ct);
        if (!added.Succeeded) return Results.LocalRedirect($"/account/setup?failed={Uri.EscapeDataString(added.Refusal.Reason)}");
        await SignInAsync(context, added.Value);
        return Results.LocalRedirect("/");
    }

    private static async Task<IResult> LogoutAsync([FromForm] string? returnUrl, HttpContext context)
    {
        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return Results.LocalRedirect(Local(returnUrl));
    }

    private static Task SignInAsync(HttpContext context, UserAccount user) =>
        context.SignInAsync(
            CookieAuthenticationDefaults.AuthenticationScheme,
            Principal.Create(CookieAuthenticationDefaults.AuthenticationScheme, user.Tenant, user.Name, user.Role));

    private static string? Address(HttpContext context) => context.Connection.RemoteIpAddress?.ToString();

    /// <summary>Only our own pages: a foreign address in the form would make the login a springboard.</summary>
    private static string Local(string? url) =>
        url is { Length: > 0 } && url[0] == '/' && (url.Length == 1 || (url[1] != '/' && url[1] != '\\')) ? url : "/";
}
