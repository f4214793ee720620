using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Seamless.Portal.Tests.Stage;

namespace Seamless.Portal.Tests.Pages;

/// <summary>Why something is not done is said in the language of the page.</summary>
public sealed partial class RefusalTextTests(Rig rig)
{
    /// <summary>Where the refusals come from that the console's forms meet. What only programs meet keeps the domain's words.</summary>
    private static readonly string[] MetOnPages =
    [
        "src/ServiceDesk/Tickets", "src/ServiceDesk/Commerce/Quotes", "src/ServiceDesk/Commerce/Contracts", "src/ServiceDesk/Commerce/Prices/PriceList.cs", "src/ServiceDesk/Commerce/Repairs", "src/ServiceDesk/Knowledge/Guidance",
        "src/ServiceDesk/Knowledge/Supervision", "src/ServiceDesk/Knowledge/Articles", "src/ServiceDesk/Parts/Compatibility/OwnPart.cs", "src/ServiceDesk/Parts/Deliveries.cs", "src/ServiceDesk/Parts/Logistics.cs", "src/ServiceDesk/Parts/Network.cs", "src/ServiceDesk/Parts/PartRequests.cs",
        "src/ServiceDesk/Parts/Custody/CustodyBook.cs", "src/ServiceDesk/Parts/Custody/HandOvers.cs", "src/ServiceDesk/Parts/Returns/ReturnDesk.cs", "src/ServiceDesk/Parts/Repairs", "src/ServiceDesk/Parts/Planning/StockPlans.cs",
        "src/ServiceDesk/Care/Contacts", "src/ServiceDesk/Care/Plans", "src/ServiceDesk/Care/Tips", "src/ServiceDesk/Care/Visits", "src/ServiceDesk/Care/Checklists/Answers.cs", "src/ServiceDesk/Customers/Complaints", "src/ServiceDesk/Customers/Correspondence/ReplyDesk.cs", "src/Rules/Alarms/Maintenance/MaintenanceOrders.cs", "src/Portal/Pages/Actions",
    ];

    [Fact]
    public void Every_reason_with_a_name_has_its_words_in_both_languages()
    {
        var (english, chinese) = (Read("Texts.resx"), Read("Texts.zh-CN.resx"));
        var named = Sources("src").SelectMany(text => Named().Matches(text).Select(m => $"refusal.{m.Groups["why"].Value}")).ToHashSet();

        Assert.True(named.Count > 200, $"only {named.Count} reasons");
        Assert.Equal([], named.Except(english.Keys).Order());
        Assert.Equal([], named.Except(chinese.Keys).Order());
        Assert.All(named, key => Assert.Matches(@"\p{IsCJKUnifiedIdeographs}", chinese[key]));
        Assert.Equal([], english.Keys.Where(key => key.StartsWith("refusal.", StringComparison.Ordinal)).Except(named).Order());
    }

    [Fact]
    public void Every_reason_that_a_form_meets_has_a_name()
    {
        var nameless = MetOnPages.SelectMany(place => Sources(place).SelectMany(text => Nameless().Matches(text).Select(m => $"{place}: {m.Value}")));

        Assert.Equal([], nameless);
    }

    [Fact]
    public void Every_end_of_a_remedy_that_the_desk_writes_has_its_words()
    {
        var written = Sources("src/ServiceDesk/Remedies/Ladder.cs").SelectMany(text => RemedyEnd().Matches(text).Select(m => $"remedy.outcome.{m.Groups[1].Value}")).ToList();

        Assert.True(written.Count > 4, $"only {written.Count}");
        Assert.Equal([], written.Except(Read("Texts.zh-CN.resx").Keys));
    }

    [Theory]
    [InlineData("en", "T-1042 is Scheduled; 'Add note' is not possible now. Possible are: Assign, Arrived")]
    [InlineData("zh-CN", "T-1042 的状态为“已排期”，现在不能“添加备注”；可以：指派、到场")]
    public async Task A_refusal_speaks_the_language_of_the_page(string language, string said)
    {
        var (page, _) = await rig.OpenAsync("/tickets/T-1042", new Look(Language: language));
        await page.Locator("details.fold:has(textarea[name=text]) summary").ClickAsync();
        await page.FillAsync("textarea[name=text]", StageTickets.Refused);
        await page.Locator("details.fold:has(textarea[name=text]) button").ClickAsync();

        Assert.Contains(said, await page.InnerTextAsync("details.fold .notice.refused"), StringComparison.Ordinal);
        Assert.Equal(StageTickets.Refused, await page.InputValueAsync("textarea[name=text]"));
        await page.Context.CloseAsync();
    }

    private static Dictionary<string, string> Read(string file) =>
        XDocument.Load(Path.Combine(Root(), "src", "Portal", "Resources", file)).Root!.Elements("data").ToDictionary(d => d.Attribute("name")!.Value, d => d.Element("value")!.Value);

    private static IEnumerable<string> Sources(string place)
    {
        var path = Path.Combine(Root(), place);
        return (File.Exists(path) ? [path] : Directory.EnumerateFiles(path, "*.cs", SearchOption.AllDirectories)).Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).Select(File.ReadAllText);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location)!);
        while (!File.Exists(Path.Combine(folder.FullName, "IoT.sln"))) folder = folder.Parent ?? throw new InvalidOperationException("not inside the repository");
        return folder.FullName;
    }

    [GeneratedRegex(@"(Refusal\.(Because|NotFound|Conflict|Invalid|Forbidden)\(|new\(AlarmAction\.\w+, d => [^""]+, )""(?<why>[a-z]+(-[a-z]+)+)"", \$?""")]
    private static partial Regex Named();

    [GeneratedRegex(@"Refusal\.(Because|NotFound|Conflict|Invalid|Forbidden)\((?!""[a-z]+(-[a-z]+)+"", )(\$?"")[^\r\n]{0,80}")]
    private static partial Regex Nameless();

    [GeneratedRegex(@"(?:NextRungAsync\([\w, ]+|End\(RemedyState\.\w+), ""([^""]+)""")]
    private static partial Regex RemedyEnd();
}
