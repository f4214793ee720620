using ArchUnitNET.Domain;
using ArchUnitNET.Fluent;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnitV3;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace Seamless.Architecture.Tests;

/// <summary>What the project files cannot say: who may use what within and across rooms.</summary>
public sealed class TypeDependenciesTests
{
    private static readonly ArchUnitNET.Domain.Architecture House = new ArchLoader().LoadAssemblies(
        [.. new[] { "Seamless.Telemetry", "Seamless.Storage", "Seamless.Fleet", "Seamless.Ingest", "Seamless.Analytics", "Seamless.Learning", "Seamless.Rules", "Seamless.ServiceDesk", "seamless" }
            .Select(System.Reflection.Assembly.Load)]).Build();

    private static string In(string nameSpace) => $@"^{nameSpace.Replace(".", @"\.", StringComparison.Ordinal)}(\.|$)";

    [Theory]
    [InlineData("Seamless.Portal.Pages", "Seamless.Ingest")]
    [InlineData("Seamless.Portal.Api", "Seamless.Ingest")]
    [InlineData("Seamless.Portal.Pages", "Seamless.Portal.Commands")]
    [InlineData("Seamless.Portal.Api", "Seamless.Portal.Commands")]
    [InlineData("Seamless.ServiceDesk", "Seamless.Rules.Engine")]
    [InlineData("Seamless.ServiceDesk", "Seamless.Learning")]
    [InlineData("Seamless.Analytics", "System.Reflection.Emit")]
    public void A_room_does_not_reach_into(string who, string whom)
    {
        // ArchUnit passes on an empty match: the offender must exist before its innocence means anything.
        Assert.Contains(House.Types, type => type.FullName.StartsWith(who, StringComparison.Ordinal));

        Types().That().ResideInNamespaceMatching(In(who))
            .Should().NotDependOnAny(Types().That().ResideInNamespaceMatching(In(whom)))
            .WithoutRequiringPositiveResults()
            .Check(House);
    }

    [Fact]
    public void Interfaces_begin_with_I()
    {
        Interfaces().That().ResideInNamespaceMatching(@"^Seamless\.").Should().HaveNameMatching("^I[A-Z]").Check(House);
    }
}
