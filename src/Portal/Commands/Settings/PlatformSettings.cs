using System.Collections;
using System.Globalization;
using Seamless.Fleet.Limits;

namespace Seamless.Portal.Commands.Settings;

/// <summary>The configuration in force: defaults, then <c>seamless.yaml</c>, then <c>SEAMLESS__…</c>, then what the command line says.</summary>
public sealed class PlatformSettings
{
    public const string FileName = "seamless.yaml";
    private readonly Dictionary<string, string> _values;

    private PlatformSettings(Dictionary<string, string> values) => _values = values;

    public string this[string key] => _values.GetValueOrDefault(key, SettingsSchema.Get(key).Default);
    public string? Optional(string key) => this[key] is { Length: > 0 } value ? value : null;
    public bool Flag(string key) => bool.Parse(this[key]);
    public TimeSpan Duration(string key) => Api.Span.Parse(this[key], null).Length;
    public int Number(string key) => int.Parse(this[key], CultureInfo.InvariantCulture);
    public IReadOnlyDictionary<string, TimeSpan> Lengths(string key) => NamedLengths.Parse(this[key]);

    public Cap? CapOf(string key) => Optional(key) is { } text && Cap.TryParse(text, out var cap) ? cap : null;

    /// <param name="file">Null for <c>seamless.yaml</c> in the working directory, if there is one.</param>
    /// <param name="given">What the command line says; null values are ignored.</param>
    /// <returns>Null when there are problems.</returns>
    public static PlatformSettings? Load(string? file, IDictionary environment, IReadOnlyDictionary<string, string?> given, ICollection<SettingProblem> problems)
    {
        var values = new Dictionary<string, string>();
        var path = file ?? FileName;
        if (File.Exists(path)) SettingsFile.Read(path, File.ReadAllText(path), values, problems);
        else if (file is not null) problems.Add(new SettingProblem(file, "there is no such file"));
        ReadEnvironment(environment, values, problems);
        foreach (var (key, value) in given)
        {
            if (value is not null) values[key] = value;
        }
        return problems.Count == 0 ? new PlatformSettings(values) : null;
    }

    private static void ReadEnvironment(IDictionary environment, Dictionary<string, string> values, ICollection<SettingProblem> problems)
    {
        foreach (DictionaryEntry entry in environment)
        {
            var name = (string)entry.Key;
            if (!name.StartsWith(Setting.EnvironmentPrefix, StringComparison.OrdinalIgnoreCase)) continue;
            var setting = SettingsSchema.All.FirstOrDefault(s => s.Environment.Equals(name, StringComparison.OrdinalIgnoreCase));
            var value = (string?)entry.Value ?? "";
            if (setting is null)
                problems.Add(new SettingProblem(name, $"no such setting; did you mean {NearestName.To(name, SettingsSchema.All.Select(s => s.Environment))}?"));
            else if (setting.Refuse(value) is { } reason) problems.Add(new SettingProblem(name, reason));
            else values[setting.Key] = value;
        }
    }
}
