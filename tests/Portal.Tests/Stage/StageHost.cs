using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Seamless.Fleet.Audit;
using Seamless.Fleet.Commands;
using Seamless.Fleet.Registry;
using Seamless.Fleet.Shadows;
using Seamless.Fleet.Gaps;
using Seamless.Fleet.Limits;
using Seamless.Portal.Accounts;
using Seamless.Portal.Api;
using Seamless.Portal.Pages;
using Seamless.Rules.Alarms;
using Seamless.Rules.Alarms.Maintenance;
using Seamless.Rules.Alarms.Performance;
using Seamless.Rules.Backtests;
using Seamless.Rules.Evaluation;
using Seamless.Rules.Labels;
using Seamless.Rules.Packs;
using Seamless.Rules.Versions;
using Seamless.Rules.Workbench;
using Seamless.ServiceDesk.Kpis;
using Seamless.ServiceDesk.Notifications;
using Seamless.ServiceDesk.Parts;
using Seamless.ServiceDesk.Parts.Planning;
using Seamless.ServiceDesk.PastCases;
using Seamless.ServiceDesk.Remedies;
using Seamless.ServiceDesk.Sla;
using Seamless.ServiceDesk.Tickets;
using Seamless.Storage.DeadLetters;
using Seamless.Storage.TimeSeries;
using Seamless.Telemetry;

namespace Seamless.Portal.Tests.Stage;

/// <summary>The real pages on a real server, with a fleet that exists only here. The cookie <c>stage-role</c> says who is logged in.</summary>
public sealed class StageHost : IAsyncDisposable
{
    public const string RoleCookie = "stage-role";
    private readonly WebApplication _app;

    private StageHost(WebApplication app) => _app = app;

    /// <summary>Id of a table that was uploaded.</summary>
    public required string Table { get; init; }
    public string Url => _app.Urls.First();
    internal StageAlarms Alarms => (StageAlarms)_app.Services.GetRequiredService<IAlarms>();
    internal StageComplaints Complaints => _app.Services.GetRequiredService<StageComplaints>();
    internal StageCorrespondence Correspondence => _app.Services.GetRequiredService<StageCorrespondence>();
    internal StageVisits Visits => _app.Services.GetRequiredService<StageVisits>();
    internal StageTips Tips => _app.Services.GetRequiredService<StageTips>();
    internal StageTipDoor TipDoor => _app.Services.GetRequiredService<StageTipDoor>();
    internal StageArticles Articles => _app.Services.GetRequiredService<StageArticles>();
    internal StageSupport Support => _app.Services.GetRequiredService<StageSupport>();
    internal StageGuidance Guidance => _app.Services.GetRequiredService<StageGuidance>();
    internal StageRatings Ratings => _app.Services.GetRequiredService<StageRatings>();
    internal StageQuotes Quotes => _app.Services.GetRequiredService<StageQuotes>();
    internal StageContacts Contacts => _app.Services.GetRequiredService<StageContacts>();
    internal StagePrices Prices => _app.Services.GetRequiredService<StagePrices>();
    internal StageCompatibility Compatibility => (StageCompatibility)_app.Services.GetRequiredService<Seamless.ServiceDesk.Parts.Compatibility.ICompatibility>();
    internal StageParts Parts => (StageParts)_app.Services.GetRequiredService<IPartsNetwork>();
    internal StageContracts Contracts => _app.Services.GetRequiredService<StageContracts>();
    internal StageAudit Audit => (StageAudit)_app.Services.GetRequiredService<IAudit>();

    public static async Task<StageHost> StartAsync(CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddRouting();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<StagePacks>().AddSingleton<IPacks>(s => s.GetRequiredService<StagePacks>());
        builder.Services.AddSingleton<StageFleet>().AddSingleton<IDeviceRegistry>(s => s.GetRequiredService<StageFleet>());
        builder.Services.AddSingleton<IAlarms, StageAlarms>().AddSingleton<ICommands, StageCommands>().AddSingleton<IShadows, StageShadows>();
        builder.Services.AddSingleton<ITimeSeriesStore, StageStore>().AddSingleton<IDeadLetters, StageDeadLetters>();
        builder.Services.AddSingleton<ITickets, StageTickets>().AddSingleton<IRemedies, StageRemedies>().AddSingleton<IPartsNetwork, StageParts>().AddSingleton<Seamless.ServiceDesk.Parts.Custody.ICustody, StageCustody>().AddSingleton<Seamless.ServiceDesk.Parts.Repairs.IRepairs, StageRepairs>().AddSingleton<Seamless.ServiceDesk.Dispatch.Technicians.ITechnicians, StageTechnicians>().AddSingleton<IStockPlans, StageStockPlans>().AddSingleton<Seamless.ServiceDesk.Dispatch.IDispatch, StageDispatch>().AddSingleton<IKpis, StageKpis>().AddSingleton<IEventLog, StageEventLog>().AddSingleton<IAgreements, StageAgreements>();
        builder.Services.AddSingleton<IAlarmPerformance, StagePerformance>();
        builder.Services.AddSingleton<Seamless.ServiceDesk.Parts.Counting.IStockCounts, StageStockCounts>();
        builder.Services.AddSingleton<IMaintenance, StageMaintenance>();
        builder.Services.AddSingleton<INotifications, StageNotifications>();
        builder.Services.AddSingleton<Seamless.Fleet.Updates.IUpdates, StageUpdates>();
        builder.Services.AddSingleton<ISimilarCases, StageSimilarCases>();
        builder.Services.AddSingleton<Seamless.ServiceDesk.Parts.Compatibility.ICompatibility, StageCompatibility>();
        builder.Services.AddSingleton<Seamless.ServiceDesk.Parts.Promises.IPromises, StagePromises>();
        builder.Services.AddSingleton<Seamless.ServiceDesk.Reliability.IReliability, StageReliability>().AddSingleton<Seamless.ServiceDesk.Parts.BackOrders.IBackOrders, StageBackOrders>().AddSingleton<Seamless.ServiceDesk.Parts.Planning.IForecasts, StageForecasts>();
        builder.Services.AddSingleton<IGapLedger, StageLedger>();
        builder.Services.AddStageCustomers();
        builder.Services.AddStageCommerce();
        builder.Services.AddStageCare();
        builder.Services.AddStageTips();
        builder.Services.AddStageKnowledge();
        builder.Services.AddStageSessions();
        builder.Services.AddSingleton<StageLimits>().AddSingleton<ILimits>(s => s.GetRequiredService<StageLimits>()).AddSingleton<ILimitUse>(s => s.GetRequiredService<StageLimits>());
        builder.Services.AddSingleton<IAudit, StageAudit>().AddSingleton<IRuleBook, StageRuleBook>().AddSingleton<IBacktestRuns, BacktestRuns>();
        builder.Services.AddSingleton<ILabels, StageLabels>().AddSingleton<IEvaluation, StageEvaluation>();
        builder.Services.AddSingleton<IRuleVersions, StageRuleVersions>().AddSingleton<IRuleWorkbench, StageWorkbench>();
        builder.Services.AddStageModels();
        builder.Services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        builder.Services.AddAuthentication("stage").AddScheme<AuthenticationSchemeOptions, StageLogin>("stage", null);
        var authorization = builder.Services.AddAuthorizationBuilder();
        foreach (var (policy, roles) in Policies.RolesOf) authorization.AddPolicy(policy, p => p.RequireRole(roles));
        builder.Services.AddPages();
        builder.Services.Configure<PagesOptions>(options =>
        {
            options.UndoWindow = TimeSpan.FromSeconds(3);
            options.Beat = TimeSpan.FromMilliseconds(400);
            options.DemoLogins.Add(new DemoLogin("engineer", "engineer", "engineer"));
            options.DemoLogins.Add(new DemoLogin("dispatcher", "dispatcher", "dispatcher"));
        });
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapPages();
        app.MapGroup("/api/v1").MapRules();   // what the rule editor asks while one types
        await app.StartAsync(ct);
        return new StageHost(app) { Table = await StageModels.FurnishAsync(app.Services) };
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}

/// <summary>Believes the cookie, and sends everyone else to the login page.</summary>
internal sealed class StageLogin(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Cookies[StageHost.RoleCookie] is not { } role) return Task.FromResult(AuthenticateResult.NoResult());
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, "li"), new Claim(ClaimTypes.Role, role), new Claim("tenant", DeviceKey.DefaultTenant)], Scheme.Name);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Redirect($"/login?returnUrl={Uri.EscapeDataString(Request.Path)}");
        return Task.CompletedTask;
    }
}

internal sealed class StageAudit(TimeProvider clock) : IAudit
{
    private readonly List<AuditEntry> _entries = [];

    public IReadOnlyList<AuditEntry> All { get { lock (_entries) return [.. _entries]; } }

    public Task RecordAsync(string tenant, string actor, string action, string subject, string? from, string result, string? detail, CancellationToken ct)
    {
        lock (_entries) _entries.Insert(0, new AuditEntry(_entries.Count + 1, clock.GetUtcNow(), tenant, actor, action, subject, from, result, detail));
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<AuditEntry>> ListAsync(string tenant, long? before, int limit, CancellationToken ct)
    {
        lock (_entries) return Task.FromResult<IReadOnlyList<AuditEntry>>([.. _entries]);
    }
}

/// <summary>pump-004 misses some; the others nothing.</summary>
internal sealed class StageLedger(TimeProvider clock) : IGapLedger
{
    public SequenceState? Find(in DeviceKey device) => device.Device == "tv-060" ? null : new SequenceState(device, 1, 48_211, Missing(device), 3, 1, 0, true, List(device.Tenant).Where(Of(device)).ToList());
    public IReadOnlyList<Gap> List(string tenant) =>
    [
        new(new DeviceKey(tenant, "pump-004"), 41_007, 41_019, clock.GetUtcNow().AddHours(-5), 4, clock.GetUtcNow().AddHours(-4), "the device no longer has it"),
        new(new DeviceKey(tenant, "pump-004"), 48_102, 48_102, clock.GetUtcNow().AddMinutes(-3), 1, clock.GetUtcNow().AddMinutes(-2), null),
        new(new DeviceKey(tenant, "pump-004"), 48_190, 48_197, clock.GetUtcNow().AddSeconds(-12), 0, null, null),
    ];
    public Outcome<long> AskAgain(in DeviceKey device) => Missing(device) is > 0 and var missing ? missing : Refusal.Because($"nothing of {device} is missing");

    private long Missing(DeviceKey device) => List(device.Tenant).Where(Of(device)).Sum(gap => gap.Count);
    private static Func<Gap, bool> Of(DeviceKey device) => gap => gap.Device == device;
}

/// <summary>pump-004 sends too fast, server-021 too many metrics; what is set stays for as long as the stage stands.</summary>
internal sealed class StageLimits : ILimits, ILimitUse
{
    private readonly Dictionary<LimitScope, LimitSet> _own = [];

    public event Action<LimitScope>? Changed;
    public LimitSet? Own(in LimitScope scope) => _own.GetValueOrDefault(scope);
    public Allowance InForce(in LimitScope scope) => (Own(scope) ?? new LimitSet()).Over(scope.Device is null ? LimitSet.Unlimited : new LimitOptions().Device);
    public LimitState Find(in LimitScope scope) => new(scope, InForce(scope), Own(scope), new LimitUse(12.4, 81_230_112, 9, scope.Device is null ? 60 : null), CountsOf(scope.Device));
    public IReadOnlyList<LimitState> List(string tenant) => [.. new string?[] { null, "pump-004", "server-021", "pump-001" }.Select(device => Find(new LimitScope(tenant, device)))];

    public Task<Outcome<Allowance>> PutAsync(LimitScope scope, LimitSet limits, string actor, CancellationToken ct)
    {
        _own[scope] = limits;
        Changed?.Invoke(scope);
        return Task.FromResult<Outcome<Allowance>>(InForce(scope));
    }

    public Task<Outcome<Allowance>> RemoveAsync(LimitScope scope, string actor, CancellationToken ct) =>
        Task.FromResult<Outcome<Allowance>>(_own.Remove(scope) ? InForce(scope) : Refusal.NotFound("nothing of its own"));

    private static LimitCounts CountsOf(string? device) => device switch
    {
        "pump-004" => new(1204, 0, 0, 0),
        "server-021" => new(0, 0, 3, 17),
        _ => new(0, 0, 0, 0),
    };
}
