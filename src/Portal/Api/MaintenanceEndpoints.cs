using System.Globalization;
using System.Security.Claims;
using Seamless.Portal.Accounts;
using Seamless.Rules.Alarms.Maintenance;
using Seamless.Rules.Packs.Files;
using Seamless.Telemetry;

namespace Seamless.Portal.Api;

/// <param name="Days"><c>mon</c>, <c>tue</c>, <c>wed</c>, <c>thu</c>, <c>fri</c>, <c>sat</c>, <c>sun</c>: on which it begins.</param>
/// <param name="At">Local time at which it begins: <c>22:00</c>.</param>
/// <param name="Minutes">How long each time lasts.</param>
public sealed record WeeklyView(IReadOnlyList<string> Days, string At, int Minutes)
{
    internal static WeeklyView? Of(WeeklyPlan? plan) => plan is null ? null : new WeeklyView(
        [.. RuleWords.Days.Where(day => plan.Begins((DayOfWeek)day.Value)).OrderBy(day => (day.Value + 6) % 7).Select(day => day.Key)],
        plan.At.ToString("HH:mm", CultureInfo.InvariantCulture), (int)plan.Duration.TotalMinutes);

    internal Outcome<WeeklyPlan> ToPlan()
    {
        byte days = 0;
        foreach (var day in Days ?? [])   // a body may leave it out
        {
            if (!RuleWords.Days.TryGetValue(day ?? "", out var bit)) return Refusal.Invalid($"'{day}' is no day; one of {string.Join(", ", RuleWords.Days.Keys)}");
            days |= (byte)(1 << bit);
        }
        return TimeOnly.TryParseExact(At, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            ? new WeeklyPlan(days, at, TimeSpan.FromMinutes(Minutes))
            : Refusal.Invalid($"'{At}' is no time of day such as 22:00");
    }
}

public sealed record MaintenanceTimeView(DateTimeOffset From, DateTimeOffset To)
{
    internal static MaintenanceTimeView? Of(Occurrence? time) => time is { } known ? new MaintenanceTimeView(known.From, known.To) : null;
}

/// <summary>A maintenance window; it holds back the alarms of one device, a site, an equipment type at a site, or everything when none is named.</summary>
/// <param name="End">Of a weekly one: until when it is held; null while nobody has said.</param>
/// <param name="Zone">In whose local time it was entered and comes back.</param>
/// <param name="Current">The time that runs.</param>
/// <param name="Next">The next time that begins.</param>
public sealed record MaintenanceView(
    string Id, string? Device, string? Site, string? Type, MaintenanceStatus Status, DateTimeOffset Begin, DateTimeOffset? End, string Zone, WeeklyView? Weekly, string Reason,
    string Author, DateTimeOffset CreatedAt, DateTimeOffset? CancelledAt, MaintenanceTimeView? Current, MaintenanceTimeView? Next, int Version)
{
    internal static MaintenanceView Of(MaintenanceWindow window, DateTimeOffset now) => new(
        window.Id, window.Scope.Device, window.Scope.Site, window.Scope.Type, window.StatusAt(now), window.Begin, window.End, window.Zone, WeeklyView.Of(window.Weekly), window.Reason,
        window.Author, window.CreatedAt, window.CancelledAt, MaintenanceTimeView.Of(window.At(now)), MaintenanceTimeView.Of(window.After(now)), window.Version);
}

/// <param name="Device">One device; or <paramref name="Site"/>, or <paramref name="Type"/> at a site, or <paramref name="Everything"/>.</param>
/// <param name="Everything">All of the tenant. Said aloud, so that a forgotten scope silences nobody.</param>
/// <param name="Begin"><c>2026-12-01T22:00</c> on the clock of the site, or an instant with <c>Z</c> or an offset; now when not given. May lie in the past.</param>
/// <param name="End">The same; or give <paramref name="Minutes"/>. A weekly window needs neither.</param>
/// <param name="Zone">IANA time zone in which times are meant; the site's when not given, UTC for everything.</param>
public sealed record MaintenanceDefinition(
    string Reason, string? Device = null, string? Site = null, string? Type = null, bool Everything = false, string? Begin = null, string? End = null, int? Minutes = null,
    WeeklyView? Weekly = null, string? Zone = null)
{
    internal Outcome<MaintenanceOrder> ToOrder()
    {
        var scope = new MaintenanceScope(Blank(Device), Blank(Site), Blank(Type));
        if (scope.IsTenant && !Everything) return Refusal.Invalid("name the device, the site, or an equipment type at a site; or say everything");
        if (!scope.IsTenant && Everything) return Refusal.Invalid("say everything, or name a device or site; not both");
        if (Minutes is not null && Weekly is not null) return Refusal.Invalid("how long each time of a weekly window lasts is said in weekly.minutes");
        if (Minutes is < 1) return Refusal.Invalid("it lasts at least a minute");
        var weekly = Weekly?.ToPlan();
        if (weekly is { Succeeded: false } wrong) return wrong.Refusal!;
        return new MaintenanceOrder(scope, Blank(Begin), Blank(End), Minutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null, weekly?.Value, Reason ?? "", Blank(Zone));
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

/// <param name="End">When it ends; of a weekly one, until when it is held. Written as in the definition.</param>
/// <param name="Until">When the time that runs ends: earlier, or prolonged.</param>
/// <param name="EndNow">The time that runs ends now; a weekly window comes back.</param>
public sealed record MaintenanceUpdate(string? End = null, string? Until = null, bool EndNow = false, string? Reason = null);

/// <summary>Planned maintenance (docs/reference/rules.md).</summary>
internal static class MaintenanceEndpoints
{
    public static void MapMaintenance(this RouteGroupBuilder api)
    {
        var windows = api.MapGroup("/maintenance").WithTags("Maintenance");
        windows.MapGet("/", List).WithName("listMaintenance").RequireAuthorization(Policies.Read).Produces<Page<MaintenanceView>>().WithSummary("Maintenance windows, latest begin first; status: open (coming or running), coming, running, over, cancelled.");
        windows.MapPost("/", AddAsync).WithName("addMaintenance").RequireAuthorization(Policies.Operate).Produces<MaintenanceView>(StatusCodes.Status201Created)
            .WithSummary("Enter a window: alarms that come within it are listed and reach nobody until it ends.");
        windows.MapGet("/{id}", Find).WithName("getMaintenance").RequireAuthorization(Policies.Read).Produces<MaintenanceView>().WithSummary("One window.");
        windows.MapPatch("/{id}", ChangeAsync).WithName("changeMaintenance").RequireAuthorization(Policies.Operate).Produces<MaintenanceView>()
            .WithSummary("End it early, prolong it, or say otherwise why.");
        windows.MapDelete("/{id}", CancelAsync).WithName("cancelMaintenance").RequireAuthorization(Policies.Operate).Produces<MaintenanceView>()
            .WithSummary("Call it off from now on; it stays in the list as cancelled.");
        api.MapGet("/maintenance.ics", Calendar).WithName("exportMaintenance").WithTags("Maintenance").RequireAuthorization(Policies.Read).Produces<string>(StatusCodes.Status200OK, MaintenanceCalendarFile.ContentType)
            .WithSummary("The windows as an iCalendar file: the last 30 days and the next 90.");
    }

    private static IResult List([AsParameters] PageQuery page, string? status, ClaimsPrincipal user, IMaintenance maintenance, TimeProvider time)
    {
        if (!StateFilter.TryParse<MaintenanceStatus>(status, out var openOnly, out var only)) return StateFilter.Refuse<MaintenanceStatus>("status", status);
        var now = time.GetUtcNow();
        return TypedResults.Ok(maintenance.List(user.Tenant()).Where(IsAsked).Slice(page, LatestFirst, window => MaintenanceView.Of(window, now)));

        bool IsAsked(MaintenanceWindow window) =>
            window.StatusAt(now) is var status && (only is null || status == only) && (!openOnly || status is MaintenanceStatus.Coming or MaintenanceStatus.Running);
    }

    /// <summary>Falls as the begin rises, so that it sorts as text.</summary>
    private static string LatestFirst(MaintenanceWindow window) => $"{long.MaxValue - window.Begin.ToUnixTimeMilliseconds():D19}/{window.Id}";

    private static IResult Find(string id, ClaimsPrincipal user, IMaintenance maintenance, TimeProvider time) =>
        maintenance.Find(user.Tenant(), id) is { } window ? TypedResults.Ok(MaintenanceView.Of(window, time.GetUtcNow())) : Problems.NotFound($"there is no maintenance '{id}'");

    private static async Task<IResult> AddAsync(MaintenanceDefinition definition, ClaimsPrincipal user, IMaintenance maintenance, TimeProvider time, CancellationToken ct)
    {
        var order = definition.ToOrder();
        if (!order.Succeeded) return Problems.Of(order.Refusal);
        var added = await maintenance.AddAsync(user.Tenant(), order.Value, user.Actor(), ct);
        return added.Succeeded ? TypedResults.Created($"/api/v1/maintenance/{added.Value.Id}", MaintenanceView.Of(added.Value, time.GetUtcNow())) : Problems.Of(added.Refusal);
    }

    private static async Task<IResult> ChangeAsync(string id, MaintenanceUpdate update, ClaimsPrincipal user, IMaintenance maintenance, TimeProvider time, CancellationToken ct)
    {
        if (update is { EndNow: true } and not { End: null, Until: null }) return Problems.Invalid("end it now, or say when; not both");
        if (update is { EndNow: false, End: null, Until: null, Reason: null }) return Problems.Invalid("say what changes: end, until, endNow or reason");
        if (update.EndNow && update.Reason is null) return (await maintenance.EndAsync(user.Tenant(), id, user.Actor(), ct)).ToResult(window => MaintenanceView.Of(window, time.GetUtcNow()));
        var changed = await maintenance.ChangeAsync(user.Tenant(), id, new MaintenanceChange(update.End, update.Until, update.Reason), user.Actor(), ct);
        if (changed.Succeeded && update.EndNow) changed = await maintenance.EndAsync(user.Tenant(), id, user.Actor(), ct);
        return changed.ToResult(window => MaintenanceView.Of(window, time.GetUtcNow()));
    }

    private static async Task<IResult> CancelAsync(string id, ClaimsPrincipal user, IMaintenance maintenance, TimeProvider time, CancellationToken ct) =>
        (await maintenance.CancelAsync(user.Tenant(), id, user.Actor(), ct)).ToResult(window => MaintenanceView.Of(window, time.GetUtcNow()));

    private static IResult Calendar(ClaimsPrincipal user, IMaintenance maintenance, TimeProvider time) =>
        Results.Text(MaintenanceCalendarFile.Of(maintenance.List(user.Tenant()), time.GetUtcNow()), MaintenanceCalendarFile.ContentType);
}
