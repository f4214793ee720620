using Microsoft.EntityFrameworkCore;
using Seamless.Fleet.Audit;
using Seamless.ServiceDesk.Customers.Figures;
using Seamless.ServiceDesk.Database;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Customers.Questionnaires;

internal sealed class QuestionnaireBook(Workbench workbench, IAudit audit, TimeProvider clock) : IQuestionnaires
{
    private const int MostItems = 60;
    private const int MostText = 500;

    public async Task<Outcome<Questionnaire>> PublishAsync(string tenant, NewQuestionnaire questionnaire, string actor, CancellationToken ct)
    {
        if (Fault(questionnaire) is { } fault) return Refusal.Invalid(fault);
        var published = await workbench.CommitAsync(clock.GetUtcNow(), async work =>
        {
            var version = (await work.Db.Questionnaires.Where(q => q.Tenant == tenant && q.Id == questionnaire.Id).MaxAsync(q => (int?)q.Version, ct) ?? 0) + 1;
            var row = new QuestionnaireRow
            {
                Tenant = tenant, Id = questionnaire.Id, Version = version, Title = questionnaire.Title, Items = questionnaire.Items, SatisfactionTarget = questionnaire.SatisfactionTarget,
                LoyaltyTarget = questionnaire.LoyaltyTarget, Actor = actor, At = work.Now,
            };
            work.Db.Questionnaires.Add(row);
            return row.ToQuestionnaire();
        }, ct);
        await audit.RecordAsync(tenant, actor, "survey.publish", $"survey:{published.Id}", null, "ok", $"version {published.Version}", ct);
        return published;
    }

    public Task<IReadOnlyList<Questionnaire>> ListAsync(string tenant, CancellationToken ct) => workbench.ReadAsync<IReadOnlyList<Questionnaire>>(async db =>
        (await db.Questionnaires.Where(q => q.Tenant == tenant).OrderBy(q => q.Id).ThenByDescending(q => q.Version).ToListAsync(ct)).ConvertAll(q => q.ToQuestionnaire()), ct);

    public async Task<Outcome<int>> AnswerAsync(string tenant, string id, SurveyResponse response, string actor, CancellationToken ct)
    {
        if (response.Respondent?.Trim() is not { Length: > 0 and <= 200 } respondent) return Refusal.Invalid("'respondent' has 1 to 200 characters");
        if (response is { Customer: null, Partner: null }) return Refusal.Invalid("give 'customer' or 'partner'");
        if (response.Customer is { Length: 0 or > 200 } || response.Partner is { Length: 0 or > 200 } || response.Comment is { Length: > 2000 })
            return Refusal.Invalid("a customer and a partner have 1 to 200 characters, a comment at most 2000");
        var done = await workbench.TryAsync<int>(clock.GetUtcNow(), async work =>
        {
            if (await FindAsync(work.Db, tenant, id, response.Version, ct) is not { } questionnaire) return Refusal.NotFound($"there is no questionnaire '{id}'{(response.Version is { } v ? $" of version {v}" : "")}");
            if (Fault(questionnaire.Items, response.Answers) is { } fault) return Refusal.Invalid(fault);
            var row = await work.Db.SurveyResponses.FindAsync([tenant, id, questionnaire.Version, respondent], ct);
            if (row is null)
            {
                work.Db.SurveyResponses.Add(new SurveyResponseRow
                {
                    Tenant = tenant, Questionnaire = id, Version = questionnaire.Version, Respondent = respondent, Customer = response.Customer, Partner = response.Partner,
                    Answers = response.Answers, Comment = response.Comment, At = work.Now,
                });
            }
            else
            {
                (row.Customer, row.Partner, row.Answers, row.Comment, row.At) = (response.Customer, response.Partner, response.Answers, response.Comment, work.Now);
            }
            return questionnaire.Version;
        }, ct);
        await audit.RecordAsync(tenant, actor, "survey.answer", $"survey:{id}", null, done.Refusal?.Code ?? "ok", done.Refusal?.Reason, ct);
        return done;
    }

    public Task<SurveyReport?> ReportAsync(string tenant, string id, int? version, CancellationToken ct) => workbench.ReadAsync(async db =>
    {
        if (await FindAsync(db, tenant, id, version, ct) is not { } row) return null;
        var questionnaire = row.ToQuestionnaire();
        var enough = (await Policies.OfAsync(db, tenant, ct)).EnoughAnswers;
        var answers = await db.SurveyResponses.Where(r => r.Tenant == tenant && r.Questionnaire == id && r.Version == row.Version).OrderBy(r => r.Respondent).ToListAsync(ct);
        IEnumerable<SurveyResult> Results(string kind, Func<SurveyResponseRow, string?> of) => answers.Where(a => of(a) is not null).GroupBy(a => of(a)!)
            .OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => ResultOf(questionnaire, kind, g.Key, [.. g], enough));
        return (SurveyReport?)new SurveyReport(id, row.Version, row.SatisfactionTarget, row.LoyaltyTarget, Of(questionnaire, SurveyIndex.Satisfaction, answers), Of(questionnaire, SurveyIndex.Loyalty, answers),
            [.. Results("customer", a => a.Customer), .. Results("partner", a => a.Partner)]);
    }, ct);

    private static SurveyResult ResultOf(Questionnaire questionnaire, string kind, string of, IReadOnlyList<SurveyResponseRow> answers, int enough)
    {
        var (satisfaction, loyalty) = (Of(questionnaire, SurveyIndex.Satisfaction, answers), Of(questionnaire, SurveyIndex.Loyalty, answers));
        var under = (satisfaction.Count >= enough && satisfaction.Value < questionnaire.SatisfactionTarget) || (loyalty.Count >= enough && loyalty.Value < questionnaire.LoyaltyTarget);
        return new SurveyResult(kind, of, satisfaction, loyalty, under);
    }

    private static IndexOf Of(Questionnaire questionnaire, SurveyIndex index, IEnumerable<SurveyResponseRow> answers) =>
        IndexOf.Of(answers.Select(a => questionnaire.IndexOf(index, a.Answers)).OfType<double>());

    private static Task<QuestionnaireRow?> FindAsync(DeskContext db, string tenant, string id, int? version, CancellationToken ct) =>
        db.Questionnaires.Where(q => q.Tenant == tenant && q.Id == id && (version == null || q.Version == version)).OrderByDescending(q => q.Version).FirstOrDefaultAsync(ct);

    private static string? Fault(NewQuestionnaire questionnaire) => questionnaire switch
    {
        { Id: not { Length: > 0 and <= 60 } } => "'id' has 1 to 60 characters",
        { Title: null } => "'title' is missing",
        { Items: not { Count: > 0 and <= MostItems } } => $"a questionnaire has 1 to {MostItems} items",
        _ when questionnaire.Items.Any(i => i is not { Id: not null, Text: not null }) => "an item has an 'id' and a 'text'",
        _ when questionnaire.Items.GroupBy(i => i.Id).FirstOrDefault(g => g.Count() > 1) is { } twice => $"item '{twice.Key}' is there twice",
        _ when questionnaire.Items.FirstOrDefault(i => i.Id.Length is 0 or > 60 || i.Text.En.Length is 0 or > MostText || i.Text.ZhCn.Length is 0 or > MostText) is { } empty => $"item '{empty.Id}': an id has 1 to 60 characters, a text 1 to {MostText} in each language",
        _ when questionnaire.Items.FirstOrDefault(i => i.Max <= i.Min || i.Max - i.Min > 100) is { } flat => $"item '{flat.Id}': the scale goes from 'min' up to 'max', in at most 100 steps",
        _ when questionnaire.Items.FirstOrDefault(i => i.Weight is not (> 0 and <= 1000)) is { } light => $"item '{light.Id}': a weight is above 0 and at most 1000",
        _ when Enum.GetValues<SurveyIndex>().Except(questionnaire.Items.Select(i => i.Index)).Any() => "each of the two indices, satisfaction and loyalty, needs an item",
        { SatisfactionTarget: < 0 or > 100 } or { LoyaltyTarget: < 0 or > 100 } => "a target is 0 to 100",
        _ => null,
    };

    private static string? Fault(IReadOnlyList<SurveyItem> items, IReadOnlyDictionary<string, int> answers)
    {
        if (answers is not { Count: > 0 }) return "'answers' is empty";
        if (answers.Keys.Except(items.Select(i => i.Id)).FirstOrDefault() is { } unknown) return $"'{unknown}' is no item of this version";
        return items.FirstOrDefault(i => answers.TryGetValue(i.Id, out var answer) && (answer < i.Min || answer > i.Max)) is { } off ? $"the answer to '{off.Id}' is {off.Min} to {off.Max}" : null;
    }
}
