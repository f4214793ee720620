using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Seamless.Portal.Commands.Settings;

/// <summary>What is wrong with the configuration, where, and what would be right.</summary>
public sealed record SettingProblem(string Where, string What)
{
    public override string ToString() => $"{Where}: {What}";
}

/// <summary>Reads <c>seamless.yaml</c> strictly: an unknown key is an error, with its place and the nearest right one.</summary>
public static class SettingsFile
{
    public static void Read(string path, string text, IDictionary<string, string> values, ICollection<SettingProblem> problems)
    {
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new StringReader(text));
        }
        catch (YamlException error)
        {
            problems.Add(new SettingProblem(Place(path, error.Start), error.InnerException?.Message ?? error.Message));
            return;
        }
        if (yaml.Documents.Count == 0) return;
        if (yaml.Documents[0].RootNode is YamlMappingNode root) ReadMapping(path, root, "", values, problems);
        else problems.Add(new SettingProblem(Place(path, yaml.Documents[0].RootNode.Start), "keys and values are expected, such as 'http:' with 'url: …' under it"));
    }

    private static void ReadMapping(string path, YamlMappingNode mapping, string prefix, IDictionary<string, string> values, ICollection<SettingProblem> problems)
    {
        foreach (var (name, value) in mapping.Children)
        {
            var key = prefix + ((YamlScalarNode)name).Value;
            var isSection = SettingsSchema.All.Any(setting => setting.Key.StartsWith(key + ".", StringComparison.Ordinal));
            if (value is YamlMappingNode section && isSection) ReadMapping(path, section, key + ".", values, problems);
            else if (SettingsSchema.All.FirstOrDefault(s => s.Key == key) is { } setting) ReadValue(path, setting, value, values, problems);
            else if (isSection) problems.Add(new SettingProblem(Place(path, value.Start), $"'{key}' is a section: keys belong under it"));
            else problems.Add(new SettingProblem(Place(path, name.Start), $"'{key}' is not a key; did you mean '{NearestName.To(key, SettingsSchema.All.Select(s => s.Key))}'?"));
        }
    }

    private static void ReadValue(string path, Setting setting, YamlNode node, IDictionary<string, string> values, ICollection<SettingProblem> problems)
    {
        if (node is YamlMappingNode mapping && setting.Kind is SettingKind.Lengths) ReadLengths(path, setting, mapping, values, problems);
        else if (node is not YamlScalarNode { Value: { } text }) problems.Add(new SettingProblem(Place(path, node.Start), $"'{setting.Key}' takes a single value"));
        else if (setting.Refuse(text) is { } reason) problems.Add(new SettingProblem(Place(path, node.Start), $"'{setting.Key}': {reason}"));
        else values[setting.Key] = text;
    }

    /// <summary>A name a line, so that each has its place.</summary>
    private static void ReadLengths(string path, Setting setting, YamlMappingNode mapping, IDictionary<string, string> values, ICollection<SettingProblem> problems)
    {
        var lengths = new List<(string Name, string Length)>();
        foreach (var (name, node) in mapping.Children)
        {
            var (key, length) = ((name as YamlScalarNode)?.Value ?? "", (node as YamlScalarNode)?.Value ?? "");
            if (key.Length == 0 || key.Contains(',', StringComparison.Ordinal)) problems.Add(new SettingProblem(Place(path, name.Start), $"'{setting.Key}': '{key}' is not a name; one with a comma is written up to it, with a star"));
            else if (setting.RefuseLength(length) is { } reason) problems.Add(new SettingProblem(Place(path, node.Start), $"'{setting.Key}.{key}': {reason}"));
            else lengths.Add((key, length));
        }
        values[setting.Key] = NamedLengths.Join(lengths);
    }

    private static string Place(string path, Mark mark) => $"{path}({mark.Line},{mark.Column})";
}
