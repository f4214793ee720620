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
            if (Path.GetFileName(Path.GetDirectoryName(file)) == "rules" && Path.GetExtension(file) == ".yaml") LeaveOut(copy, "rules", rule => without.Any(kind => IsOf(kind, rule)));
            if (Path.GetFileName(file) == "faults.yaml") LeaveOut(copy, "faults", fault => faults.Contains(Text(fault, "code") ?? ""));
        }
    }

    private static void LeaveOut(string file, string list, Func<YamlMappingNode, bool> isLeftOut)
    {
        var document = new YamlStream();
        using (var reader = File.OpenText(file)) document.Load(reader);
        if (document.Documents is not [{ RootNode: YamlMappingNode root }] || !root.Children.TryGetValue(list, out var node) || node is not YamlSequenceNode items) return;
        var kept = items.Children.Where(item => item is not YamlMappingNode known || !isLeftOut(known)).ToArray();
        if (kept.Length == items.Children.Count) return;
        items.Children.Clear();
        foreach (var item in kept) items.Add(item);
        if (kept.Length == 0 && root.Children.Count == 1)
        {
            File.Delete(file);   // nothing is left of it
            return;
        }
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
