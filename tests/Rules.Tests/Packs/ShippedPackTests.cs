using Seamless.Rules.Engine;
using Seamless.Rules.Packs;
using Seamless.Rules.Packs.Files;
using Seamless.Rules.Packs.Testing;

namespace Seamless.Rules.Tests.Packs;

/// <summary>Every pack in <c>packs/</c>: it reads, and its own tests pass.</summary>
public sealed class ShippedPackTests
{
    public static TheoryData<string> Packs => [.. Names];

    /// <summary>The packs of a known type of equipment; the generic one only listens for silence.</summary>
    public static TheoryData<string> EquipmentPacks => [.. Names.Where(name => name != Judgement.Generic)];

    private static IEnumerable<string> Names => Directory.EnumerateDirectories(Repository.Packs).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Packs))]
    public void Is_without_problems(string pack) => Assert.Empty(PackChecker.Check(Path.Combine(Repository.Packs, pack)));

    [Theory]
    [MemberData(nameof(Packs))]
    public void Passes_its_own_tests(string pack)
    {
        var failed = PackTests.Run(Path.Combine(Repository.Packs, pack)).Where(r => !r.Passed);
        Assert.Empty(failed.Select(r => $"{r.File}:{r.Line} {r.Name}: {string.Join(" | ", r.Failures)}"));
    }

    [Theory]
    [InlineData("pump")]
    [InlineData("server")]
    [InlineData("tv")]
    public void Has_parts_in_every_depot_tier_and_at_least_four_tests(string pack)
    {
        var directory = Path.Combine(Repository.Packs, pack);
        var parts = Pack(pack).Parts;
        Assert.All(parts, part => Assert.True(part.Starter is { National: > 0, Central: > 0, Regional: > 0 }));
        Assert.True(PackTests.Run(directory).Count >= 4);
    }

    [Theory]
    [MemberData(nameof(EquipmentPacks))]
    public void Proves_every_fault_by_a_test_that_expects_it_as_the_cause(string pack)
    {
        var proven = Tests(pack).SelectMany(test => test.Alarms).Select(alarm => alarm.Cause).ToHashSet();
        Assert.Equal([], Pack(pack).Faults.Faults.Select(fault => fault.Code).Except(proven));
    }

    [Theory]
    [MemberData(nameof(EquipmentPacks))]
    public void Proves_that_a_healthy_machine_raises_nothing_and_that_a_sensor_and_silence_are_told_apart_from_it(string pack)
    {
        var tests = Tests(pack);
        Assert.Contains(tests, test => test.Alarms.Count == 0 && test.Noise.Count > 0);
        Assert.Contains(tests, test => test.Alarms.Any(alarm => alarm.Rule?.StartsWith("sensor-", StringComparison.Ordinal) == true));
        Assert.Contains(tests, test => test.Silence > TimeSpan.Zero && test.Alarms.Count > 0);
    }

    [Theory]
    [MemberData(nameof(Packs))]
    public void Says_where_every_limit_comes_from(string pack) =>
        Assert.Equal([], Pack(pack).Rules.Where(rule => string.IsNullOrWhiteSpace(rule.Source)).Select(rule => rule.Id));

    [Theory]
    [MemberData(nameof(Packs))]
    public void Sends_no_parts_for_what_strikes_a_whole_site(string pack) =>
        Assert.Equal([], Pack(pack).Faults.Faults.Where(fault => fault.SiteWide && fault.Remedies.Any(remedy => remedy.Parts.Count > 0)).Select(fault => fault.Code));

    [Theory]
    [MemberData(nameof(Packs))]
    public void Speaks_both_languages(string pack) =>
        Assert.Equal([], Texts(Pack(pack)).Where(text => text.En.Length == 0 || HasHan(text.En) || !HasHan(text.ZhCn)).Select(text => $"{text.En} / {text.ZhCn}"));

    [Theory]
    [InlineData("motor")]
    [InlineData("pump")]
    [InlineData("server")]
    [InlineData("tv")]
    public void Draws_every_part_with_an_item_number(string pack)
    {
        var held = Pack(pack);
        Assert.Equal([], held.Parts.Where(part => held.Drawing?.Component(part.Sku)?.Item is null).Select(part => part.Sku));
        Assert.Equal(held.Drawing!.Components.Count, held.Drawing.Components.Select(c => c.Item).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Packs))]
    public void Stands_in_the_catalogue_with_what_it_holds(string pack)
    {
        var held = Pack(pack);
        var row = $"| `{pack}` | {held.Title.En} | {held.Metrics.Count} | {held.Rules.Count} | {held.Faults.Faults.Count} | {held.Parts.Count} | {held.Playbooks.Count} | {Tests(pack).Count} |";
        Assert.Contains(row, File.ReadAllText(Path.Combine(Repository.Root, "docs", "packs.md")), StringComparison.Ordinal);
    }

    private static EquipmentPack Pack(string name) => PackReader.Read(Path.Combine(Repository.Packs, name), new Dictionary<string, string>(), out _).Pack;

    private static IReadOnlyList<PackTest> Tests(string pack) => PackTestReader.Read(Path.Combine(Repository.Packs, pack), Pack(pack), []);

    private static IEnumerable<LocalizedText> Texts(EquipmentPack pack) =>
    [
        pack.Title,
        .. pack.Metrics.Select(metric => metric.Title),
        .. pack.Rules.SelectMany(rule => new[] { rule.Title, rule.Message }),
        .. pack.Faults.Symptoms.Select(symptom => symptom.Title),
        .. pack.Faults.Faults.SelectMany(fault => fault.Remedies.Select(remedy => remedy.Action).Prepend(fault.Title)),
        .. pack.Playbooks.Select(playbook => playbook.Title),
        .. pack.Parts.Select(part => part.Title),
        .. pack.Drawing is { } drawing ? drawing.Components.Select(component => component.Title).Prepend(drawing.Title) : [],
    ];

    private static bool HasHan(string text) => text.Any(c => c is >= '\u4E00' and <= '\u9FFF');
}
