using Seamless.Rules.Packs;

namespace Seamless.Rules.Alarms.Grouping;

/// <summary>A site: what stands there has power, cooling and network in common. Everything that is known of its alarms together.</summary>
internal sealed class Neighbourhood(string tenant, string site, StormGuard storms)
{
    public const string StormName = "storm";
    private const string Prefix = "site:";

    public string Tenant => tenant;
    public string Site => site;

    /// <summary>Groups that are active, may be re-opened, or still have children.</summary>
    public Dictionary<string, AlarmGroup> Groups { get; } = new(StringComparer.Ordinal);

    /// <summary>Child alarm → what explains it.</summary>
    public Dictionary<string, AlarmGroup> Explained { get; } = new(StringComparer.Ordinal);

    public OpenAlarms Open { get; } = new();

    public StormGuard Storms => storms;

    /// <summary>Event time of the finding at hand.</summary>
    public long NowMs { get; set; }

    public string FaultKey(string what) => $"{Prefix}{site}:{what}";

    public Explainer Of(string cause) => new(tenant, Prefix + site, cause);

    public LocalizedText Message(LocalizedText what) => new($"{what.En} at site {site}", $"站点 {site}：{what.ZhCn}");

    public AlarmGroup? Find(string what)
    {
        var key = FaultKey(what);
        foreach (var group in Groups.Values)
            if (group.Track?.Alarm.FaultKey == key) return group;
        return null;
    }

    public static GroupKind KindOf(string faultKey) => faultKey switch
    {
        _ when !faultKey.StartsWith(Prefix, StringComparison.Ordinal) => GroupKind.Ancestor,
        _ when faultKey.EndsWith($":{StormName}", StringComparison.Ordinal) => GroupKind.Storm,
        _ => GroupKind.Cause,
    };

    public AlarmGroup GroupOf(string alarm) => Groups.TryGetValue(alarm, out var group) ? group : Groups[alarm] = new AlarmGroup(alarm);

    public AlarmGroup Register(AlarmTrack track)
    {
        var group = GroupOf(track.Alarm.Id);
        if (group.Track != track) group.Track = track;
        return group;
    }

    /// <summary>Ends that an alarm is explained, as far as is known here.</summary>
    public void Leave(string alarm)
    {
        if (Explained.Remove(alarm, out var group)) group.Drop(alarm);
    }

    public void Clear()
    {
        Groups.Clear();
        Explained.Clear();
        Open.Clear();
        storms.Clear();
        NowMs = 0;
    }
}
