using System.Xml.Linq;

namespace Seamless.Architecture.Tests;

public sealed class DependenciesPageTests
{
    [Fact]
    public void Every_pinned_package_has_its_reason_on_the_page()
    {
        var page = File.ReadAllText(Repository.Path("docs/dependencies.md"));

        var missing = XDocument.Load(Repository.Path("Directory.Packages.props"))
            .Descendants("PackageVersion")
            .Select(version => version.Attribute("Include")!.Value)
            .Where(package => !page.Contains(package, StringComparison.Ordinal));

        Assert.Empty(missing);
    }

    [Fact]
    public void No_project_names_a_version_of_its_own()
    {
        var offenders = Directory.EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
            .Where(file => XDocument.Load(file).Descendants("PackageReference").Any(reference => reference.Attribute("Version") is not null));

        Assert.Empty(offenders);
    }
}
