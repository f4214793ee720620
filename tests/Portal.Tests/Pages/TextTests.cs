using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Seamless.Portal.Pages;
using Seamless.Portal.Pages.Live;

namespace Seamless.Portal.Tests.Pages;

/// <summary>Every word on the screen is a resource, in both languages.</summary>
public sealed partial class TextTests
{
    private static readonly string Portal = Path.Combine(Root(), "src", "Portal");

    [Fact]
    public void Both_languages_have_the_same_keys_and_the_same_places_for_values()
    {
        var (english, chinese) = (Read("Texts.resx"), Read("Texts.zh-CN.resx"));

        Assert.Equal(english.Keys.Order(StringComparer.Ordinal), chinese.Keys.Order(StringComparer.Ordinal));
        Assert.All(english, text => Assert.Equal(Holes(text.Value), Holes(chinese[text.Key])));
        Assert.All(english, text => Assert.NotEmpty(text.Value));
    }

    [Fact]
    public void Every_key_that_the_pages_name_exists()
    {
        var known = Read("Texts.resx").Keys.ToHashSet();
        var named = Sources("*.razor").Concat(Sources("*.cs")).SelectMany(file => Key().Matches(File.ReadAllText(file)).Select(m => m.Groups[1].Value)).Where(k => !k.Contains('{', StringComparison.Ordinal));

        Assert.Equal([], named.Distinct().Except(known));
    }

    [Fact]
    public void No_page_has_words_of_its_own()
    {
        // The brand is a name, not a word.
        var literal = Sources("*.razor").SelectMany(file => Literals(File.ReadAllText(file)).Where(word => word != "Seamless").Select(word => $"{Path.GetFileName(file)}: {word}"));

        Assert.Equal([], literal);
    }

    [Theory]
    [InlineData("Texts.resx")]
    [InlineData("Texts.zh-CN.resx")]
    public void No_text_sends_a_person_to_the_api(string file) =>
        Assert.Equal([], Read(file).Where(text => text.Value.Contains("/api/", StringComparison.Ordinal)).Select(text => text.Key));

    [Fact]
    public void Every_action_has_its_notice()
    {
        var known = Read("Texts.resx").Keys.ToHashSet();
        var actions = Sources("*.cs").Where(f => f.Contains("Actions", StringComparison.Ordinal)).SelectMany(f => Action().Matches(File.ReadAllText(f)).Select(m => $"done.{m.Groups[1].Value}")).ToList();

        Assert.NotEmpty(actions);
        Assert.Equal([], actions.Except(known));
    }

    [Fact]
    public void Every_failure_mode_mechanism_and_cause_of_the_shipped_packs_has_its_words()
    {
        var known = Read("Texts.resx").Keys.ToHashSet();
        var packs = Directory.EnumerateDirectories(Path.Combine(Root(), "packs"));
        var files = packs.SelectMany(pack => Directory.EnumerateFiles(Path.Combine(pack, "rules")).Append(Path.Combine(pack, "faults.yaml")));
        var codes = files.SelectMany(file => PackCode().Matches(File.ReadAllText(file)).Select(m => $"{m.Groups[1].Value}.{m.Groups[2].Value}")).Distinct().ToList();

        Assert.NotEmpty(codes);
        Assert.Equal([], codes.Except(known));
    }

    [Theory]
    [InlineData(10, 0)]
    [InlineData(60, 5)]
    [InlineData(24 * 60, 120)]
    [InlineData(7 * 24 * 60, 900)]
    public void A_chart_never_gets_more_points_than_pixels(int minutes, int seconds) =>
        Assert.Equal(seconds, (int)(Trends.BucketFor(TimeSpan.FromMinutes(minutes))?.TotalSeconds ?? 0));

    /// <summary>Words between tags, outside of code, expressions and comments.</summary>
    private static IEnumerable<string> Literals(string razor)
    {
        var markup = CodeBlock().Replace(razor, "");
        markup = RazorComment().Replace(markup, "");
        markup = Directive().Replace(markup, "");
        foreach (var element in new[] { "code", "kbd" }) markup = Element(element).Replace(markup, "");
        return BetweenTags().Matches(markup).SelectMany(text => Word().Matches(text.Groups[1].Value).Select(word => word.Value));
    }

    private static Dictionary<string, string> Read(string file) =>
        XDocument.Load(Path.Combine(Portal, "Resources", file)).Root!.Elements("data").ToDictionary(d => d.Attribute("name")!.Value, d => d.Element("value")!.Value);

    private static string Holes(string text) => string.Join(",", Hole().Matches(text).Select(m => m.Value).Distinct().Order(StringComparer.Ordinal));

    private static IEnumerable<string> Sources(string pattern) =>
        new[] { "Pages", "Components" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Portal, folder), pattern, SearchOption.AllDirectories)).Where(f => !f.EndsWith("_Imports.razor", StringComparison.Ordinal));

    private static string Root()
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location)!);
        while (!File.Exists(Path.Combine(folder.FullName, "IoT.sln"))) folder = folder.Parent ?? throw new InvalidOperationException("not inside the repository");
        return folder.FullName;
    }

    private static Regex Element(string name) => new($"<{name}[^>]*>.*?</{name}>", RegexOptions.Singleline);

    [GeneratedRegex(@"\bT\[\s*\$?""([a-zA-Z][^""]*)""")]
    private static partial Regex Key();

    [GeneratedRegex(@"^\s+(mode|mechanism|cause): (.+?)\r?$", RegexOptions.Multiline)]
    private static partial Regex PackCode();

    [GeneratedRegex(@"AnswerAsync\(\s*""([a-z.]+)""")]
    private static partial Regex Action();

    [GeneratedRegex(@"\{\d(:[\w.]+)?\}")]
    private static partial Regex Hole();

    [GeneratedRegex(@"^@code \{.*\z", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"@\*.*?\*@", RegexOptions.Singleline)]
    private static partial Regex RazorComment();

    // From the end of a tag to the next tag or expression; "=>" and what has the marks of C# is not text.
    [GeneratedRegex(@"(?<![=\s])>([^<>@{}();=]*)[<@]")]
    private static partial Regex BetweenTags();

    [GeneratedRegex(@"^@(inject|attribute|using|page|layout|inherits)\b.*$", RegexOptions.Multiline)]
    private static partial Regex Directive();

    [GeneratedRegex(@"\p{L}{2,}")]
    private static partial Regex Word();
}
