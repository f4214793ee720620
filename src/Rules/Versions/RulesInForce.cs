using Seamless.Rules.Backtests;
using Seamless.Rules.Packs;
using Seamless.Telemetry;

namespace Seamless.Rules.Versions;

/// <summary>Puts texts of rule files in force, and says which are.</summary>
internal sealed class RulesInForce(PackDirectory packs)
{
    public const int MostCharacters = 1_000_000;

    public RuleFile? Find(string type, string name) => packs.RuleFiles.FirstOrDefault(file => file.Type == type && file.Name == name);

    /// <summary>The text that came with the pack; null when the file was made at run time.</summary>
    public string? Shipped(string type, string name) => packs.ShippedText(type, name);

    /// <summary>What keeps this text from being in force under that name, or null. A null text is the file's absence.</summary>
    public Refusal? Problem(string type, string name, string? yaml)
    {
        if (packs.Find(type) is null) return Refusal.NotFound($"there is no pack '{type}'");
        if (!DeviceKey.IsValidName(name) || name.StartsWith('.')) return Refusal.Invalid($"'{name}' cannot be the name of a rule file: letters, digits, '-' and '_' only");
        if (yaml?.Length > MostCharacters) return Refusal.Invalid($"a rule file has at most {MostCharacters} characters, this one {yaml.Length}");
        packs.Try(type, name, yaml, out var problems);
        return problems is [var first, ..] ? Refusal.Invalid(RuleBook.Told(first, problems.Count)) : null;
    }

    /// <summary>The whole pack's rules with this text in it.</summary>
    public string RulesVersionWith(string type, string name, string yaml) => packs.Try(type, name, yaml, out _)!.Pack.RulesVersion;

    public int RulesIn(string type, string name, string yaml) =>
        packs.Try(type, name, yaml, out _)?.RuleFiles.FirstOrDefault(f => f.Name == name)?.Rules.Count ?? 0;

    /// <summary>A text that came with the pack, and a file's absence, need no file of ours.</summary>
    public void Put(string type, string name, string? yaml)
    {
        var shipped = yaml is not null && Shipped(type, name) is { } own && RuleFile.VersionOf(own) == RuleFile.VersionOf(yaml);
        packs.Put(type, name, shipped ? null : yaml);
    }
}
