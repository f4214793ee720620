using Seamless.Machines.Faults;
using Seamless.Rules.Diagnosis;
using Seamless.Rules.Packs;
using Seamless.Rules.Packs.Files;
using Seamless.Rules.Packs.Testing;
using FaultClass = Seamless.Rules.Diagnosis.FaultClass;

namespace Seamless.EndToEnd.Tests.Scenarios;

/// <summary>The fault model is data that runs: it covers what the simulated machines can suffer, and finds each of its own faults in a described case.</summary>
public sealed class FaultModelTests
{
    /// <summary>Faults that are injected without being in a pack, as <c>type code</c>. A new one belongs here only with its reason.</summary>
    private static readonly string[] NotInThePack = [];

    /// <summary>Faults of a pack without a described case, as <c>type code</c>.</summary>
    private static readonly string[] WithoutCase = [];

    public static TheoryData<string> Types => [.. FaultKinds.All.SelectMany(kind => kind.Types).Distinct()];

    [Theory]
    [MemberData(nameof(Types))]
    [Trait("Scenario", "75")]
    public void Every_fault_that_a_machine_can_suffer_is_in_the_fault_model_of_its_type(string type)
    {
        var model = Pack(type).Faults;
        var suffered = FaultKinds.All.Where(kind => kind.Types.Contains(type)).ToList();

        Assert.Equal(Of(NotInThePack, type), suffered.Where(kind => model.Fault(kind.Code) is null).Select(kind => $"{type} {kind.Code}"));
        foreach (var kind in suffered)
        {
            if (model.Fault(kind.Code) is not { } fault) continue;
            Assert.Equal((kind.Code, Enum.Parse<FaultClass>($"{kind.Class}"), kind.SiteWide), (fault.Code, fault.Class, fault.SiteWide));
            Assert.NotEmpty(fault.Symptoms);
            Assert.True(kind.Part is null || fault.Remedies.Any(remedy => remedy.Parts.Any(part => part.Sku == kind.Part)), $"{type} {kind.Code}: no remedy brings {kind.Part}");
            Assert.True(kind.Fix is null || fault.Remedies.Any(remedy => CommandOf(type, remedy) == kind.Fix), $"{type} {kind.Code}: no remedy sends {kind.Fix}");
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    [Trait("Scenario", "75")]
    public void Every_fault_of_the_model_has_a_described_case_in_which_it_is_the_most_probable_cause(string type)
    {
        var results = PackTests.Run(Folder(type));

        var failed = results.Where(result => !result.Passed).Select(result => $"{result.File}:{result.Line} {result.Name}: {string.Join(" | ", result.Failures)}");
        Assert.Empty(failed);
        var found = results.SelectMany(result => result.Causes).ToHashSet();
        Assert.Equal(Of(WithoutCase, type), Pack(type).Faults.Faults.Where(fault => !found.Contains(fault.Code)).Select(fault => $"{type} {fault.Code}"));
    }

    private static string? CommandOf(string type, Remedy remedy) => Pack(type).Playbooks.FirstOrDefault(playbook => playbook.Name == remedy.Playbook)?.Command;

    private static IEnumerable<string> Of(string[] exceptions, string type) => exceptions.Where(name => name.StartsWith(type + " ", StringComparison.Ordinal));

    private static EquipmentPack Pack(string type)
    {
        var files = PackReader.Read(Folder(type), new Dictionary<string, string>(), out var problems);
        Assert.Empty(problems);
        return files.Pack;
    }

    private static string Folder(string type) => Path.Combine(AppContext.BaseDirectory, "packs", type);
}
