using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Customers.Figures;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Customers.Questionnaires;

/// <summary>Which of the two indices an item counts for: how well it went, or whether they stay. The two are never mixed.</summary>
public enum SurveyIndex : byte { Satisfaction, Loyalty }

/// <param name="Id">Stable within the questionnaire; answers name it.</param>
/// <param name="Min">Of the scale; an answer counts as its share of the way from Min to Max, the other way round when <paramref name="Reversed"/>.</param>
/// <param name="Weight">Within its index.</param>
public sealed record SurveyItem(string Id, LocalizedText Text, SurveyIndex Index, int Min = 1, int Max = 5, double Weight = 1, bool Reversed = false);

/// <param name="SatisfactionTarget">0–100; a partner or customer below it is flagged once enough have answered.</param>
public sealed record Questionnaire(
    string Id, string Tenant, int Version, LocalizedText Title, IReadOnlyList<SurveyItem> Items, double SatisfactionTarget, double LoyaltyTarget, string Actor, DateTimeOffset At)
{
    /// <summary>0–100: the weighted mean of what was answered; null when nothing of this index was.</summary>
    public double? IndexOf(SurveyIndex index, IReadOnlyDictionary<string, int> answers)
    {
        var (sum, weight) = (0.0, 0.0);
        foreach (var item in Items.Where(i => i.Index == index))
        {
            if (!answers.TryGetValue(item.Id, out var answer)) continue;
            var share = (double)(answer - item.Min) / (item.Max - item.Min);
            (sum, weight) = (sum + item.Weight * (item.Reversed ? 1 - share : share), weight + item.Weight);
        }
        return weight > 0 ? 100 * sum / weight : null;
    }
}

public sealed record NewQuestionnaire(string Id, LocalizedText Title, IReadOnlyList<SurveyItem> Items, double SatisfactionTarget = 90, double LoyaltyTarget = 75);

/// <param name="Version">Of the questionnaire that was answered; the newest when not given.</param>
/// <param name="Respondent">Who answered; answers once for each version, and a second time in place of the first.</param>
/// <param name="Customer">Whom they answer for; or <paramref name="Partner"/>.</param>
public sealed record SurveyResponse(string Respondent, string? Customer, string? Partner, IReadOnlyDictionary<string, int> Answers, int? Version = null, string? Comment = null);

/// <summary>The two indices of one customer or partner.</summary>
/// <param name="UnderTarget">Enough have answered, and one of the indices is below its target.</param>
public sealed record SurveyResult(string Kind, string Of, IndexOf Satisfaction, IndexOf Loyalty, bool UnderTarget);

/// <summary>What one version of a questionnaire came to.</summary>
public sealed record SurveyReport(string Id, int Version, double SatisfactionTarget, double LoyaltyTarget, IndexOf Satisfaction, IndexOf Loyalty, IReadOnlyList<SurveyResult> Results);

public interface IQuestionnaires
{
    /// <summary>A new version; those before it keep their answers.</summary>
    Task<Outcome<Questionnaire>> PublishAsync(string tenant, NewQuestionnaire questionnaire, string actor, CancellationToken ct);

    /// <summary>Every version, the newest of each questionnaire first.</summary>
    Task<IReadOnlyList<Questionnaire>> ListAsync(string tenant, CancellationToken ct);
    Task<Outcome<int>> AnswerAsync(string tenant, string id, SurveyResponse response, string actor, CancellationToken ct);
    Task<SurveyReport?> ReportAsync(string tenant, string id, int? version, CancellationToken ct);
}

internal sealed class QuestionnaireRow
{
    public required string Tenant { get; init; }
    public required string Id { get; init; }
    public int Version { get; init; }
    public required LocalizedText Title { get; init; }
    public required IReadOnlyList<SurveyItem> Items { get; init; }
    public double SatisfactionTarget { get; init; }
    public double LoyaltyTarget { get; init; }
    public required string Actor { get; init; }
    public DateTimeOffset At { get; init; }

    public Questionnaire ToQuestionnaire() => new(Id, Tenant, Version, Title, Items, SatisfactionTarget, LoyaltyTarget, Actor, At);
}

internal sealed class SurveyResponseRow
{
    public required string Tenant { get; init; }
    public required string Questionnaire { get; init; }
    public int Version { get; init; }
    public required string Respondent { get; init; }
    public string? Customer { get; set; }
    public string? Partner { get; set; }
    public required IReadOnlyDictionary<string, int> Answers { get; set; }
    public string? Comment { get; set; }
    public DateTimeOffset At { get; set; }
}
