using Microsoft.Extensions.DependencyInjection;
using Seamless.Fleet.Registry;
using Seamless.ServiceDesk.Knowledge.Articles;
using Seamless.ServiceDesk.Knowledge.Context;
using Seamless.ServiceDesk.Knowledge.Guidance;
using Seamless.ServiceDesk.Knowledge.Supervision;
using Seamless.ServiceDesk.Knowledge.Support;
using Seamless.ServiceDesk.Tickets;
using Seamless.Telemetry;

namespace Seamless.Portal.Tests.Stage;

internal static class StageKnowledgeRegistration
{
    public static void AddStageKnowledge(this IServiceCollection services) => services
        .AddSingleton<StageArticles>().AddSingleton<IArticles>(s => s.GetRequiredService<StageArticles>())
        .AddSingleton<StageGuidance>().AddSingleton<IGuidance>(s => s.GetRequiredService<StageGuidance>()).AddSingleton<IContextCards, StageContext>()
        .AddSingleton<StageSupport>().AddSingleton<ISupportDoor>(s => s.GetRequiredService<StageSupport>())
        .AddSingleton<ISupervision, StageSupervision>();
}

/// <summary>One article in review whose Chinese text is older than the English one; whatever is done is noted.</summary>
internal sealed class StageArticles(TimeProvider clock) : IArticles
{
    private readonly List<string> _done = [];

    public IReadOnlyList<string> Done => _done;

    private Article One => new(
        "KB-1001", "default", "pump", "seal-leak", ArticleStatus.InReview, Audience.Internal, "en", "zhao", null,
        [
            new ArticleText("en", "Mechanical seal leaks", "Discharge pressure falls, water under the pump", ["Stop the pump", "Look at the seal's drain", "Replace the seal"], "A new seal; check the alignment", 2, 2, "zhao", clock.GetUtcNow().AddHours(-2)),
            new ArticleText("zh-CN", "机械密封泄漏", "出口压力下降，泵下有水", ["停泵", "更换密封"], "更换密封并检查对中", 1, 1, "li", clock.GetUtcNow().AddDays(-9)),
        ], [], ["T-1037"], clock.GetUtcNow().AddDays(-10), clock.GetUtcNow().AddHours(-2), null, 4);

    public Task<Article?> FindAsync(string tenant, string number, CancellationToken ct) => Task.FromResult(number == "KB-1001" ? One : null);
    public Task<IReadOnlyList<Article>> ListAsync(ArticleFilter filter, CancellationToken ct) => Task.FromResult<IReadOnlyList<Article>>([One]);
    public Task<Outcome<Article>> WriteAsync(NewArticle article, string actor, CancellationToken ct) => NoteAsync($"write {article.Words.Title}: {string.Join('|', article.Words.Steps)}");
    public Task<Outcome<Article>> EditAsync(string tenant, string number, ArticleWords words, string actor, CancellationToken ct) => NoteAsync($"edit {words.Language} {words.Title}");
    public Task<Outcome<Article>> ActAsync(string tenant, string number, string action, string? note, string actor, CancellationToken ct) => NoteAsync($"{action} {note}".Trim());
    public IReadOnlyList<string> Allowed(Article article) => ["publish", "return", "retire"];
    public Task<IReadOnlyList<Contribution>> ContributionsAsync(string tenant, CancellationToken ct) => Task.FromResult<IReadOnlyList<Contribution>>([new("zhao", 4, 2, 0, 1, 5, 12), new("li", 0, 0, 3, 2, 0, 5)]);

    private Task<Outcome<Article>> NoteAsync(string what)
    {
        _done.Add(what);
        return Task.FromResult<Outcome<Article>>(One);
    }
}

/// <summary>A pump that shakes: the bearing is tested for first.</summary>
internal sealed class StageGuidance(TimeProvider clock) : IGuidance
{
    private readonly List<string> _done = [];

    public IReadOnlyList<string> Done => _done;

    private GuidedDiagnosis Now(string ticket) => new(
        ticket, "pump", GuidanceState.Asking, [new("bearing-wear", new("Bearing wear", "轴承磨损"), 0.71), new("seal-leak", new("Mechanical seal leaks", "机械密封泄漏"), 0.29)],
        [new("bearing-wear", new("Listen to the bearing housing and measure the envelope", "听轴承座并测量包络"), new("Bearing wear", "轴承磨损"), 20, 0.71, 28.2, new("Stethoscope, vibration meter", "听诊器、测振仪"))], 25.8, null,
        [new("flow-low", new("Flow low", "流量低"), null), new("vibration-high", new("Vibration high", "振动高"), true)],
        [new(1, "finding", "vibration-high", new("Vibration high", "振动高"), true, null, "zhao", clock.GetUtcNow())]);

    public Task<Outcome<GuidedDiagnosis>> AtAsync(string tenant, string ticket, CancellationToken ct) =>
        Task.FromResult<Outcome<GuidedDiagnosis>>(ticket == "T-1042" ? Now(ticket) : Refusal.Because("of no type of equipment"));

    public Task<Outcome<GuidedDiagnosis>> SeeAsync(string tenant, string ticket, IReadOnlyList<string> present, IReadOnlyList<string> absent, string actor, CancellationToken ct) =>
        NoteAsync(ticket, $"see +{string.Join(',', present)} -{string.Join(',', absent)}");

    public Task<Outcome<GuidedDiagnosis>> TestAsync(string tenant, string ticket, string faultCode, bool found, string? note, string actor, CancellationToken ct) => NoteAsync(ticket, $"test {faultCode} {found} {note}".Trim());

    private Task<Outcome<GuidedDiagnosis>> NoteAsync(string ticket, string what)
    {
        _done.Add(what);
        return Task.FromResult<Outcome<GuidedDiagnosis>>(Now(ticket));
    }
}

internal sealed class StageContext(TimeProvider clock) : IContextCards
{
    public Task<Outcome<ContextCard>> OfDeviceAsync(string tenant, string device, CancellationToken ct) => Task.FromResult<Outcome<ContextCard>>(new ContextCard(
        "Bohai Water", device, "zh", new ContractTerms("premium", 3, [new Promised(Priority.P1, "premium 15 min / 2 h / 24 h")]), 12,
        [new Asset(device, "pump", "SN-70004", "tianjin", "premium", DeviceStatus.Online, clock.GetUtcNow(), "2.4.1")], 2,
        [new RecentCase("T-1037", device, new("Mechanical seal leaks", "机械密封泄漏"), TicketStatus.Closed, Priority.P3, "seal-leak", clock.GetUtcNow().AddDays(-3), clock.GetUtcNow().AddDays(-2))],
        [new RecentChange(clock.GetUtcNow().AddDays(-2), "part", device, "PMP-SEAL-45", "SEAL-0042", "zhao")],
        [new OpenPart("T-1042", "PMP-BRG-6309", new("Bearing set 6309", "6309 轴承组"), 1, "shipped", clock.GetUtcNow().AddHours(1))],
        new Sentiment(4, 6.5, 3.5, 1, "Quick, but nobody called before", clock.GetUtcNow().AddDays(-2))));

    public Task<Outcome<ContextCard>> OfCustomerAsync(string tenant, string customer, CancellationToken ct) => Task.FromResult<Outcome<ContextCard>>(Refusal.NotFound("nothing is known"));
}

/// <summary>A repair that is done: what it was, one article to read and follow, a newer version to download.</summary>
internal sealed class StageSupport(TimeProvider clock) : ISupportDoor
{
    private readonly List<string> _followed = [];

    public IReadOnlyList<string> Followed => _followed;

    private Article One => new(
        "KB-1002", "default", "pump", "seal-leak", ArticleStatus.Published, Audience.Public, "en", "zhao", "li", Texts, Texts, [], clock.GetUtcNow().AddDays(-10), clock.GetUtcNow().AddDays(-1), clock.GetUtcNow().AddDays(-1), 3);

    private IReadOnlyList<ArticleText> Texts => [new ArticleText("en", "Water under the pump", "There is water under the pump", ["Close the valve", "Call us"], "A new seal", 1, 1, "zhao", clock.GetUtcNow().AddDays(-9))];

    public Task<SupportedIncident?> IncidentAsync(string code, string? serial, CancellationToken ct) => Task.FromResult<SupportedIncident?>(code == "TRK-T-1037" ? new SupportedIncident(
        "T-1037", TicketStatus.Closed, new("Done", "已完成"), clock.GetUtcNow().AddDays(-3), [], new Solution(new("Mechanical seal leaks", "机械密封泄漏"), new("Replace the mechanical seal", "更换机械密封"), [new("Mechanical seal 45 mm", "45 mm 机械密封")], clock.GetUtcNow().AddDays(-2)), [One]) : null);

    public Task<IReadOnlyList<Article>?> ArticlesAsync(string code, string? serial, string? query, CancellationToken ct) => Task.FromResult<IReadOnlyList<Article>?>([One]);
    public Task<Article?> ReadAsync(string code, string? serial, string number, CancellationToken ct) => Task.FromResult<Article?>(One);

    public Task<Outcome<IReadOnlyList<FollowedArticle>>> FollowAsync(string code, string? serial, string number, bool follow, CancellationToken ct)
    {
        _followed.Add($"{number} {follow}");
        return Task.FromResult<Outcome<IReadOnlyList<FollowedArticle>>>(new List<FollowedArticle>());
    }

    public Task<IReadOnlyList<FollowedArticle>?> FollowedAsync(string code, string? serial, CancellationToken ct) => Task.FromResult<IReadOnlyList<FollowedArticle>?>([]);
    public Task<VersionReport?> VersionsAsync(string code, string? serial, CancellationToken ct) => Task.FromResult<VersionReport?>(new VersionReport(new VersionCurrency("pump", "1.3.0", "1.4.0", false, 1), []));
    public Task<IReadOnlyList<Download>?> DownloadsAsync(string code, string? serial, CancellationToken ct) => Task.FromResult<IReadOnlyList<Download>?>([new Download("abc", "seamless-agent", "1.4.0", 8_123_456, new string('0', 64), null)]);
    public Task<string?> FileAsync(string code, string? serial, string artefact, CancellationToken ct) => Task.FromResult<string?>(null);
}

/// <summary>Nobody is new here.</summary>
internal sealed class StageSupervision : ISupervision
{
    public Task<IReadOnlyList<Release>> OnAsync(string tenant, string ticket, CancellationToken ct) => Task.FromResult<IReadOnlyList<Release>>([]);
    public Task<string?> SupervisorOfAsync(string tenant, string person, CancellationToken ct) => Task.FromResult<string?>(null);
    public Task<Outcome<Release>> AskAsync(string tenant, string ticket, string novice, CancellationToken ct) => Task.FromResult<Outcome<Release>>(Refusal.Because("nobody is new"));
    public Task<Outcome<Release>> ReleaseAsync(string tenant, string ticket, string novice, string? note, string supervisor, CancellationToken ct) => Task.FromResult<Outcome<Release>>(Refusal.Because("nobody is new"));
    public Task<Refusal?> WhyNotCommandAsync(DeviceKey device, string riskClass, string person, CancellationToken ct) => Task.FromResult<Refusal?>(null);
}
