using System.Text.Json;

namespace Seamless.Learning.Models;

/// <summary>Which version of a name was put in force: <c>active.json</c> maps the name to the id, <c>history.json</c> says who did it, when and why; <c>challengers.json</c> maps it to the version that is tried beside.</summary>
/// <remarks>A name in neither has its first-trained version active; a name that maps to nothing has none.</remarks>
internal sealed class ModelLedger(string directory)
{
    private string ActiveFile => Path.Combine(directory, "active.json");
    private string ChallengersFile => Path.Combine(directory, "challengers.json");
    private string HistoryFile => Path.Combine(directory, "history.json");

    public Dictionary<string, string> Active() => Read<Dictionary<string, string>>(ActiveFile) ?? [];

    public Dictionary<string, string> Challengers() => Read<Dictionary<string, string>>(ChallengersFile) ?? [];

    public List<ModelChange> History() => Read<List<ModelChange>>(HistoryFile) ?? [];

    /// <summary>Ids whose last change took them out of use.</summary>
    public static HashSet<string> RetiredOf(IEnumerable<ModelChange> history) =>
        [.. history.GroupBy(change => change.Id).Where(changes => changes.Last().What is "retired").Select(changes => changes.Key)];

    /// <param name="active">The version in force from now on; empty for none.</param>
    public void Write(ModelChange change, string active)
    {
        Write(HistoryFile, History().Append(change));
        Write(ActiveFile, new SortedDictionary<string, string>(Active(), StringComparer.Ordinal) { [change.Name] = active });
        if (Challengers().GetValueOrDefault(change.Name) == change.Id) Challenge(change.Name, null);   // in force or out of use, it is a challenger no more
    }

    /// <summary>Notes who is tried from now on.</summary>
    public void WriteChallenger(ModelChange change)
    {
        Write(HistoryFile, History().Append(change));
        Challenge(change.Name, change.Id);
    }

    private void Challenge(string name, string? id)
    {
        var challengers = new SortedDictionary<string, string>(Challengers(), StringComparer.Ordinal);
        if (id is null) challengers.Remove(name);
        else challengers[name] = id;
        Write(ChallengersFile, challengers);
    }

    private static T? Read<T>(string file) => File.Exists(file) ? JsonSerializer.Deserialize<T>(File.ReadAllText(file), JsonSerializerOptions.Web) : default;

    private static void Write<T>(string file, T value)
    {
        File.WriteAllText(file + ".new", JsonSerializer.Serialize(value, JsonSerializerOptions.Web));
        File.Move(file + ".new", file, overwrite: true);
    }
}
