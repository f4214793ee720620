using Seamless.ServiceDesk.Database;
using Seamless.ServiceDesk.Kpis;
using Seamless.Telemetry;

namespace Seamless.ServiceDesk.Knowledge.Articles;

/// <summary>Draft → in review → published → retired; a change to a published article is a draft again while the approved text is read on.</summary>
internal static class ArticleStatuses
{
    private static readonly Dictionary<ArticleStatus, string[]> Table = new()
    {
        [ArticleStatus.Draft] = ["submit", "retire", "internal", "public"],
        [ArticleStatus.InReview] = ["publish", "return", "retire"],
        [ArticleStatus.Published] = ["retire", "internal", "public"],
        [ArticleStatus.Retired] = [],
    };

    public static IReadOnlyList<string> Allowed(ArticleStatus status) => Table[status];

    /// <returns>Null when done, else why not.</returns>
    public static Refusal? Act(DeskWork work, ArticleRow article, string action, string? note, string actor)
    {
        if (!Allowed(article.Status).Contains(action))
            return Refusal.Because("article-not-now", $"{article.Number} is {article.Status}; '{action}' is not possible now{(Allowed(article.Status) is { Count: > 0 } allowed ? $", {string.Join(", ", allowed)} are" : "")}");
        if (action is "return" or "retire" && string.IsNullOrWhiteSpace(note)) return Refusal.Invalid("article-note", $"'{action}' needs a 'note': why");
        if (action is "publish" && article.Writers.Contains(actor)) return Refusal.Because("article-own", $"{actor} has written it; somebody else reviews and publishes it");
        switch (action)
        {
            case "submit": article.Status = ArticleStatus.InReview; break;
            case "publish": Publish(work, article, actor); break;
            case "return": article.Status = ArticleStatus.Draft; break;
            case "retire": (article.Status, article.Published) = (ArticleStatus.Retired, []); break;
            default: article.Audience = action is "public" ? Audience.Public : Audience.Internal; break;
        }
        article.Touch(work.Now);
        return null;
    }

    public static void Touch(this ArticleRow article, DateTimeOffset now)
    {
        article.UpdatedAt = now;
        article.Version++;
    }

    private static void Publish(DeskWork work, ArticleRow article, string reviewer)
    {
        (article.Status, article.Reviewer, article.Published, article.PublishedAt) = (ArticleStatus.Published, reviewer, article.Texts, work.Now);
        work.Record(EventKind.ArticlePublished, $"{article.Number}:{article.Version}", article.Tenant, "", null, null, article.Texts.Count, article.FaultCode, article.Author);
    }
}
