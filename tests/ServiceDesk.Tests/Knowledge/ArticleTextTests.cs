using Seamless.ServiceDesk.Knowledge.Articles;

namespace Seamless.ServiceDesk.Tests.Knowledge;

public sealed class ArticleTextTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(2, 1, true)]    // the source has moved on
    [InlineData(2, 2, false)]   // translated again
    public void A_translation_is_stale_when_its_source_has_a_newer_revision(int source, int rendered, bool stale)
    {
        ArticleText[] texts = [Text("en", "Seal leaks", source, source), Text("zh-CN", "密封泄漏", 1, rendered)];
        var reading = Freshness.In("zh-CN", "en", texts);
        Assert.Equal((stale, stale ? "en" : null, "密封泄漏"), (reading.Stale, reading.Fresh, reading.Text.Title));
        Assert.Equal(stale, reading.Notice is not null);
        Assert.False(Freshness.In("en", "en", texts).Stale);   // the source never is
    }

    [Fact]
    public void What_is_not_translated_is_read_in_the_source_with_a_notice()
    {
        var reading = Freshness.In("zh-CN", "en", [Text("en", "Seal leaks", 3, 3)]);
        Assert.Equal(("en", false, "en"), (reading.Text.Language, reading.Stale, reading.Fresh));
        Assert.NotNull(reading.Notice);
    }

    [Theory]
    [InlineData("seal", true)]
    [InlineData("LEAKING SEAL", true)]
    [InlineData("机械密封漏水", true)]
    [InlineData("轴承", false)]
    [InlineData("gearbox", false)]
    public void Articles_are_found_by_words_of_both_languages(string words, bool found) =>
        Assert.Equal(found, ArticleSearch.Score([Text("en", "Mechanical seal leaks", 1, 1), Text("zh-CN", "机械密封泄漏", 1, 1)], ArticleSearch.Terms(words)) > 0);

    [Fact]
    public void A_word_in_the_title_counts_more_than_one_in_the_text()
    {
        var terms = ArticleSearch.Terms("alignment");
        Assert.True(ArticleSearch.Score([Text("en", "Alignment of the coupling", 1, 1)], terms) > ArticleSearch.Score([Text("en", "Seal leaks", 1, 1)], terms));
        Assert.True(ArticleSearch.Score([Text("en", "Seal leaks", 1, 1)], terms) > 0);   // the resolution names it
    }

    private static ArticleText Text(string language, string title, int revision, int source) => new(language, title, "Water", ["Stop"], "Check the alignment", revision, source, "lin", At);
}
