using System.Globalization;
using System.Security.Claims;
using Seamless.Portal.Accounts;
using Seamless.ServiceDesk.Remedies;

namespace Seamless.Portal.Api;

public sealed record RemedyView(
    string Alarm, string? Device, string Site, string Fault, int Step, string? Playbook, string? Title, string? Command, RemedyState State,
    DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? Outcome, int CustomerVisibleSeconds, string? Ticket);

internal static class Remedies
{
    public static void MapRemedies(this RouteGroupBuilder api) =>
        api.MapGet("/remedies", ListAsync).WithName("listRemedies").WithTags("Remedies").RequireAuthorization(Policies.Read).WithMetadata(new NumericCursor())
            .WithSummary("How faults were answered remotely, newest first.");

    private static async Task<Page<RemedyView>> ListAsync(
        [AsParameters] PageQuery page, string? device, string? alarm, ClaimsPrincipal user, HttpContext http, IRemedies remedies, CancellationToken ct)
    {
        var text = http.Texts();
        RemedyView View(RemedyRun run) => new(
            run.AlarmId, run.Device, run.Site, run.FaultCode, run.Step, run.Playbook, run.Title is null ? null : text(run.Title), run.CommandId, run.State,
            run.StartedAt, run.EndedAt, run.Outcome, run.CustomerVisibleSeconds, run.TicketNumber);
        if (alarm is not null) return new([.. (await remedies.OfAlarmAsync(user.Tenant(), alarm, ct)).Select(View)], null);
        var runs = await remedies.ListAsync(user.Tenant(), device, page.Before, page.Fetch, ct);
        return runs.ToPage(page, run => (run.Number == 0 ? long.MaxValue : run.Number).ToString(CultureInfo.InvariantCulture), View);
    }
}
