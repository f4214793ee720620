using System.Xml.Linq;

namespace Seamless.Architecture.Tests;

/// <summary>The map of the house: who may know whom. The project files are the truth that the compiler enforces; this test keeps them on the map.</summary>
public sealed class ProjectReferencesTests
{
    private static readonly Dictionary<string, string[]> Knows = new()
    {
        ["Telemetry"] = [],
        ["DeviceAgent"] = ["Telemetry", "Analytics"],
        ["Storage"] = ["Telemetry"],
        ["Fleet"] = ["Telemetry", "Storage"],
        ["Ingest"] = ["Telemetry", "Storage", "Fleet"],
        ["Analytics"] = ["Telemetry"],
        ["Learning"] = ["Telemetry", "Analytics"],
        ["Rules"] = ["Telemetry", "Storage", "Fleet", "Analytics", "Learning"],
        ["ServiceDesk"] = ["Telemetry", "Storage", "Fleet", "Rules"],
        ["Portal"] = ["Telemetry", "Storage", "Fleet", "Ingest", "Analytics", "Learning", "Rules", "ServiceDesk", "Machines"],
        ["Machines"] = ["Telemetry", "DeviceAgent"],
        ["Replay"] = ["Telemetry"],
    };

    public static TheoryData<string> Projects() => [.. Knows.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_room_references_only_the_rooms_it_may_know(string project)
    {
        var references = XDocument.Load(Repository.ProjectFile(project))
            .Descendants("ProjectReference")
            .Select(e => Path.GetFileNameWithoutExtension(e.Attribute("Include")!.Value.Replace('\\', '/')))
            .ToArray();

        Assert.Empty(references.Except(Knows[project]));
    }

    [Fact]
    public void Every_project_under_src_and_simulators_is_on_the_map()
    {
        var found = Repository.ProjectFiles().Select(Path.GetFileNameWithoutExtension).Order();

        Assert.Equal(Knows.Keys.Order(), found);
    }

    [Fact]
    public void No_room_is_named_after_nothing()
    {
        string[] banned = ["Common", "Core", "Shared", "Utils", "Abstractions", "Helpers", "Interfaces", "Extensions"];

        var folders = Directory.EnumerateDirectories(Repository.Path("src"), "*", SearchOption.AllDirectories)
            .Where(d => !d.Contains("/bin", StringComparison.Ordinal) && !d.Contains("/obj", StringComparison.Ordinal) && !d.Contains("node_modules", StringComparison.Ordinal))
            .Select(d => new DirectoryInfo(d).Name);

        Assert.Empty(folders.Intersect(banned));
    }
}
