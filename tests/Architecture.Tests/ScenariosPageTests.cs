using System.Text.RegularExpressions;

namespace Seamless.Architecture.Tests;

/// <summary>docs/scenarios.md says which service practices are proven, and by which test: it must say neither more nor less than the tests do.</summary>
public sealed partial class ScenariosPageTests
{
    [Fact]
    public void The_page_names_exactly_the_scenarios_that_tests_claim()
    {
        var claimed = ClaimedByTests();
        var listed = File.ReadLines(Repository.Path("docs/scenarios.md"))
            .Select(line => Row().Match(line))
            .Where(match => match.Success)
            .ToDictionary(match => int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), match => match.Groups[2].Value);

        Assert.Equal(claimed.Keys.Order(), listed.Keys.Order());
        foreach (var (number, test) in listed) Assert.Contains(test, claimed[number]);
    }

    private static Dictionary<int, List<string>> ClaimedByTests()
    {
        var claimed = new Dictionary<int, List<string>>();
        foreach (var file in Directory.EnumerateFiles(Repository.Path("tests"), "*Tests.cs", SearchOption.AllDirectories))
        {
            foreach (Match claim in Claim().Matches(File.ReadAllText(file)))
            {
                var number = int.Parse(claim.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
                if (!claimed.TryGetValue(number, out var tests)) claimed[number] = tests = [];
                tests.Add(Path.GetFileNameWithoutExtension(file));
            }
        }
        return claimed;
    }

    [GeneratedRegex(@"\[Trait\(""Scenario"", ""(\d+)""\)\]")]
    private static partial Regex Claim();

    [GeneratedRegex(@"^\| (\d+) \|.*\| `([A-Za-z]+)` \|$")]
    private static partial Regex Row();
}
