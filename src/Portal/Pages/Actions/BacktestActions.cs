using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Seamless.Portal.Pages.Viewing;
using Seamless.Rules.Backtests;
using Seamless.Telemetry;

namespace Seamless.Portal.Pages.Actions;

internal static class BacktestActions
{
    private const int DefaultDays = 30;

    public static void Map(IEndpointRouteBuilder app)
    {
        var readers = app.MapGroup("").RequireAuthorization(policy => policy.RequireRole(Duties.Readers.Split(',')));

        // Not the page's own address, which takes posts too.
        readers.MapPost("/rules/{type}/{name}/backtest/start", async (string type, string name, [FromServices] ActionRequest request, IBacktestRuns runs) =>
        {
            var started = await runs.StartAsync(RequestOf(type, name, request));
            return started.Succeeded
                ? request.Back($"/rules/{Uri.EscapeDataString(type)}/{Uri.EscapeDataString(name)}/backtest?run={started.Value.Id}")
                : await request.AnswerAsync("rules.backtest", $"rules:{type}/{name}", started);
        });

        readers.MapPost("/rules/backtests/{id}/cancel", (string id, [FromServices] ActionRequest request, IBacktestRuns runs) =>
        {
            runs.Cancel(request.Viewer.Tenant, id);
            return request.Back();
        });
    }

    private static BacktestRequest RequestOf(string type, string name, ActionRequest request)
    {
        var to = Day(request, "to")?.AddDays(1) ?? request.Viewer.Now;
        var from = Day(request, "from") ?? to.AddDays(-Math.Clamp(request.Whole("days", DefaultDays), 1, 3660));
        var devices = request.Field("devices")?.Split([',', ' ', '\n', '\r', ';', '，', '、'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new BacktestRequest(request.Viewer.Tenant, type, request.Field("yaml") ?? "", from, to, devices) { Name = name, Engineers = Math.Max(1, request.Whole("engineers", 1)) };
    }

    /// <summary>A day begins when it begins for the viewer.</summary>
    private static DateTimeOffset? Day(ActionRequest request, string field)
    {
        if (!DateTime.TryParseExact(request.Field(field), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return null;
        return new DateTimeOffset(day, request.Viewer.Zone.GetUtcOffset(day));
    }
}
