using Seamless.Portal.Pages.Actions;
using Seamless.Portal.Pages.Assets;
using Seamless.Portal.Pages.Alerts;
using Seamless.Portal.Pages.Backtests;
using Seamless.Portal.Pages.Commerce;
using Seamless.Portal.Pages.Customers;
using Seamless.Portal.Pages.Dispatch;
using Seamless.Portal.Pages.Evaluation;
using Seamless.Portal.Pages.Kpis;
using Seamless.Portal.Pages.Layout;
using Seamless.Portal.Pages.Live;
using Seamless.Portal.Pages.Parts;
using Seamless.Portal.Pages.Viewing;

namespace Seamless.Portal.Pages;

/// <summary>The console for people: server-rendered pages, their live feed, their actions and their assets.</summary>
public static class PagesServices
{
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddOptions<PagesOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.AddRazorComponents();
        services.AddHttpContextAccessor();
        services.AddAuthorization();
        services.AddSingleton<EmbeddedAssets>();
        services.AddSingleton<Overview>();
        services.AddSingleton<LiveFeed>();
        services.AddSingleton<Trends>();
        services.AddSingleton<CountDrafts>();
        services.AddScoped<Viewer>();
        services.AddScoped<Words>();
        services.AddScoped<ActionRequest>();
        return services;
    }

    /// <summary>Maps pages, actions, feeds and assets. Call after authentication and authorization are in the pipeline; antiforgery is added here.</summary>
    public static WebApplication MapPages(this WebApplication app)
    {
        app.UseAntiforgery();
        app.MapGet("/assets/{version}/{**path}", (HttpContext http, string version, string path, EmbeddedAssets assets) => assets.Serve(http, version, path))
            .AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/favicon.ico", (EmbeddedAssets assets) => Results.Redirect(assets.Url("favicon.svg"))).AllowAnonymous().ExcludeFromDescription();
        app.MapLive();
        app.MapGuestTrend();
        app.MapActions();
        app.MapKpiExport();
        app.MapPlanExport();
        app.MapCustomersExport();
        app.MapContactsExport();
        LedgerView.MapExport(app);
        app.MapDispatchExport();
        app.MapPerformanceExport();
        app.MapBacktestExport();
        app.MapEvaluationExport();
        app.MapRazorComponents<App>();
        return app;
    }
}
