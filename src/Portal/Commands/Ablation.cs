using YamlDotNet.RepresentationModel;

namespace Seamless.Portal.Commands;

/// <summary>The equipment packs without some kinds of rules, to see what those are worth, or without some faults, to see whether they are called unknown.</summary>
internal static class Ablation
{
    public static IReadOnlyList<string> Kinds { get; } = ["detectors", "models", "peers"];

    /// <summary>Copies the packs to <paramref name="target"/>, without the rules of these kinds and the faults of these codes.</summary>
    public static void Copy(string packs, string target, IReadOnlyCollection<string> without, IReadOnlyCollection<string> faults)
    {
        foreach (var file in Directory.EnumerateFiles(packs, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(packs, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        foreach (var pack in Directory.EnumerateDirectories(target))
        {
            var unseen = LeaveOutRules(Path.Combine(pack, "rules"), without);
            if (faults.Count + unseen.Count > 0 && Path.Combine(pack, "faults.yaml") is var model && File.Exists(model)) LeaveOutFaults(model, faults, unseen);
        }
    }

    /// <returns>The symptoms that no rule shows any more.</returns>
    private static HashSet<string> LeaveOutRules(string folder, IReadOnlyCollection<string> without)
    {
        var (gone, left) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        if (without.Count == 0 || !Directory.Exists(folder)) return gone;
        foreach (var file in Directory.EnumerateFiles(folder, "*.yaml"))
        {
            var document = Load(file);
            if (document.Documents is not [{ RootNode: YamlMappingNode root }] || !root.Children.TryGetValue("rules", out var node) || node is not YamlSequenceNode rules) continue;
            var kept = rules.Children.Where(rule => !without.Any(kind => IsOf(kind, (YamlMappingNode)rule))).ToArray();
            gone.UnionWith(rules.Children.Except(kept).Select(rule => Text((YamlMappingNode)rule, "symptom")).OfType<string>());
            left.UnionWith(kept.Select(rule => Text((YamlMappingNode)rule, "symptom")).OfType<string>());
            if (kept.Length == rules.Children.Count) continue;
            rules.Children.Clear();
            foreach (var rule in kept) rules.Add(rule);
            if (kept.Length == 0) File.Delete(file);
            else Save(document, file);
        }
        gone.ExceptWith(left);
        return gone;
    }

    private static void LeaveOutFaults(string file, IReadOnlyCollection<string> codes, HashSet<string> symptoms)
    {
        var document = Load(file);
        if (document.Documents is not [{ RootNode: YamlMappingNode root }] || root.Children["faults"] is not YamlSequenceNode faults) return;
        foreach (var fault in faults.Children.Cast<YamlMappingNode>().Where(fault => codes.Contains(Text(fault, "code") ?? "")).ToArray()) faults.Children.Remove(fault);
        foreach (var known in faults.Children.Cast<YamlMappingNode>().Append(root))
            if (known.Children.TryGetValue("symptoms", out var node) && node is YamlMappingNode shown)
                foreach (var symptom in symptoms) shown.Children.Remove(symptom);
        foreach (var mute in faults.Children.Cast<YamlMappingNode>().Where(fault => fault.Children["symptoms"] is YamlMappingNode { Children.Count: 0 }).ToArray()) faults.Children.Remove(mute);
        Save(document, file);
    }

    private static YamlStream Load(string file)
    {
        var document = new YamlStream();
        using var reader = File.OpenText(file);
        document.Load(reader);
        return document;
    }

    private static void Save(YamlStream document, string file)
    {
        using var writer = File.CreateText(file);
        document.Save(writer, assignAnchors: false);
    }

    private static bool IsOf(string kind, YamlMappingNode rule) => kind switch
    {
        "detectors" => Text(rule, "condition") == "detector",
        "models" => Text(rule, "condition") == "model",
        _ => rule.Children.Values.OfType<YamlScalarNode>().Any(value => value.Value?.Contains("peer", StringComparison.Ordinal) == true && value.Value.Contains('(')),
    };

    private static string? Text(YamlMappingNode node, string key) => node.Children.TryGetValue(key, out var value) && value is YamlScalarNode { Value: var text } ? text : null;
}
