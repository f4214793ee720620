using Seamless.Rules.Packs;

namespace Seamless.ServiceDesk.Knowledge.Articles;

/// <summary>What a reader gets who asked for a language.</summary>
/// <param name="Notice">Why it is not just that: it is older than its source, or only there in the other language. Null when nothing is amiss.</param>
/// <param name="Fresh">The language in which it is up to date; null when this one is.</param>
public sealed record ArticleReading(ArticleText Text, bool Stale, LocalizedText? Notice, string? Fresh);

/// <summary>Whether a translation still says what its source says.</summary>
public static class Freshness
{
    public const string English = "en";
    public const string Chinese = "zh-CN";

    public static readonly IReadOnlyList<string> Languages = [English, Chinese];

    private static readonly LocalizedText IsStale = new("The source has changed since this was translated; what has changed stands only in the other language.", "原文在翻译之后已有修改，最新内容请看另一语言版本。");
    private static readonly LocalizedText IsMissing = new("This article is not there in your language yet.", "本文尚无您所选语言的版本。");

    /// <summary>The languages whose text is older than the source.</summary>
    public static IReadOnlyList<string> StaleIn(string source, IReadOnlyList<ArticleText> texts)
    {
        var newest = texts.FirstOrDefault(t => t.Language == source)?.Revision ?? 0;
        return [.. texts.Where(t => t.Language != source && t.SourceRevision < newest).Select(t => t.Language)];
    }

    /// <summary>The text in <paramref name="language"/>, also when it is stale; the source where there is none.</summary>
    public static ArticleReading In(string language, string source, IReadOnlyList<ArticleText> texts)
    {
        if (texts.FirstOrDefault(t => t.Language == language) is not { } text) return new ArticleReading(texts.FirstOrDefault(t => t.Language == source) ?? texts[0], false, IsMissing, source);
        var stale = StaleIn(source, texts).Contains(language);
        return new ArticleReading(text, stale, stale ? IsStale : null, stale ? source : null);
    }
}
