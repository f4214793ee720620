using Seamless.Rules.Packs.Testing;

namespace Seamless.Rules.Tests.Packs;

/// <summary>Every pack in <c>packs/</c>: it reads, and its own tests pass.</summary>
public sealed class ShippedPackTests
{
    public static TheoryData<string> Packs => [.. Directory.EnumerateDirectories(Repository.Packs).Select(d => Path.GetFileName(d))];

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
        var parts = Rules.Packs.Files.PackReader.Read(directory, new Dictionary<string, string>(), out _).Pack.Parts;
        Assert.All(parts, part => Assert.True(part.Starter is { National: > 0, Central: > 0, Regional: > 0 }));
        Assert.True(PackTests.Run(directory).Count >= 4);
    }
}
