namespace Seamless.Machines.Scenarios;

/// <summary>The fleet that <c>demo</c> shows: the built-in scenario's sites with as many machines as asked for.</summary>
public static class DemoScenario
{
    private const int Types = 3;

    /// <param name="devices">At least 1; a third each of pumps, servers and televisions.</param>
    public static Scenario Of(int devices)
    {
        var loaded = ScenarioFile.Load("demo");
        var demo = loaded.Value ?? throw new InvalidOperationException(loaded.Refusal?.Reason);
        string[] types = ["pump", "server", "tv"];
        var machines = Enumerable.Range(0, devices).Select(i =>
        {
            var type = types[i % Types];
            var sites = demo.Machines.Where(machine => machine.Type == type).Select(machine => machine.Site).Distinct().ToList();
            return new ScenarioMachine($"{type}-{i / Types + 1:D2}", type, sites[i / Types % sites.Count], type == "tv" ? "standard" : "gold");
        });
        return demo with { Machines = [.. machines] };
    }
}
