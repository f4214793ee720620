namespace Seamless.ServiceDesk.Parts.Planning;

/// <summary>The share of demand that a depot is to meet at once, by VED criticality and ABC cost class: the more a missing part stops and the less it costs, the higher.</summary>
public sealed record FillTargets
{
    /// <summary>By <c>VA</c>, <c>VB</c> … <c>DC</c>.</summary>
    public Dictionary<string, double> ByClass { get; init; } = new(StringComparer.OrdinalIgnoreCase)
    {
        ["VA"] = 0.98, ["VB"] = 0.99, ["VC"] = 0.995,
        ["EA"] = 0.93, ["EB"] = 0.95, ["EC"] = 0.98,
        ["DA"] = 0.85, ["DB"] = 0.90, ["DC"] = 0.95,
    };

    /// <summary>Of a class that is not listed.</summary>
    public double Other { get; init; } = 0.95;

    public double For(char criticality, char cost) => ByClass.TryGetValue($"{criticality}{cost}", out var target) ? target : Other;
}
