using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;
using Seamless.Rules.Versions;
using Seamless.Storage.Operations;

namespace Seamless.Portal.Accounts;

/// <param name="DemoAccess">The API key <c>demo</c> and the seeded logins work. Only <c>demo</c> sets it.</param>
/// <param name="ControlKey">The key of this process, for the command line on the same machine; null when there is none.</param>
public sealed record AccountsOptions(bool DemoAccess = false, string? ControlKey = null);

public static class AccountsRegistration
{
    public const string LoginLimit = "login";
    public const string TrackLimit = "track";
    public const string GuestLimit = "guest";
    private const string Scheme = "CookieOrKey";

    /// <summary>Users, API keys, cookie and bearer authentication, the policies of <see cref="Policies"/>.</summary>
    public static IServiceCollection AddAccounts(this IServiceCollection services, AccountsOptions options)
    {
        services.AddSingleton(options);
        services.AddPooledDbContextFactory<PortalDatabase>((provider, database) =>
            provider.GetRequiredService<OperationsDatabase>().Configure(database, PortalDatabase.Room));
        services.AddSingleton<IRoomDatabase, PortalRoom>();
        services.AddSingleton<Users>();
        services.AddSingleton<IUsers>(provider => provider.GetRequiredService<Users>());
        services.AddSingleton<IReviewers, UserReviewers>();
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<IApiKeys>(provider => provider.GetRequiredService<ApiKeys>());
        services.AddSingleton<FirstStart>();
        return services;
    }

    /// <summary>Who may come in over HTTP.</summary>
    /// <param name="dataDirectory">Keeps the keys that sign cookies, so a restart logs nobody out.</param>
    public static IServiceCollection AddHttpAuthentication(this IServiceCollection services, string dataDirectory)
    {
        services.AddDataProtection()
            .SetApplicationName("seamless")
            .PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(dataDirectory, "keys")));
        services.AddAntiforgery(antiforgery => antiforgery.Cookie.SameSite = SameSiteMode.Strict);
        services.AddAuthentication(Scheme)
            .AddPolicyScheme(Scheme, null, scheme => scheme.ForwardDefaultSelector = context =>
                ApiKeyAuthentication.Applies(context.Request) ? ApiKeyAuthentication.SchemeName : CookieAuthenticationDefaults.AuthenticationScheme)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null)
            .AddCookie(ConfigureCookie);
        var authorization = services.AddAuthorizationBuilder();
        foreach (var (policy, roles) in Policies.RolesOf) authorization.AddPolicy(policy, p => p.RequireAuthenticatedUser().RequireRole(roles));
        services.AddCascadingAuthenticationState();
        services.AddRateLimiter(limits =>
        {
            limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limits.AddPolicy(LoginLimit, context => PerAddress(context, perMinute: 10));
            limits.AddPolicy(TrackLimit, context => PerAddress(context, perMinute: 20));
            limits.AddPolicy(GuestLimit, context => PerAddress(context, perMinute: 60));   // a page that looks again every five seconds, a few guests behind one address
        });
        return services;
    }

    private static RateLimitPartition<string> PerAddress(HttpContext context, int perMinute) =>
        RateLimitPartition.GetFixedWindowLimiter(
            context.Connection.RemoteIpAddress?.ToString() ?? "unknown",
            _ => new FixedWindowRateLimiterOptions { PermitLimit = perMinute, Window = TimeSpan.FromMinutes(1) });

    private static void ConfigureCookie(CookieAuthenticationOptions cookie)
    {
        cookie.Cookie.Name = "seamless";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.LoginPath = "/account/login";
        cookie.AccessDeniedPath = "/denied";
        cookie.ExpireTimeSpan = TimeSpan.FromHours(12);
        cookie.SlidingExpiration = true;
        cookie.Events.OnRedirectToLogin = context => Redirect(context, StatusCodes.Status401Unauthorized);
        cookie.Events.OnRedirectToAccessDenied = context => Redirect(context, StatusCodes.Status403Forbidden);
    }

    /// <summary>A program gets a status it can read; a person gets the page that helps.</summary>
    private static Task Redirect(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        if (context.Request.Path.StartsWithSegments("/api")) context.Response.StatusCode = status;
        else context.Response.Redirect(context.RedirectUri);
        return Task.CompletedTask;
    }
}
