using Seamless.Rules.Backtests;
using Seamless.Rules.Packs.Files;

namespace Seamless.Rules.Packs;

/// <summary>The packs of a directory, one folder each. A broken pack stops the start, with everything that is wrong with it.</summary>
/// <remarks>Rule files put at run time lie under <c>{data}/rules/packs/{type}/</c> and stand in for the shipped file of the same name.</remarks>
public sealed class PackDirectory : IPacks
{
    private readonly string _directory;
    private readonly string? _overrideDirectory;
    private volatile IReadOnlyDictionary<string, PackFiles> _packs;

    /// <param name="directory">Holds a folder for each pack.</param>
    /// <param name="overrideDirectory">Where rule files put at run time lie; null when there are none.</param>
    /// <exception cref="BrokenPackException">A pack cannot be used.</exception>
    public PackDirectory(string directory, string? overrideDirectory)
    {
        (_directory, _overrideDirectory) = (directory, overrideDirectory);
        _packs = Directory.EnumerateDirectories(directory)
            .Where(folder => File.Exists(Path.Combine(folder, "pack.yaml")))
            .Order(StringComparer.Ordinal)
            .Select(ReadOrThrow)
            .ToDictionary(files => files.Pack.Type);
        All = [.. _packs.Values.Select(files => files.Pack)];
    }

    public IReadOnlyList<EquipmentPack> All { get; private set; }

    /// <summary>The packs with the folders they were read from.</summary>
    internal IEnumerable<PackFiles> Folders => _packs.Values;

    public EquipmentPack? Find(string type) => _packs.GetValueOrDefault(type)?.Pack;

    /// <summary>A pack's rules were replaced; the argument is its type.</summary>
    public event Action<string>? Changed;

    public IReadOnlyList<RuleFile> RuleFiles => [.. _packs.Values.SelectMany(files => files.RuleFiles)];

    /// <summary>The text of a rule file as it came with the pack; null when it did not.</summary>
    public string? ShippedText(string type, string name)
    {
        var path = _packs.TryGetValue(type, out var files) ? Path.Combine(files.Directory, "rules", name + ".yaml") : "";
        return File.Exists(path) ? File.ReadAllText(path) : null;
    }

    /// <summary>What the pack would be with one rule file replaced, and what would be wrong with it. Null when there is no such pack.</summary>
    /// <param name="yaml">Null: as the pack came, without a file of that name put at run time.</param>
    public PackFiles? Try(string type, string name, string? yaml, out IReadOnlyList<PackProblem> problems)
    {
        problems = [];
        if (!_packs.TryGetValue(type, out var files)) return null;
        var overrides = Overrides(type);
        if (yaml is null) overrides.Remove(name);
        else overrides[name] = yaml;
        return PackReader.Read(files.Directory, overrides, out problems);
    }

    /// <summary>Keeps the file and uses it from now on.</summary>
    /// <param name="yaml">Null goes back to the file that came with the pack, or to none.</param>
    public void Put(string type, string name, string? yaml)
    {
        if (_overrideDirectory is null) throw new InvalidOperationException("these packs cannot be changed: no place to keep the change was given");
        var folder = Path.Combine(_overrideDirectory, type);
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, name + ".yaml");
        if (yaml is null)
        {
            File.Delete(path);
        }
        else
        {
            File.WriteAllText(path + ".new", yaml);
            File.Move(path + ".new", path, overwrite: true);
        }
        var renewed = ReadOrThrow(_packs[type].Directory);
        _packs = _packs.ToDictionary(p => p.Key, p => p.Key == type ? renewed : p.Value);
        All = [.. _packs.Values.Select(files => files.Pack)];
        Changed?.Invoke(type);
    }

    private PackFiles ReadOrThrow(string folder)
    {
        var files = PackReader.Read(folder, Overrides(Path.GetFileName(folder)), out var problems);
        return problems.Count == 0 ? files : throw new BrokenPackException(folder, problems);
    }

    private Dictionary<string, string> Overrides(string type)
    {
        var folder = _overrideDirectory is null ? null : Path.Combine(_overrideDirectory, type);
        return folder is null || !Directory.Exists(folder)
            ? []
            : Directory.EnumerateFiles(folder, "*.yaml").ToDictionary(file => Path.GetFileNameWithoutExtension(file), File.ReadAllText);
    }
}
