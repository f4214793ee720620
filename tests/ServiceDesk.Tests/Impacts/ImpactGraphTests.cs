using CsCheck;
using Seamless.ServiceDesk.Impacts;

namespace Seamless.ServiceDesk.Tests.Impacts;

public sealed class ImpactGraphTests
{
    private const int Most = 12;

    /// <summary>Up to twelve services over three devices, any depending on any, themselves included.</summary>
    private static readonly Gen<BusinessService[]> Graphs = Gen.Int[1, Most].SelectMany(count => Gen.Select(Gen.Int[0, 7], Gen.Int[0, (1 << count) - 1], Gen.Int[0, (1 << count) - 1])
        .Select((devices, some, others) => (Devices: devices, Services: some & others)).Array[count]
        .Select(nodes => nodes.Select((n, i) => new BusinessService($"s{i:00}", $"Service {i}", "acme", Names("d", "0", n.Devices), Names("s", "00", n.Services))).ToArray()));

    [Fact]
    [Trait("Scenario", "5")]
    public void The_impact_of_a_device_is_the_transitive_closure_of_the_graph() => Graphs.Sample(services =>
    {
        var graph = new ImpactGraph(services);
        return ((string[])["d0", "d1", "d2"]).All(device => graph.Of(device).Select(a => a.Service).Order(StringComparer.Ordinal).SequenceEqual(Closure(services, device)));
    });

    [Fact]
    public void Each_path_leads_along_dependencies_from_the_device_to_the_service_and_none_is_longer_than_the_one_after_it() => Graphs.Sample(services =>
    {
        var affected = new ImpactGraph(services).Of("d1");
        var byId = services.ToDictionary(s => s.Id, StringComparer.Ordinal);
        return affected.All(a => a.Path[0] == "d1" && a.Path[^1] == a.Service && a.Direct == (a.Path.Count == 2) && byId[a.Path[1]].Devices!.Contains("d1")
                && a.Path.Skip(1).Zip(a.Path.Skip(2)).All(step => byId[step.Second].Services!.Contains(step.First)))
            && affected.Zip(affected.Skip(1)).All(two => two.First.Path.Count <= two.Second.Path.Count);
    });

    [Fact]
    public void The_order_in_which_services_are_written_down_changes_nothing() => Graphs.Sample(services =>
        new ImpactGraph(services).Of("d0").Select(a => string.Join('>', a.Path)).SequenceEqual(new ImpactGraph([.. services.Reverse()]).Of("d0").Select(a => string.Join('>', a.Path))));

    [Theory]
    [InlineData("a", "a", "", "two services are called 'a'")]
    [InlineData("a", "b", "c", "depends on the service 'c', which is not in the list")]
    [InlineData("a", " ", "", "every service has an 'id'")]
    [InlineData("a", "b", "a", null)]
    public void What_cannot_be_meant_is_refused_in_words(string first, string second, string on, string? words)
    {
        var fault = new BusinessServices([new(first, "First", "acme", [], [second]), new(second, "Second", "acme", Services: on.Length == 0 ? null : [on])]).Fault();
        if (words is null) Assert.Null(fault);
        else Assert.Contains(words, fault, StringComparison.Ordinal);
    }

    /// <summary>Another way to the same: Warshall over the matrix of services, then the devices on top.</summary>
    private static IEnumerable<string> Closure(BusinessService[] services, string device)
    {
        var reaches = services.Select(from => services.Select(to => from == to || to.Services!.Contains(from.Id)).ToArray()).ToArray();
        for (var k = 0; k < services.Length; k++)
            for (var i = 0; i < services.Length; i++)
                for (var j = 0; j < services.Length; j++) reaches[i][j] |= reaches[i][k] && reaches[k][j];
        return services.Where((_, j) => services.Where((from, i) => from.Devices!.Contains(device) && reaches[i][j]).Any()).Select(s => s.Id).Order(StringComparer.Ordinal);
    }

    private static string[] Names(string prefix, string digits, int bits) => [.. Enumerable.Range(0, Most).Where(i => (bits >> i & 1) == 1).Select(i => prefix + i.ToString(digits, System.Globalization.CultureInfo.InvariantCulture))];
}
